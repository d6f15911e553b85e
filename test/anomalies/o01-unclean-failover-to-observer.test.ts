// O01. The region with the replicas is lost; the observers in the other are behind and may not
// lead. Only an operator's unclean election lets one lead, at the price of what it had not copied,
// acks=all or not.

import { describe, expect, it } from 'vitest'
import { leadersOf, play, SEEDS } from './case.ts'
import { observed, WEST_AND_EAST } from './observers.ts'

const RATE = 20

/** The observers cannot follow from 20 s on; the west is lost at 25 s. */
function story(operator: boolean, seed: string) {
  const lagging = { between: ['region west', 'broker-3 and broker-4'] }
  const unclean = { at: '60s', 'elect-leaders': { type: 'unclean', topic: 'orders' } }
  return play(
    {
      flavour: 'confluent',
      guards: { elr: false },
      place: WEST_AND_EAST,
      duration: '100s',
      topicMore: observed('none'),
      producers: [{ name: 'shop', region: 'central', stop: '24.5s', rate: `${RATE}/s` }],
      faults: [
        { at: '20s', partition: lagging, for: '5s' },
        { at: '25s', 'region-loss': { target: 'region west', model: 'stop' }, for: '75s' },
        ...(operator ? [unclean] : []),
      ],
    },
    seed,
  )
}

describe.each(SEEDS)('O01: the west is lost, its observers are 4.5 s behind, seed %s', (seed) => {
  const waiting = story(false, seed)
  const forced = story(true, seed)

  it('without a command nobody leads until the west is back, and nothing is lost', () => {
    const nodes = leadersOf(waiting).map(({ node }) => node)
    expect(nodes).toContain(-1)
    expect(nodes.every((node) => node < 3)).toBe(true)
    expect(waiting.fates).toMatchObject({ lost: 0, acked: 24.5 * RATE })
  })

  it('the command makes an observer lead, and the acknowledged rest is lost', () => {
    expect([3, 4]).toContain(leadersOf(forced).find(({ fromMs }) => fromMs > 60_000)?.node)
    expect(forced.fates.acked).toBe(24.5 * RATE)
    expect(forced.fates.lost).toBeGreaterThan(4.5 * RATE - 1)
    expect(forced.fates.lost).toBeLessThan(4.5 * RATE + 4)
  })

  it('and the west cuts it off when it comes back', () => {
    // The observer that does not lead may be a fetch ahead of the leading one, and is cut as well.
    const all = forced.partitions[0]?.truncations ?? []
    const cuts = all.filter(({ broker }) => broker < 3)
    expect(cuts.map(({ broker }) => broker).sort()).toEqual([1, 2])
    for (const { fromOffset, toOffset } of cuts)
      expect(toOffset - fromOffset).toBe(forced.fates.lost)
    expect(forced.divergence.offsets).toBe(0)
  })
})
