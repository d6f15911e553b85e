// R13 (KAFKA-14704). A follower takes the high watermark out of a diverging answer before it cuts:
// for a moment records that are about to go look committed, and a consumer at the follower gets
// them.

import { describe, expect, it } from 'vitest'
import type { FetchResponse } from '../../src/kafka/messages.ts'
import { millis, SECOND } from '../../src/sim/time.ts'
import { BrokerBench, consumerFetch } from '../kafka/broker/broker-bench.ts'
import { missing, records } from './told.ts'

function story(truncateBeforeHighWatermark: boolean) {
  const bench = new BrokerBench([1, 2, 3], { guards: { truncateBeforeHighWatermark } })
  bench.create(0)
  bench.run(SECOND)
  // Leader 1 has 0..4, of which 0 and 1 are committed and 2 has 0..2.
  for (const id of [0, 1]) bench.ask(1, records(id, id, 1))
  bench.run(SECOND)
  bench.cut(3, true)
  bench.ask(1, records(2, 2, 1))
  bench.run(millis(10))
  bench.cut(1, true)
  for (const id of [3, 4]) bench.ask(1, records(id, id, 1))
  expect([bench.log(1).logEndOffset, bench.log(1).highWatermark]).toEqual([5, 2])
  expect(bench.log(2).logEndOffset).toBe(3)
  // 2 leads in epoch 1 with 3, and writes three records that the two commit.
  bench.cut(3, false)
  bench.commit({ type: 'PartitionChange', partition: 0, leader: 2, isr: [2, 3] }, [2, 3])
  bench.run(35 * SECOND)
  for (const id of [13, 14]) bench.ask(2, records(id, id, 1))
  bench.run(SECOND)
  bench.ask(2, records(15, 15, 1))
  expect([bench.log(2).logEndOffset, bench.log(2).highWatermark]).toEqual([6, 5])
  // A consumer waits at 1, at its high watermark; then 1 learns who leads and follows.
  const answers = bench.ask(1, { ...consumerFetch({ fetchOffset: 2 }), maxWaitMs: 30_000 })
  bench.catchUp(1)
  bench.cut(1, false)
  bench.run(10 * SECOND)
  const reads = answers.flatMap((one) => (one as FetchResponse).partitions)
  const read = reads.flatMap(({ batches }) => batches.map((batch) => batch.firstRecordId))
  return { read, phantom: read.filter((id) => missing(bench.log(2), [id]).length > 0) }
}

describe('R13: a consumer waits at a follower that is about to truncate', () => {
  it('before 3.5 it gets two records that no log holds any more', () => {
    expect(story(false)).toEqual({ read: [2, 3, 4], phantom: [3, 4] })
  })

  it('since 3.5 it gets the new leader’s records', () => {
    expect(story(true)).toEqual({ read: [2, 13, 14, 15], phantom: [] })
  })
})
