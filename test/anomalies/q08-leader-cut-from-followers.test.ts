// Q08. The leader reaches the controllers and its clients, but not its followers. It heartbeats,
// so nobody replaces it; it can only drop the followers, and two healthy replicas are of no use.
// Kafka has no remedy for this.

import { describe, expect, it } from 'vitest'
import { isrsOf, leadersOf, play, SEEDS } from './case.ts'

const CUT_MS = 20_000
const HEAL_MS = 100_000

function story(minIsr: 1 | 2, seed: string) {
  return play(
    {
      guards: { elr: false },
      duration: '120s',
      topic: { 'min.insync.replicas': minIsr },
      producers: [{ name: 'shop', rate: '5/s' }],
      faults: [
        { at: '20s', partition: { between: ['broker-1', 'broker-2 and broker-3'] }, for: '80s' },
      ],
    },
    seed,
  )
}

/** When the ISR was down to the leader. */
const shrunkAt = (result: ReturnType<typeof play>) =>
  isrsOf(result).find(({ label }) => label === '1')?.fromMs ?? Number.NaN

describe.each(SEEDS)('Q08: the leader loses its followers only, seed %s', (seed) => {
  const one = story(1, seed)
  const two = story(2, seed)

  it('it leads on, in one epoch, and drops them after 30 to 45 s', () => {
    for (const result of [one, two]) {
      expect(leadersOf(result).map(({ node, epoch }) => [node, epoch])).toEqual([[1, 0]])
      expect(shrunkAt(result)).toBeGreaterThan(CUT_MS + 29_000)
      expect(shrunkAt(result)).toBeLessThan(CUT_MS + 45_100)
    }
  })

  it('min.insync.replicas 1: then it acknowledges alone, on one copy', () => {
    const backAtMs = CUT_MS + (one.rto.produce.ms ?? Number.NaN)
    expect(backAtMs).toBeGreaterThan(shrunkAt(one))
    expect(backAtMs).toBeLessThan(shrunkAt(one) + 1_000)
    expect(one.fates).toMatchObject({ acked: 600, lost: 0 })
  })

  it('min.insync.replicas 2: no acknowledgement before the cut is healed', () => {
    expect(two.rto.produce.ms).toBeGreaterThan(HEAL_MS - CUT_MS)
    expect(two.fates).toMatchObject({ lost: 0 })
    const errors = two.timeline.filter(({ kind }) => kind === 'client-error')
    const names = new Set(errors.map(({ text }) => text.split(' ')[0]))
    // Until the ISR has shrunk a request waits and times out; from then on it is refused.
    expect(names).toContain('REQUEST_TIMED_OUT')
    expect(names).toContain('NOT_ENOUGH_REPLICAS')
  })
})
