// O02. A replica dies, the ISR is below min.insync.replicas, and writes stop. With the policy
// under-min-isr a caught-up observer enters the ISR at once: writes go on, and the next loss finds
// a clean leader.

import { describe, expect, it } from 'vitest'
import { isrsOf, leadersOf, play, SEEDS } from './case.ts'
import { observed, type Policy, WEST_AND_EAST } from './observers.ts'

/** Replica 1 dies at 20 s; in the second part 2 dies at 60 s; all are back at 90 s. */
function story(policy: Policy, second: boolean, seed: string) {
  return play(
    {
      flavour: 'confluent',
      guards: { elr: false },
      place: WEST_AND_EAST,
      duration: '90s',
      settle: '60s',
      topic: { 'min.insync.replicas': 2 },
      topicMore: observed(policy),
      producers: [{ name: 'shop', region: 'central', rate: '10/s' }],
      faults: [
        { at: '20s', crash: 'broker-1', for: '70s' },
        ...(second ? [{ at: '60s', crash: 'broker-2', for: '30s' }] : []),
      ],
    },
    seed,
  )
}

const promotedIn = (result: ReturnType<typeof play>) =>
  isrsOf(result).filter(({ label }) => /3|4/.test(label))

describe.each(SEEDS)('O02: a replica of two dies, min.insync.replicas 2, seed %s', (seed) => {
  it('without a policy writes stop until it is back', () => {
    const result = story('none', false, seed)
    expect(promotedIn(result)).toEqual([])
    expect(result.rto.produce.ms).toBeGreaterThan(70_000)
    expect(result.rto.produce.ms).toBeLessThan(77_000)
    expect(result.fates.lost).toBe(0)
  })

  it('under-min-isr: they stop for its session, and go on with an observer', () => {
    const result = story('under-min-isr', false, seed)
    expect(promotedIn(result).length).toBeGreaterThan(0)
    expect(result.rto.produce.ms).toBeGreaterThan(7_000)
    expect(result.rto.produce.ms).toBeLessThan(1.125 * 9_000 + 1_500)
    expect(result.fates).toMatchObject({ acked: 900, lost: 0 })
  })

  it('the second loss is a clean failover to the observer', () => {
    const result = story('under-min-isr', true, seed)
    const observer = leadersOf(result).find(({ node }) => node >= 3)
    expect(observer?.fromMs).toBeGreaterThan(60_000 + 7_000)
    expect(observer?.fromMs).toBeLessThan(60_000 + 1.125 * 9_000 + 200)
    expect(result.fates).toMatchObject({ acked: 900, lost: 0 })
  })
})
