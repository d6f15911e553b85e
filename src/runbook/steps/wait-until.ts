// A gate: the runbook goes on when what it waits for is so, as an orchestrator's readiness checks
// have it. It looks on its own period, and what it sees is what is.

import { z } from 'zod'
import { duration } from '../../faults/quantity.ts'
import type { RunbookPort } from '../step.ts'
import { stepKind } from '../step.ts'
import { named, names } from '../words.ts'

const PERIOD_DEFAULT = 1_000_000
const TIMEOUT_DEFAULT = 600_000_000

const schema = z.strictObject({
  writable: z
    .strictObject({ cluster: named, topic: named })
    .optional()
    .meta({ description: 'Every partition has a leader that takes writes.' }),
  copied: named
    .optional()
    .meta({ description: 'A link that has carried all there is; stop its writers first.' }),
  empty: z
    .strictObject({ cluster: named, group: named })
    .optional()
    .meta({ description: 'A group without members.' }),
  served: names
    .optional()
    .meta({ description: 'Clients that were acknowledged, or handed records, since their start.' }),
  every: duration.default(PERIOD_DEFAULT),
  timeout: duration.default(TIMEOUT_DEFAULT),
  orElse: z.enum(['stop', 'go-on']).default('stop').meta({ description: 'When the time is over.' }),
})

export const waitUntil = stepKind({
  kind: 'wait-until',
  doc: 'A gate: the runbook goes on when all of this is so.',
  schema,
  perform(port, params, done): void {
    let waited = 0
    const look = (): void => {
      if (isSo(port, params)) {
        done('done')
        return
      }
      if (waited >= params.timeout) {
        done(params.orElse === 'stop' ? 'stopped' : 'failed', 'not so in time')
        return
      }
      waited += params.every
      port.later(params.every, look)
    }
    look()
  },
})

function isSo(port: RunbookPort, params: z.output<typeof schema>): boolean {
  const { writable, copied, empty, served } = params
  if (writable !== undefined && !port.isWritable(writable.cluster, writable.topic)) return false
  if (copied !== undefined && !port.isCopied(copied)) return false
  if (empty !== undefined && !port.isEmpty(empty.cluster, empty.group)) return false
  return served?.every((client) => port.isServed(client)) ?? true
}
