// G05 (KIP-320). A fetch that was sent in an earlier epoch reaches the same broker when it leads
// again with another log: by its offset alone the follower seems to have what it has not.
//
// 1. leader 1, epoch 0: record 0 is committed; record 1 is on 3 only. 3's next fetch, at 2, hangs.
// 2. 2 leads epoch 1 and writes 11; 1 follows, cuts 1 and takes 11.
// 3. 1 leads epoch 2 with 3 in the ISR, and the fetch of epoch 0 arrives.
//
// Releases that compare epochs in the fetch itself notice by another way; before, the fence was
// all there was, at the fetch or where it moves the high watermark.

import { describe, expect, it } from 'vitest'
import type { FetchRequest } from '../../src/kafka/messages.ts'
import { millis, SECOND } from '../../src/sim/time.ts'
import { BrokerBench, consumerFetch } from '../kafka/broker/broker-bench.ts'
import type { Guards } from './case.ts'
import { differing, records, told } from './told.ts'

const STALE: FetchRequest = {
  ...consumerFetch({ fetchOffset: 2, currentLeaderEpoch: 0, logStartOffset: 0 }),
  replicaId: 3,
}

function story(guards: Guards) {
  const before = { truncationIteratesEpochs: false, ...guards }
  const bench = new BrokerBench([1, 2, 3], { guards: before })
  bench.create(0)
  bench.run(SECOND)
  bench.ask(1, records(0, 0, -1))
  bench.run(SECOND)
  bench.cut(2, true)
  bench.ask(1, records(1, 1, 1))
  bench.run(millis(10))
  bench.cut(3, true)
  bench.cut(2, false)
  bench.commit({ type: 'PartitionChange', partition: 0, leader: 2, isr: [1, 2, 3] }, [1, 2])
  bench.run(SECOND)
  bench.ask(2, records(11, 11, 1))
  bench.run(35 * SECOND)
  bench.cut(2, true)
  bench.commit({ type: 'PartitionChange', partition: 0, leader: 1, isr: [1, 3] }, [1])
  expect(told(bench.log(1))).toEqual(['0@0', '11@1'])
  expect(told(bench.log(3))).toEqual(['0@0', '1@0'])
  bench.ask(1, STALE)
  return {
    /** Offsets below the leader's high watermark at which a member of its ISR differs. */
    broken: differing(bench.log(1), bench.log(3)).filter((at) => at < bench.log(1).highWatermark),
    highWatermark: bench.log(1).highWatermark,
  }
}

describe('G05: a follower’s fetch arrives two epochs late', () => {
  it('before 2.1 it commits an offset that the follower fills with another record', () => {
    const off = { epochFencingOfFetch: false, epochFencingOfHighWatermark: false }
    expect(story(off)).toEqual({ broken: [1], highWatermark: 2 })
  })

  it('refused by its epoch it commits nothing', () => {
    const fetch = { epochFencingOfFetch: true, epochFencingOfHighWatermark: false }
    expect(story(fetch)).toEqual({ broken: [], highWatermark: 1 })
  })

  it('nor does it where only the high watermark looks at the epoch', () => {
    const watermark = { epochFencingOfFetch: false, epochFencingOfHighWatermark: true }
    expect(story(watermark)).toEqual({ broken: [], highWatermark: 1 })
  })
})
