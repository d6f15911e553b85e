// M14. Retention passes the place where MirrorMaker 2 will go on: its consumer is out of range, is
// reset to the beginning of what is left, and nobody is told. The copy has a gap where no offset is
// missing; it is shorter than the source by that much. Longer retention is what helps.

import { describe, expect, it } from 'vitest'
import { endOf, MIRROR_SEEDS, type Mirrored, playMirrored } from './mirrored.ts'

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

// The second half. The source topic is deleted and created again. MirrorMaker 2 goes on where it
// was, at an offset of the old topic: one that the new topic has not reached is out of range, and
// the new topic is copied whole behind the old one's copy; one that it has passed is taken as it
// is, and the head of the new topic is never copied. No release prevents either.

/** The topic is gone for a second at 10 s; `cut`: nothing crosses from then on for so long. */
function again(cut: string | null, seed: string) {
  const faults = [
    { at: '10s', 'delete-topic': { topic: 'A:orders' } },
    { at: '11s', 'create-topic': { topic: 'A:orders' } },
  ]
  const way = { at: '9s', for: cut ?? '1ms', partition: { between: ['region us', 'region eu'] } }
  return playMirrored(
    {
      duration: '40s',
      broker: { 'auto.create.topics.enable': false },
      consumer: { 'request.timeout.ms': 2_000 },
      producers: [{ name: 'shop', rate: '100/s', stop: '38s' }],
      faults: cut === null ? faults : [way, ...faults],
    },
    seed,
  )
}

/** Ends of the old and of the new topic. */
function endsOf({ history }: Mirrored) {
  const homes = history.partitions.filter(({ cluster, topic }) => {
    return cluster === 'A' && topic === 'orders'
  })
  return homes.map(({ index }) => {
    const { appends } = history
    let end = 0
    for (let row = 0; row < appends.length; row++) {
      const { partition, baseOffset, count } = appends.row(row)
      if (partition === index) end = Math.max(end, baseOffset + count)
    }
    return end
  })
}

describe.each(MIRROR_SEEDS)('M14: the source topic is created again, seed %s', (seed) => {
  it('soon: all of the new one is copied, behind the old one', () => {
    const run = again(null, seed)
    const [old = 0, young = 0] = endsOf(run)
    expect(young).toBeGreaterThan(2_000)
    const copied = endOf(run, 'B:A.orders-0')
    // The last that were written to the old one were still to be copied.
    expect(copied).toBeGreaterThan(young + old - 30)
    expect(run.result.links[0]?.onlyAtSource).toBe(young + old - copied)
  })

  it('when it has grown past the old one unseen: its head is missing, and nobody is told', () => {
    const run = again('16s', seed)
    const [old = 0, young = 0] = endsOf(run)
    const copied = endOf(run, 'B:A.orders-0')
    expect(young).toBeGreaterThan(old)
    expect(copied).toBeLessThanOrEqual(young)
    expect(run.result.links[0]?.onlyAtSource).toBeGreaterThan(0.7 * old)
    expect(run.result.fates).toMatchObject({ duplicated: 0 })
  })
})
