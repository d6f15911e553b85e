// P11. A leader is cut off together with a producer and a consumer, and goes on, while another
// leads outside. The consumer sees nothing new: the high watermark of a leader without followers
// stands still. What the zombie takes with acks=1 nobody reads; it is cut when the site is back.

import { describe, expect, it } from 'vitest'
import { leadersOf, play, SEEDS } from './case.ts'

const CUT_S = 20
const HEAL_S = 60

function story(seed: string) {
  return play(
    {
      guards: { elr: false },
      duration: '90s',
      topic: { 'min.insync.replicas': 2 },
      producers: [
        { name: 'outside', region: 'b', rate: '5/s' },
        { name: 'inside', region: 'a', rate: '5/s', start: '15s', config: { acks: '1' } },
      ],
      consumers: [{ name: 'billing', region: 'a' }],
      faults: [{ at: '20s', isolate: 'region a', for: '40s' }],
    },
    seed,
  )
}

describe.each(SEEDS)('P11: a consumer is cut off with the old leader, seed %s', (seed) => {
  const result = story(seed)

  it('two lead meanwhile, in different epochs', () => {
    expect(leadersOf(result).map(({ node, epoch }) => [node, epoch])).toEqual([
      [1, 0],
      [2, 1],
    ])
    const cut = result.partitions[0]?.truncations.find(({ broker }) => broker === 1)
    // With them goes what the cut caught of acks=all; that was not acknowledged.
    const tail = (cut?.toOffset ?? 0) - (cut?.fromOffset ?? 0)
    expect(tail).toBeGreaterThanOrEqual(result.fates.lost)
    expect(tail).toBeLessThanOrEqual(result.fates.lost + 2)
  })

  it('the zombie takes acks=1 for as long as it lasts, and all of it is lost', () => {
    expect(result.fates.lost).toBeGreaterThan((HEAL_S - CUT_S) * 5 - 5)
    expect(result.fates.lost).toBeLessThan((HEAL_S - CUT_S + 10) * 5)
  })

  it('the consumer reads none of it: it is behind by the cut and no more', () => {
    expect(result.consumerView).toMatchObject({ phantom: 0, skipped: 0, redelivered: 0 })
    expect(result.consumerView.delivered).toBe(result.fates.safe)
    expect(result.rto.consume.ms).toBeGreaterThan((HEAL_S - CUT_S) * 1000)
    expect(result.rto.consume.ms).toBeLessThan((HEAL_S - CUT_S + 10) * 1000)
  })
})
