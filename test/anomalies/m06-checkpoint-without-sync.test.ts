// M06. A group has read to the end of a topic of which nothing has been mirrored yet. Up to 3.2 the
// missing correspondence was taken for one of the same offsets: the group stands at the target
// behind the end of an empty log. Since 3.3 it has no offset there until there is a sync.

import { describe, expect, it } from 'vitest'
import { BILLING, committedOf, endOf, MIRROR_SEEDS, playMirrored, TIMELY } from './mirrored.ts'

/** The group has read 5,000 records when the flow starts; the way is too narrow for one poll. */
function story(noCheckpointWithoutSync: boolean, seed: string) {
  return playMirrored(
    {
      ...{ duration: '26s', settle: '1s', start: '15s', config: TIMELY },
      // What 3.3 brought is looked at beside what 3.2 did otherwise.
      guards: { noCheckpointWithoutSync, translationStopsAfterSync: false },
      producers: [{ name: 'shop', rate: '500/s', recordBytes: 1_000, stop: '10s' }],
      consumers: [BILLING],
      faults: [
        { at: '14s', 'slow-link': { between: ['region us', 'region eu'], bandwidth: '500kbit' } },
      ],
    },
    seed,
  )
}

describe.each(MIRROR_SEEDS)('M06: nothing has been mirrored yet, seed %s', (seed) => {
  it('with the offset as it is the group is 5,000 records past the end', () => {
    const run = story(false, seed)
    expect(endOf(run, 'B:A.orders-0')).toBe(0)
    expect(run.checkpoints[0]).toMatchObject({ upstream: 5_000, downstream: 5_000 })
    expect(committedOf(run, 'B', 'billing')).toBe(5_000)
  })

  it('without a sync there is no checkpoint, and the group is unknown at the target', () => {
    const run = story(true, seed)
    expect(committedOf(run, 'A', 'billing')).toBe(5_000)
    expect(run.checkpoints).toEqual([])
    expect(committedOf(run, 'B', 'billing')).toBe(-1)
  })
})
