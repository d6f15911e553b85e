// D04. An unclean election takes the first live replica in the order of assignment, not the one
// with the longest log: of 100 acknowledged records 2 has 40 and 3 has 90, and 2 leads.

import { describe, expect, it } from 'vitest'
import { play, SEEDS } from './case.ts'

function story(replicas: readonly number[], seed: string) {
  return play(
    {
      guards: { elr: false },
      duration: '120s',
      config: { 'replica.lag.time.max.ms': 10_000 },
      replicas,
      topic: { 'unclean.leader.election.enable': true },
      producers: [
        { name: 'for-all', start: '5s', stop: '9s', rate: '10/s' },
        { name: 'for-two', start: '11s', stop: '16s', rate: '10/s' },
        { name: 'for-one', start: '41s', stop: '42s', rate: '10/s' },
      ],
      faults: [
        { at: '10s', partition: { between: ['broker-1', 'broker-2'] }, for: '60s' },
        { at: '40s', partition: { between: ['broker-1', 'broker-3'] }, for: '30s' },
        { at: '60s', 'host-loss': { target: 'broker-1', model: 'stop' }, for: '40s' },
      ],
    },
    seed,
  )
}

const cutsOf = ({ partitions }: ReturnType<typeof play>) =>
  partitions[0]?.truncations.map(({ broker, fromOffset, toOffset }) => {
    return { broker, fromOffset, toOffset }
  })

describe.each(SEEDS)('D04: the only member of the ISR is lost, seed %s', (seed) => {
  it('the first in the assignment leads with 40 of 100; the longer log is cut to 40', () => {
    const result = story([1, 2, 3], seed)
    expect(result.partitions[0]?.leaders.map(({ node }) => node)).toEqual([1, 2])
    expect(result.fates).toMatchObject({ acked: 100, lost: 60 })
    expect(cutsOf(result)).toEqual([
      { broker: 3, fromOffset: 40, toOffset: 90 },
      { broker: 1, fromOffset: 40, toOffset: 100 },
    ])
  })

  it('in another order of assignment ten are lost', () => {
    const result = story([1, 3, 2], seed)
    expect(result.partitions[0]?.leaders.map(({ node }) => node)).toEqual([1, 3])
    expect(result.fates).toMatchObject({ acked: 100, lost: 10 })
  })
})
