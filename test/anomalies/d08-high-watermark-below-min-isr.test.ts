// D08 (KAFKA-15583). With acks=1 a log grows while its ISR is below min.insync.replicas. Before 3.7
// the high watermark went along, over fewer copies than the topic asks for; since then it waits
// until the controller has confirmed a large enough ISR.

import { describe, expect, it } from 'vitest'
import { appendToLeader } from '../../src/kafka/partition/produce-append.ts'
import { guardsFor } from '../../src/kafka/version.ts'
import { produced } from '../kafka/log/batches.ts'
import { Bench, registration } from '../kafka/partition/bench.ts'

/** The leader's high watermark: 2 has ten records, 3 has them too, the controller confirms 3. */
function story(minIsrGatesHighWatermark: boolean, minInsyncReplicas = 3): number[] {
  const bench = new Bench()
  bench.now = 60_000_000
  bench.guards = guardsFor('4.1', { minIsrGatesHighWatermark })
  const [leader, second, third] = [1, 2, 3].map((id) => bench.replica(id, { minInsyncReplicas }))
  if (leader === undefined || second === undefined || third === undefined) return []
  const isr = { isr: [1, 2] }
  for (const replica of [leader, second, third]) replica.partition.apply(registration(isr))
  appendToLeader(leader.partition, produced({ count: 10 }), 1)
  const watermarks: number[] = []
  leader.serve(second.fetchRequest({ fetchOffset: 10, lastFetchedEpoch: 0 }))
  watermarks.push(leader.log.highWatermark)
  leader.serve(third.fetchRequest({ fetchOffset: 10, lastFetchedEpoch: 0 }))
  watermarks.push(leader.log.highWatermark)
  leader.answer()
  watermarks.push(leader.log.highWatermark)
  return watermarks
}

describe('D08: ten acks=1 records, min.insync.replicas 3 and two in the ISR', () => {
  it('before 3.7 they are visible as soon as the two have them', () => {
    expect(story(false)).toEqual([10, 10, 10])
  })

  it('since 3.7 they are visible when the controller has confirmed the third', () => {
    expect(story(true)).toEqual([0, 0, 10])
  })

  it('min.insync.replicas beyond the number of replicas counts as that number', () => {
    expect(story(true, 5)).toEqual([0, 0, 10])
  })
})
