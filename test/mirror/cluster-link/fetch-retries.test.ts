import { describe, expect, it } from 'vitest'
import { type RetryRule, retryAfter } from '../../../src/mirror/cluster-link/fetch-retries.ts'
import { MS, SECOND } from '../../../src/sim/time.ts'

/** In the middle of every jitter. */
const MIDDLE = { int: (from: number, to: number) => (from + to) / 2 }

describe('errors of a source are tried again', () => {
  it('by time: every time after the same wait, until the time is over', () => {
    const rule: RetryRule = { kind: 'time', limit: 5 * SECOND, wait: SECOND }
    const waitAt = (now: number) => retryAfter(rule, { count: 9, since: 0 }, now, MIDDLE)
    expect([waitAt(0), waitAt(5 * SECOND - 1), waitAt(5 * SECOND)]).toEqual([SECOND, SECOND, null])
  })

  it('by attempts: after waits that double up to the longest, and the last is not one', () => {
    const waits = { initial: 100 * MS, max: 350 * MS, jitterPercent: 20 }
    const rule: RetryRule = { kind: 'attempts', max: 4, waits }
    const waitBefore = (count: number) =>
      retryAfter(rule, { count, since: 0 }, 999 * SECOND, MIDDLE)
    expect([1, 2, 3, 4].map(waitBefore)).toEqual([200 * MS, 350 * MS, 350 * MS, null])
  })
})
