// R05 (KAFKA-7415, after KIP-279). Two logs without a common epoch, and a leader that has written
// nothing in its epoch: before 2.1 neither could say where an epoch ended.

import { describe, expect, it } from 'vitest'
import { millis, SECOND } from '../../src/sim/time.ts'
import { BrokerBench } from '../kafka/broker/broker-bench.ts'
import { differing, records, told } from './told.ts'

/** Metadata that only some brokers have seen yet. */
function lead(bench: BrokerBench, leader: number, isr: readonly number[]): void {
  bench.commit({ type: 'PartitionChange', partition: 0, leader, isr }, [leader])
}

/** Leader 1 ends with [0@0, 2@2]; follower 2 has [1@1]. */
function withoutCommonEpoch(epochKnownFromElection: boolean): BrokerBench {
  const bench = new BrokerBench([1, 2], { guards: { epochKnownFromElection } })
  bench.create(0, { isr: [1], leader: 1 })
  bench.cut(2, true)
  bench.ask(1, records(0, 0, 1))
  lead(bench, 2, [2])
  bench.ask(2, records(1, 1, 1))
  lead(bench, 1, [1])
  bench.ask(1, records(2, 2, 1))
  bench.cut(2, false)
  bench.catchUp(2)
  bench.run(40 * SECOND)
  return bench
}

/**
 * Both hold 0 to 3 of epoch 0, of which 2 knows one to be committed; 2 leads in epoch 1 and writes
 * 11 alone; 1 leads in epoch 2 and has written nothing when 2 asks it. How far 2 cuts its log.
 */
function cutBySilentLeader(epochKnownFromElection: boolean): number {
  const bench = new BrokerBench([1, 2], { guards: { epochKnownFromElection } })
  bench.create(0)
  bench.run(SECOND)
  bench.ask(1, records(0, 0, -1))
  bench.run(SECOND)
  for (const id of [1, 2, 3]) bench.ask(1, records(id, id, 1))
  bench.run(millis(100))
  bench.cut(1, true)
  lead(bench, 2, [1, 2])
  bench.ask(2, records(11, 11, 1))
  lead(bench, 1, [1, 2])
  bench.cut(1, false)
  expect(told(bench.log(2))).toEqual(['0@0', '1@0', '2@0', '3@0', '11@1'])
  bench.catchUp(2)
  let end = bench.log(2).logEndOffset
  for (let i = 0; i < 4000; i++) {
    bench.run(millis(1))
    end = Math.min(end, bench.log(2).logEndOffset)
  }
  expect(told(bench.log(2))).toEqual(['0@0', '1@0', '2@0', '3@0'])
  return end
}

describe('R05: logs without a common epoch', () => {
  it('before 2.1 the follower keeps its record at offset 0', () => {
    const bench = withoutCommonEpoch(false)
    expect(told(bench.log(1))).toEqual(['0@0', '2@2'])
    expect(told(bench.log(2))).toEqual(['1@1', '2@2'])
    expect(differing(bench.log(1), bench.log(2))).toEqual([0])
  })

  it('since 2.1 it drops it and has the leader’s log', () => {
    const bench = withoutCommonEpoch(true)
    expect(told(bench.log(2))).toEqual(['0@0', '2@2'])
  })
})

describe('R05: a leader that has not written yet', () => {
  it('before 2.1 cannot tell: the follower cuts to its own high watermark', () => {
    expect(cutBySilentLeader(false)).toBe(1)
  })

  it('since 2.1 tells where the logs part', () => {
    expect(cutBySilentLeader(true)).toBe(4)
  })
})
