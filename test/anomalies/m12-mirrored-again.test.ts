// M12. A source task notes how far it is when Connect flushes offsets. Killed, it mirrors again
// what it had copied since, at other offsets of the target: at most the rate times the interval.
// Flushing more often makes that less; only exactly-once delivery makes it none.

import { describe, expect, it } from 'vitest'
import { endOf, MIRROR_SEEDS, playMirrored } from './mirrored.ts'

const RATE = 200

/** The worker is killed at 20 s, long before a flush after 60 s. */
function story(flushMs: number, seed: string) {
  return playMirrored(
    {
      duration: '35s',
      worker: { 'offset.flush.interval.ms': flushMs },
      producers: [{ name: 'shop', rate: `${RATE}/s` }],
      faults: [{ at: '20s', for: '5s', crash: 'mm2-A-B-1' }],
    },
    seed,
  )
}

describe.each(MIRROR_SEEDS)('M12: a task is killed, seed %s', (seed) => {
  it('before its first flush it mirrors all of it again', () => {
    const run = story(60_000, seed)
    const { duplicated, lost } = run.result.fates
    expect(lost).toBe(0)
    expect(duplicated).toBeGreaterThan(19 * RATE)
    expect(duplicated).toBeLessThanOrEqual(20 * RATE)
    // From there on each record lies so much further back at the target.
    expect(endOf(run, 'B:A.orders-0') - endOf(run, 'A:orders-0')).toBe(duplicated)
  })

  it('flushing every second it mirrors again what a second brings, and what is under way', () => {
    expect(story(1_000, seed).result.fates.duplicated).toBeLessThan(1.5 * RATE)
  })
})
