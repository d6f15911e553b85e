// P10. Auto-commit commits, at each poll, what the polls before it returned. A crash while the
// application works on one poll delivers that poll again and skips nothing; with a longer
// auto.commit.interval.ms it is what was returned since the last commit.

import { describe, expect, it } from 'vitest'
import { play, SEEDS } from './case.ts'

const RATE = 20
const POLL_S = 1

/** Each poll is a second's work; the consumer crashes in the middle of one. */
function story(commitIntervalS: number, seed: string) {
  const config = {
    'group.id': 'billing',
    'auto.offset.reset': 'earliest',
    'auto.commit.interval.ms': commitIntervalS * 1000,
    'session.timeout.ms': 10_000,
  }
  return play(
    {
      duration: '90s',
      settle: '30s',
      producers: [{ name: 'shop', rate: `${RATE}/s`, stop: '70s' }],
      consumers: [{ name: 'billing', processTime: `${POLL_S}s`, config }],
      faults: [{ at: ['30s', '36s'], crash: 'billing', for: '2s' }],
    },
    seed,
  )
}

describe.each(SEEDS)('P10: a consumer with auto-commit crashes, seed %s', (seed) => {
  it('committing at each poll it gets one poll again and skips nothing', () => {
    const { consumerView, fates } = story(0.1, seed)
    expect(consumerView).toMatchObject({ redelivered: POLL_S * RATE, skipped: 0, rewinds: 1 })
    expect(consumerView.delivered).toBe(fates.acked + POLL_S * RATE)
  })

  it('committing every five seconds it gets those and a poll again, and skips nothing', () => {
    const { consumerView } = story(5, seed)
    expect(consumerView.redelivered).toBeGreaterThanOrEqual(POLL_S * RATE)
    expect(consumerView.redelivered).toBeLessThanOrEqual((5 + 2 * POLL_S) * RATE)
    expect(consumerView.skipped).toBe(0)
  })
})
