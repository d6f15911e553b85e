// G06 (KIP-320). A follower asks the leader of its epoch where to cut its log, and that broker has
// not heard of the epoch: it answers from a log that it is about to change.
//
// 1. leader 1, epoch 0: record 0 is committed; record 1 is on 1 and 3 only.
// 2. epoch 1 is 2's, who writes 11; epoch 2 is 1's again. 3 hears of both, 1 of neither.
// 3. 3 asks 1 how far epoch 0 goes. Unfenced the answer is 2, and 3 keeps record 1.
// 4. 1 hears of epoch 1, cuts record 1 and takes 11; then it leads in epoch 2.
// 5. 3 fetches from 2 on, in the right epoch: nothing tells that the logs differ below.

import { describe, expect, it } from 'vitest'
import { millis, SECOND } from '../../src/sim/time.ts'
import { BrokerBench } from '../kafka/broker/broker-bench.ts'
import { differing, records, told } from './told.ts'

function story(epochFencingOfTruncation: boolean) {
  const guards = { truncationIteratesEpochs: false, epochFencingOfTruncation }
  const bench = new BrokerBench([1, 2, 3], { guards })
  bench.create(0)
  bench.run(SECOND)
  bench.ask(1, records(0, 0, -1))
  bench.run(SECOND)
  bench.cut(2, true)
  bench.ask(1, records(1, 1, 1))
  bench.run(millis(10))
  const change = { type: 'PartitionChange' as const, partition: 0 }
  bench.commit({ ...change, leader: 2, isr: [1, 2, 3] }, [2])
  bench.ask(2, records(11, 11, 1))
  bench.commit({ ...change, leader: 1, isr: [1, 3] }, [3])
  // 3 asks when its parked fetch has come back.
  bench.run(millis(700))
  expect(told(bench.log(3))).toEqual(['0@0', '1@0'])
  bench.cut(2, false)
  bench.catchUp(1, 1)
  bench.run(millis(500))
  expect(told(bench.log(1))).toEqual(['0@0', '11@1'])
  bench.catchUp(1)
  bench.run(5 * SECOND)
  return {
    broken: differing(bench.log(1), bench.log(3)).filter((at) => at < bench.log(1).highWatermark),
    highWatermark: bench.log(1).highWatermark,
    follower: told(bench.log(3)),
  }
}

describe('G06: a follower is ahead of its leader by two epochs', () => {
  it('before 2.1 it keeps what its leader is about to cut, and counts as having the rest', () => {
    expect(story(false)).toEqual({ broken: [1], highWatermark: 2, follower: ['0@0', '1@0'] })
  })

  it('since 2.1 it is told to ask again, and cuts', () => {
    expect(story(true)).toEqual({ broken: [], highWatermark: 2, follower: ['0@0', '11@1'] })
  })
})
