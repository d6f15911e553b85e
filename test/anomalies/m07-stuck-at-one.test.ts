// M07. The first record of a task is synced, and the next sync is due 101 records later. A topic
// that falls silent before leaves its group at one past the first record, for ever. Since 3.7 what
// no sync was due for goes out with the task's next offset flush.

import { describe, expect, it } from 'vitest'
import { BILLING, endOf, MIRROR_SEEDS, MOVED, moveOf, playMirrored, TIMELY } from './mirrored.ts'

/** Ninety records, all read; twenty seconds later the region is gone and the group moves. */
function story(delayedSyncs: boolean, seed: string) {
  return playMirrored(
    {
      ...{ duration: '40s', config: TIMELY, guards: { delayedSyncs } },
      worker: { 'offset.flush.interval.ms': 2_000 },
      producers: [{ name: 'shop', rate: '90/s', stop: '1s' }],
      consumers: [BILLING, { ...MOVED, start: '30s' }],
      faults: [{ at: '25s', 'region-loss': { target: 'region us', model: 'stop' } }],
    },
    seed,
  )
}

describe.each(MIRROR_SEEDS)('M07: a topic falls silent before the next sync, seed %s', (seed) => {
  it('without delayed syncs the group goes back to one past the first record', () => {
    const run = story(false, seed)
    expect(endOf(run, 'B:A.orders-0')).toBe(90)
    expect(moveOf(run, 'billing')).toMatchObject({ offset: 1, trueOffset: 90, redo: 89, skip: 0 })
  })

  it('with them it goes on where it was', () => {
    const run = story(true, seed)
    expect(run.result.consumerView).toMatchObject({ delivered: 90, redelivered: 0, skipped: 0 })
    expect(run.checkpoints.at(-1)).toMatchObject({ upstream: 90, downstream: 90 })
  })
})
