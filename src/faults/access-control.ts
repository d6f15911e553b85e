// What an operator orders of access control lists: kafka-acls.

import { z } from 'zod'
import { acls } from './acl-rules.ts'
import { faultKind, type Heal, type Stage } from './fault.ts'

const NAME_MAX = 249

const order = z.strictObject({
  cluster: z
    .string()
    .min(1)
    .max(NAME_MAX)
    .optional()
    .meta({ description: 'Absent: every cluster.' }),
  acls,
})

export const createAcls = faultKind({
  kind: 'create-acls',
  doc: 'kafka-acls --add: somebody is given a right, or is denied one.',
  schema: order,
  inject(stage: Stage, { cluster, acls }): Heal | null {
    stage.operator.alterAcls('CreateAcls', cluster ?? null, acls)
    return null
  },
})

export const deleteAcls = faultKind({
  kind: 'delete-acls',
  doc: 'kafka-acls --remove: entries go that are exactly as written.',
  schema: order,
  inject(stage: Stage, { cluster, acls }): Heal | null {
    stage.operator.alterAcls('DeleteAcls', cluster ?? null, acls)
    return null
  },
})
