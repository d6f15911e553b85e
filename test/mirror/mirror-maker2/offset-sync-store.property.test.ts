import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mm2GuardsFor } from '../../../src/mirror/mirror-maker2/guards.ts'
import { TOO_OLD } from '../../../src/mirror/mirror-maker2/offset-sync-store.ts'
import { CURRENT, MirroredPartition } from './mirrored-partition.ts'

/** Runs of records, with gaps at the source (compaction, markers) and at the target (markers). */
const streams = fc.array(
  fc.record({
    count: fc.integer({ min: 1, max: 150 }),
    gapUpstream: fc.constantFrom(0, 0, 0, 1, 5),
    gapDownstream: fc.constantFrom(0, 0, 0, 1, 3),
    commit: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
)
const lags = fc.constantFrom(0, 10, 100)
const versions = fc.constantFrom('3.4.1', '3.5.1', '3.6.2', '3.7.0', '4.1')

type Stream = typeof streams extends fc.Arbitrary<infer T> ? T : never

function mirrored(version: string, lagMax: number, stream: Stream): MirroredPartition {
  const partition = new MirroredPartition(mm2GuardsFor(version), lagMax)
  for (const { count, commit, gapUpstream, gapDownstream } of stream) {
    partition.mirror(1, { gapUpstream, gapDownstream })
    partition.mirror(count - 1)
    if (commit) partition.commit()
  }
  return partition
}

/** Every committed offset that a group may have, to a little past the end. */
function offsets(partition: MirroredPartition): number[] {
  return Array.from({ length: partition.upstreamEnd + 5 }, (_, offset) => offset)
}

test('since 3.4.1 no group is ever sent past a record that it has not read', () => {
  fc.assert(
    fc.property(versions, lags, streams, (version, lagMax, stream) => {
      const partition = mirrored(version, lagMax, stream)
      for (const offset of offsets(partition)) {
        expect(partition.translate(offset) ?? 0).toBeLessThanOrEqual(partition.truth(offset))
      }
    }),
    { numRuns: 60 },
  )
})

test('before, some are', () => {
  let skips = 0
  fc.assert(
    fc.property(lags, streams, (lagMax, stream) => {
      const partition = mirrored('3.4.0', lagMax, stream)
      const isSkip = (at: number) => (partition.translate(at) ?? 0) > partition.truth(at)
      if (offsets(partition).some(isSkip)) skips++
    }),
    { numRuns: 60 },
  )
  expect(skips).toBeGreaterThan(0)
})

test('of two groups the one further on is not sent further back', () => {
  fc.assert(
    fc.property(versions, lags, streams, (version, lagMax, stream) => {
      const partition = mirrored(version, lagMax, stream)
      const translated = offsets(partition).map((at) => partition.translate(at) ?? TOO_OLD)
      expect(translated).toEqual([...translated].sort((a, b) => a - b))
    }),
    { numRuns: 60 },
  )
})

test('a group that follows the end is never sent back', () => {
  fc.assert(
    fc.property(lags, streams, (lagMax, stream) => {
      const partition = new MirroredPartition(CURRENT, lagMax)
      let last = TOO_OLD
      for (const { count, gapUpstream, gapDownstream } of stream) {
        partition.mirror(count, { gapUpstream, gapDownstream })
        const translated = partition.translate(partition.upstreamEnd) ?? TOO_OLD
        expect(translated).toBeGreaterThanOrEqual(last)
        last = translated
      }
    }),
  )
})

test('the syncs kept thin out: few of them, and each about as old as its distance allows', () => {
  fc.assert(
    fc.property(streams, (stream) => {
      const partition = mirrored('4.1', 0, stream)
      const kept = partition.store.syncs(0).map(({ upstream }) => upstream)
      const newest = kept[0] ?? 0
      expect(kept.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(newest + 2)) + 2)
      expect(kept).toEqual([...new Set(kept)].sort((a, b) => b - a))
    }),
    { numRuns: 60 },
  )
})
