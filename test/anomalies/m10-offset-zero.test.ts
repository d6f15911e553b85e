// M10. A group waits at the first record of an idle topic, with offset 0 committed. Up to 2.6 a
// checkpoint of 0 was taken for none: the group is unknown at the target, and by its reset policy
// begins behind all that was written meanwhile.

import { describe, expect, it } from 'vitest'
import {
  BILLING,
  committedOf,
  endOf,
  MIRROR_SEEDS,
  type Mirrored,
  MOVED,
  playMirrored,
  TIMELY,
} from './mirrored.ts'

/** The group stops before the first record is written, and moves after the last. */
function story(checkpointsOffsetZero: boolean, seed: string) {
  const latest = { ...MOVED.config, 'auto.offset.reset': 'latest' }
  return playMirrored(
    {
      ...{ duration: '50s', settle: '1s', config: TIMELY, guards: { checkpointsOffsetZero } },
      producers: [{ name: 'shop', rate: '100/s', start: '20s', stop: '25s' }],
      consumers: [BILLING, { ...MOVED, start: '40s', config: latest }],
      faults: [{ at: '10s', crash: 'billing' }],
    },
    seed,
  )
}

/** What the group was handed where it moved to. */
function readAt({ history }: Mirrored, consumer: string): number {
  const rows = [...history.delivered].filter((row) => {
    return history.consumers[row.consumer]?.name === consumer
  })
  return rows.reduce((sum, { count }) => sum + count, 0)
}

describe.each(MIRROR_SEEDS)('M10: a group at the first record moves, seed %s', (seed) => {
  it('unknown at the target it skips all that was written', () => {
    const run = story(false, seed)
    expect([committedOf(run, 'A', 'billing'), endOf(run, 'B:A.orders-0')]).toEqual([0, 500])
    expect(readAt(run, 'moved')).toBe(0)
  })

  it('with a checkpoint of 0 it reads all of it', () => {
    expect(readAt(story(true, seed), 'moved')).toBe(500)
  })
})
