// A group goes on by time instead of by offset: kafka-consumer-groups --reset-offsets. Kafka takes
// it of a group without members only.

import { z } from 'zod'
import { duration } from '../../faults/quantity.ts'
import type { OffsetGoal } from '../step.ts'
import { stepKind } from '../step.ts'
import { named, names } from '../words.ts'

export const resetOffsets = stepKind({
  kind: 'reset-offsets',
  doc: 'kafka-consumer-groups --reset-offsets, by time or to an end of the log.',
  schema: z.strictObject({
    cluster: named,
    group: named,
    topics: names,
    to: z.union([
      z.enum(['earliest', 'latest']),
      z.strictObject({
        ago: duration.meta({ description: 'The first record that was created then or later.' }),
      }),
    ]),
  }),
  perform(port, { cluster, group, topics, to }, done): void {
    const goal: OffsetGoal = typeof to === 'string' ? to : { agoMs: to.ago / 1_000 }
    port.resetOffsets(cluster, group, topics, goal, (error) => {
      if (error === 'NONE') done('done')
      else done('failed', error)
    })
  },
})
