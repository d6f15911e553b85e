import fc from 'fast-check'
import { expect, it } from 'vitest'
import { mm2GuardsFor } from '../../../src/mirror/mirror-maker2/guards.ts'
import type { OffsetSync } from '../../../src/mirror/mirror-maker2/offset-sync.ts'
import { OffsetSyncWriter } from '../../../src/mirror/mirror-maker2/offset-sync-writer.ts'

/** Batches of one partition: how many records, and how many offsets are missing before them. */
const batches = fc.array(
  fc.record({
    count: fc.integer({ min: 1, max: 500 }),
    gapUpstream: fc.constantFrom(0, 0, 0, 1, 5),
    gapDownstream: fc.constantFrom(0, 0, 0, 1, 120, -40),
    acked: fc.integer({ min: 0, max: 10 }),
  }),
  { maxLength: 12 },
)

it('a run of records makes the same syncs due as its records one by one', () => {
  const versions = fc.constantFrom('3.3', '3.4.1', '4.1')
  const lags = fc.constantFrom(0, 1, 7, 100, 1000)
  fc.assert(
    fc.property(batches, versions, lags, (list, version, lag) => {
      const guards = mm2GuardsFor(version)
      const [one, all] = [new OffsetSyncWriter(guards, lag), new OffsetSyncWriter(guards, lag)]
      const [sentOne, sentAll]: [OffsetSync[], OffsetSync[]] = [[], []]
      let [upstream, downstream] = [0, 1000]
      for (const { count, gapUpstream, gapDownstream, acked } of list) {
        upstream += gapUpstream
        downstream += gapDownstream
        for (let i = 0; i < count; i++) {
          one.queue(0, upstream + i, downstream + i)
          sentOne.push(...one.fire())
        }
        all.queueRun(0, upstream, downstream, count, () => sentAll.push(...all.fire()))
        expect(sentAll).toEqual(sentOne)
        expect(all.delayed).toEqual(one.delayed)
        expect(all.pending).toEqual(one.pending)
        for (let i = 0; i < Math.min(acked, one.outstanding); i++) {
          one.acked()
          all.acked()
        }
        upstream += count
        downstream += count
      }
    }),
    { numRuns: 200 },
  )
})
