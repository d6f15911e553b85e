// O03. Promotion needs a leader that asks for it: if all replicas die within one session, no
// observer is in the ISR and nobody leads, whatever the policy says.

import { describe, expect, it } from 'vitest'
import { isrsOf, leadersOf, play, SEEDS } from './case.ts'
import { observed, WEST_AND_EAST } from './observers.ts'

const BACK_MS = 100_000

function story(faults: readonly Readonly<Record<string, unknown>>[], seed: string) {
  return play(
    {
      flavour: 'confluent',
      guards: { elr: false },
      place: WEST_AND_EAST,
      duration: '100s',
      topic: { 'min.insync.replicas': 2 },
      topicMore: observed('under-min-isr'),
      producers: [{ name: 'shop', region: 'central', rate: '10/s' }],
      faults,
    },
    seed,
  )
}

const AT_ONCE = [{ at: '20s', 'region-loss': { target: 'region west', model: 'stop' } }]
const ONE_BY_ONE = [
  { at: '20s', crash: 'broker-1' },
  { at: '40s', 'region-loss': { target: 'region west', model: 'stop' } },
]

describe.each(SEEDS)('O03: the west is lost, observers may be promoted, seed %s', (seed) => {
  it('all at once: no observer was in the ISR, and nobody leads', () => {
    const result = story(AT_ONCE, seed)
    const before = isrsOf(result).filter(({ fromMs }) => fromMs < BACK_MS)
    expect(before.every(({ label }) => !/3|4/.test(label))).toBe(true)
    // Until the west is back, and then one of its own: leaderless is not lost.
    const [, nobody, next] = leadersOf(result).slice(-3)
    expect(nobody?.node).toBe(-1)
    expect(next?.node).toBeLessThan(3)
    expect(next?.fromMs).toBeGreaterThan(BACK_MS)
    expect(result.fates.lost).toBe(0)
  })

  it('one broker first: an observer was promoted, and leads', () => {
    const result = story(ONE_BY_ONE, seed)
    const observer = leadersOf(result).find(({ node }) => node >= 3)
    expect(observer?.fromMs).toBeLessThan(BACK_MS / 2 + 11_000)
    expect(result.fates.lost).toBe(0)
  })
})
