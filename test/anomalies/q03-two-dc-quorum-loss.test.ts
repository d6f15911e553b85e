// Q03. Two data centres, two voters in the first and one in the second. With the first goes the
// quorum: no election, no ISR change, no fencing, until an operator brings a majority back. What is
// led from the second goes on as far as it can without the ISR of the first.

import { describe, expect, it } from 'vitest'
import { isrsOf, leadersOf, play, SEEDS } from './case.ts'
import { TWO_DC } from './two-sites.ts'

/** Clients of the site that stays, and of the partition that is led there. */
function story(lost: 'dc1' | 'dc2', seed: string) {
  const region = lost === 'dc1' ? 'dc2' : 'dc1'
  const client = { region, rate: '10/s', partitions: [lost === 'dc1' ? 1 : 0] }
  return play(
    {
      place: TWO_DC,
      duration: '80s',
      settle: '0s',
      topic: { 'min.insync.replicas': 2 },
      topicMore: {
        assignment: [
          [1, 2, 3, 4],
          [3, 4, 1, 2],
        ],
      },
      producers: [
        { name: 'all', ...client, stop: '45s', config: { 'delivery.timeout.ms': 31_000 } },
        { name: 'one', ...client, start: '30s', stop: '40s', config: { acks: '1' } },
      ],
      consumers: [{ name: 'reader', region, partitions: client.partitions }],
      faults: [{ at: '20s', 'region-loss': { target: `region ${lost}`, model: 'stop' } }],
    },
    seed,
  )
}

describe.each(SEEDS)('Q03: one of two data centres is lost, seed %s', (seed) => {
  it('the one with the majority: nobody decides anything any more', () => {
    const result = story('dc1', seed)
    expect(result.controllers.at(-1)?.node).toBe(-1)
    for (const partition of [0, 1]) {
      expect(leadersOf(result, partition)).toHaveLength(1)
      expect(isrsOf(result, partition)).toHaveLength(1)
    }
  })

  it('its survivors take acks=1 unseen, and acks=all never comes back', () => {
    const { fates, consumerView } = story('dc1', seed)
    // 20 s of acks=all before the loss and 10 s of acks=1 after it; readers see only the former.
    expect(fates).toMatchObject({ acked: 300, lost: 0 })
    expect(consumerView).toMatchObject({ delivered: 200, phantom: 0 })
    expect(fates.unknown).toBeGreaterThan(0)
    expect(fates.unknown + fates.failed).toBe(250)
  })

  it('the one without: an ordinary failover, and writes go on', () => {
    const result = story('dc2', seed)
    expect(leadersOf(result, 1).at(-1)?.node).toBe(1)
    expect(isrsOf(result, 0).at(-1)?.label).toBe('1,2')
    expect(result.fates).toMatchObject({ acked: 550, lost: 0 })
    // A session, the look for stale ones, and a new active controller if it was in dc2.
    const all = result.rto.produce.byClient.find(({ client }) => client === 'all')
    expect(all?.ms).toBeGreaterThan(7_000)
    expect(all?.ms).toBeLessThan(1.125 * 9_000 + 5_200)
  })
})
