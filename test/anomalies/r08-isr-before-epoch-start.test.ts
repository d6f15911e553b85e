// R08 (KAFKA-7128). A replica joins the ISR although it lacks a committed record, because it has
// all that a new leader knows to be committed: a new leader's high watermark lags.

import { describe, expect, it } from 'vitest'
import { millis, SECOND } from '../../src/sim/time.ts'
import { BrokerBench } from '../kafka/broker/broker-bench.ts'
import { missing, records, told } from './told.ts'

function story(isrExpandNeedsEpochStart: boolean): BrokerBench {
  const bench = new BrokerBench([1, 2, 3], { guards: { isrExpandNeedsEpochStart } })
  bench.cut(3, true)
  bench.create(0, { isr: [1, 2] })
  bench.run(SECOND)
  // Record 0 is on 1 and 2 and acknowledged; 2 has not been told of the high watermark yet.
  const acked = bench.ask(1, records(0, 0, -1))
  bench.run(millis(10))
  expect(acked).toHaveLength(1)
  expect(bench.log(2).highWatermark).toBe(0)
  // 1 falls silent; 2 leads. The empty 3 follows, and its first answer is lost.
  bench.cut(1, true)
  bench.commit({ type: 'PartitionChange', partition: 0, leader: 2, isr: [1, 2] }, [2, 3])
  bench.cut(3, false)
  for (let i = 0; i < 4000 && bench.toController.length === 0; i++) {
    if (bench.log(3).logEndOffset > 0) break
    bench.run(millis(1) / 2)
  }
  return bench
}

describe('R08: an empty replica follows a leader whose high watermark lags', () => {
  it('before 2.1 it joins the ISR and, elected, has lost the committed record', () => {
    const bench = story(false)
    bench.cut(3, true)
    expect(told(bench.log(3))).toEqual([])
    bench.acceptIsr()
    expect(bench.broker(2).replicas.partitions.get(0)?.isrState.isr).toContain(3)
    bench.commit({ type: 'PartitionChange', partition: 0, leader: 3, isr: [3] }, [3])
    expect(missing(bench.log(3), [0])).toEqual([0])
  })

  it('since 2.1 it must first reach the offset at which the leader’s epoch began', () => {
    const bench = story(true)
    expect(bench.toController).toHaveLength(0)
    bench.run(SECOND)
    expect(told(bench.log(3))).toEqual(['0@0'])
    expect(bench.toController).toHaveLength(1)
  })
})
