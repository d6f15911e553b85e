// M04. A group that moves behind MirrorMaker 2 goes on at or before the place where it was: offsets
// are translated to one past the nearest older sync. Up to 3.4.0 they were moved as far past the
// sync as the group was past it at the source; where offsets there hold no record, as after
// retention has overtaken the mirror, that is too far, and the group skips what comes.

import { describe, expect, it } from 'vitest'
import type { Mm2GuardName } from '../../src/mirror/mirror-maker2/guards.ts'
import { BILLING, MIRROR_SEEDS, MOVED, moveOf, playMirrored, TIMELY } from './mirrored.ts'

const WAY = { between: ['region us', 'region eu'] }

/**
 * The way is cut for longer than the source keeps its records; then it is so narrow that the group
 * reads far beyond what has been mirrored, and nothing behind the gap is yet. The group stops, the
 * mirror goes on, and the group moves.
 */
function gap(stopsAfterSync: boolean, seed: string) {
  const old = ['translationStopsAfterSync', 'syncHistory', 'monotonicCheckpoints'] as const
  const guards: Partial<Record<Mm2GuardName, boolean>> = {}
  for (const name of old) guards[name] = stopsAfterSync
  return playMirrored(
    {
      ...{ duration: '90s', config: TIMELY, guards },
      broker: {
        ...{ 'log.retention.check.interval.ms': 2_000, 'log.retention.ms': 10_000 },
        'log.segment.bytes': 1_048_576,
      },
      producers: [{ name: 'shop', rate: '500/s', recordBytes: 1_000, stop: '85s' }],
      consumers: [BILLING, { ...MOVED, start: '88s' }],
      faults: [
        { at: '20s', partition: WAY, for: '12s' },
        { at: '32s', 'slow-link': { ...WAY, bandwidth: '400kbit' }, for: '20s' },
        { at: '50s', crash: 'billing' },
      ],
    },
    seed,
  )
}

/** The group moves from the live end of a stream without gaps. */
function steady(lagMax: number, seed: string) {
  const crossing = 4
  const move = moveOf(
    playMirrored(
      {
        ...{ duration: '45s', config: { ...TIMELY, 'offset.lag.max': lagMax } },
        producers: [{ name: 'shop', rate: '200/s', recordBytes: 100 }],
        consumers: [BILLING, { ...MOVED, start: '40s' }],
        faults: [{ at: '30s', 'region-loss': { target: 'region us', model: 'stop' } }],
      },
      seed,
    ),
    'billing',
  )
  return { move, consumedMeanwhile: 200 * (crossing + 1) }
}

describe.each(MIRROR_SEEDS)('M04: a group moves by translated offsets, seed %s', (seed) => {
  it.each([100, 10])('it repeats at most offset.lag.max %i and what it read since', (lagMax) => {
    const { move, consumedMeanwhile } = steady(lagMax, seed)
    expect(move?.skip).toBe(0)
    expect(move?.redo).toBeLessThanOrEqual(lagMax + consumedMeanwhile)
    expect(move?.redo).toBeGreaterThan(0)
  })

  it('as 3.4.0 did it, the group skips records behind a gap', () => {
    expect(moveOf(gap(false, seed), 'billing')?.skip).toBeGreaterThan(5_000)
  })

  it('since then it skips none', () => {
    const move = moveOf(gap(true, seed), 'billing')
    expect(move?.skip).toBe(0)
    expect(move?.redo).toBeGreaterThan(0)
  })
})
