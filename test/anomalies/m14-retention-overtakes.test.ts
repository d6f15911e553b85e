// M14. Retention passes the place where MirrorMaker 2 will go on: its consumer is out of range, is
// reset to the beginning of what is left, and nobody is told. The copy has a gap where no offset is
// missing; it is shorter than the source by that much. Longer retention is what helps.

import { describe, expect, it } from 'vitest'
import { endOf, MIRROR_SEEDS, playMirrored } from './mirrored.ts'

/** The way is cut for 20 s. */
function story(retentionMs: number, seed: string) {
  return playMirrored(
    {
      duration: '50s',
      broker: {
        ...{ 'log.retention.check.interval.ms': 2_000, 'log.retention.ms': retentionMs },
        'log.segment.bytes': 1_048_576,
      },
      producers: [{ name: 'shop', rate: '500/s', recordBytes: 1_000 }],
      faults: [{ at: '20s', for: '20s', partition: { between: ['region us', 'region eu'] } }],
    },
    seed,
  )
}

describe.each(MIRROR_SEEDS)(
  'M14: the mirror is away longer than records are kept, seed %s',
  (seed) => {
    it('it goes on behind a gap, and nothing but the length of the logs says so', () => {
      const run = story(10_000, seed)
      const gap = endOf(run, 'A:orders-0') - endOf(run, 'B:A.orders-0')
      expect(gap).toBeGreaterThan(2_500)
      // They were acknowledged and kept as long as was asked: not lost, and yet never copied.
      expect(run.result.fates).toMatchObject({ lost: 0, duplicated: 0 })
      expect(run.result.links[0]?.onlyAtSource).toBe(gap)
    })

    it('kept longer nothing is missing', () => {
      const run = story(100_000, seed)
      expect(endOf(run, 'B:A.orders-0')).toBe(endOf(run, 'A:orders-0'))
      expect(run.result.links[0]?.onlyAtSource).toBe(0)
    })
  },
)
