// Disks that get slow, and disks that lose everything.

import { z } from 'zod'
import { faultKind, type Heal, type Stage } from './fault.ts'
import { killProcesses } from './machine.ts'
import { target } from './target.ts'

const FACTOR_DEFAULT = 10
const FACTOR_MAX = 100_000

export const slowDisk = faultKind({
  kind: 'slow-disk',
  doc: 'Writing and flushing take longer by a factor.',
  schema: z.strictObject({
    target,
    factor: z.number().min(1).max(FACTOR_MAX).default(FACTOR_DEFAULT),
  }),
  inject(stage: Stage, params): Heal | null {
    const undo = stage
      .affected(params.target)
      .hosts.map((host) => host.disk.slow({ factor: params.factor }))
    if (undo.length === 0) return null
    return () => {
      for (const one of undo) one()
    }
  },
})

export const diskLoss = faultKind({
  kind: 'disk-loss',
  doc: 'A disk is lost with all it held; its processes end, and healing starts them empty.',
  schema: z.strictObject({ target }),
  inject(stage: Stage, params): Heal | null {
    const { hosts } = stage.affected(params.target)
    const heal = killProcesses(stage, stage.world.processesOn(hosts))
    for (const host of hosts) host.disk.lose()
    return heal
  },
})
