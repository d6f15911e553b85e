// Replicators with processes of their own, stopped and started. Cluster links have commands.

import { z } from 'zod'
import { stepKind } from '../step.ts'
import { named } from '../words.ts'

const schema = z.strictObject({ link: named })

export const stopLink = stepKind({
  kind: 'stop-link',
  doc: 'The workers of a replicator end in order.',
  schema,
  perform(port, { link }, done): void {
    port.stopLink(link)
    done('done')
  },
})

export const startLink = stepKind({
  kind: 'start-link',
  doc: 'The workers of a replicator start: one that was stopped, or one on standby.',
  schema,
  perform(port, { link }, done): void {
    port.startLink(link)
    done('done')
  },
})
