// R15. A replica leaves the assignment and comes back empty, and the leader hears of both at once:
// what it knew of the replica is about a log that is gone.

import { describe, expect, it } from 'vitest'
import { millis, SECOND } from '../../src/sim/time.ts'
import { BrokerBench } from '../kafka/broker/broker-bench.ts'
import { missing, records, told } from './told.ts'

const WRITES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

function story(isrExpandNeedsFetchInEpoch: boolean): BrokerBench {
  const bench = new BrokerBench([1, 2, 3], { guards: { isrExpandNeedsFetchInEpoch } })
  bench.create(0)
  bench.run(SECOND)
  for (const id of WRITES) bench.ask(1, records(id, id, -1))
  bench.run(SECOND)
  expect(told(bench.log(3))).toHaveLength(10)
  // 3 sees that it leaves and deletes its log; the leader sees leaving and return as one change.
  const change = { type: 'PartitionChange' as const, partition: 0, leader: 1, isr: [1, 2] }
  bench.commit({ ...change, replicas: [1, 2] }, [3])
  bench.cut(3, true)
  bench.commit({ ...change, replicas: [1, 2, 3] })
  bench.run(millis(10))
  expect(told(bench.log(3))).toEqual([])
  return bench
}

describe('R15: a replica removed and added again between two looks of the leader', () => {
  it('on old knowledge it is in the ISR at once and, elected, has lost all ten records', () => {
    const bench = story(false)
    bench.acceptIsr()
    expect(bench.broker(1).replicas.partitions.get(0)?.isrState.isr).toEqual([1, 2, 3])
    bench.commit({ type: 'PartitionChange', partition: 0, leader: 3, isr: [3] }, [3])
    expect(missing(bench.log(3), WRITES)).toEqual(WRITES)
  })

  it('it must fetch in this epoch first: it joins with all ten', () => {
    const bench = story(true)
    expect(bench.toController).toHaveLength(0)
    bench.cut(3, false)
    bench.run(35 * SECOND)
    expect(missing(bench.log(3), WRITES)).toEqual([])
    expect(bench.toController).toHaveLength(1)
  })
})
