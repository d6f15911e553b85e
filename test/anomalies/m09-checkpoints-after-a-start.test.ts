// M09. A checkpoint task knows of the past what it reads back. Up to 3.4.0 it translated while it
// was still reading, and wrote a smaller offset each time the syncs it had kept gave no better one.
// Up to 3.7.0 it kept of what it read only the newest sync, so a group that lags behind that one
// has no checkpoint until it has caught up with where the mirror was.

import { describe, expect, it } from 'vitest'
import { type Mm2GuardName, mm2GuardsFor } from '../../src/mirror/mirror-maker2/guards.ts'
import { OffsetSyncStore } from '../../src/mirror/mirror-maker2/offset-sync-store.ts'
import { BILLING, MIRROR_SEEDS, playMirrored, TIMELY } from './mirrored.ts'

/** The group begins ten seconds late and stays behind; later the worker is started again. */
function lagging(guards: Partial<Record<Mm2GuardName, boolean>>, seed: string) {
  const { checkpoints } = playMirrored(
    {
      ...{ duration: '45s', settle: '1s', guards },
      config: { ...TIMELY, 'emit.checkpoints.interval.seconds': 1 },
      worker: { 'offset.flush.interval.ms': 2_000 },
      producers: [{ name: 'shop', rate: '200/s', recordBytes: 100 }],
      consumers: [{ ...BILLING, start: '10s', processTimePerRecord: '5ms' }],
      faults: [{ at: '35s', crash: 'mm2-A-B-1', for: '1s' }],
    },
    seed,
  )
  return checkpoints
}

/** How often a checkpoint was behind one before it. */
function stepsBack(checkpoints: ReturnType<typeof lagging>): number {
  const { length } = checkpoints.filter(({ downstream }, i) => {
    return downstream < (checkpoints[i - 1]?.downstream ?? 0)
  })
  return length
}

describe.each(MIRROR_SEEDS)('M09: checkpoints of a group that lags, seed %s', (seed) => {
  it('go back where each is written as translated', () => {
    expect(stepsBack(lagging({ monotonicCheckpoints: false }, seed))).toBeGreaterThan(0)
  })

  it('never go back where an older one counts', () => {
    const checkpoints = lagging({}, seed)
    expect(checkpoints.length).toBeGreaterThan(2)
    expect(stepsBack(checkpoints)).toBe(0)
  })

  it('begin late where a starting task keeps the newest sync alone', () => {
    const first = (keepsSyncsOverRestart: boolean) =>
      lagging({ keepsSyncsOverRestart }, seed)[0]?.upstream ?? Number.POSITIVE_INFINITY
    // By then the group has read all that had been mirrored when the task started.
    expect(first(false)).toBeGreaterThan(first(true) + 1_000)
  })
})

describe('M09: a task that has read half of its syncs', () => {
  const half = (waitsForSyncs: boolean) => {
    const store = new OffsetSyncStore(mm2GuardsFor('4.1', { waitsForSyncs }), false)
    store.handle({ partition: 0, upstream: 100, downstream: 100 })
    const early = store.translate(0, 900)
    store.handle({ partition: 0, upstream: 850, downstream: 850 })
    store.loaded()
    return { early, late: store.translate(0, 900) }
  }

  it('translates with what it has, to a smaller offset', () => {
    expect(half(false)).toEqual({ early: 101, late: 851 })
  })

  it('translates nothing before it has read all', () => {
    expect(half(true)).toEqual({ early: null, late: 851 })
  })
})
