import fc from 'fast-check'
import { expect, it } from 'vitest'
import { IdSet } from '../../../src/mirror/replicator/id-set.ts'

const span = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }))
  .map(([start, length]) => ({ start, end: start + length }))

it('a set of ids has the gaps that a set of numbers has', () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 12 }), span, (added, asked) => {
      const set = new IdSet()
      const plain = new Set<number>()
      for (const { start, end } of added) {
        set.add(start, end)
        for (let id = start; id < end; id++) plain.add(id)
      }
      const gaps = set.gaps(asked.start, asked.end)
      const missing = gaps.flatMap(({ start, end }) =>
        Array.from({ length: end - start }, (_, n) => start + n),
      )
      const expected = Array.from({ length: asked.end - asked.start }, (_, n) => asked.start + n)
      expect(missing).toEqual(expected.filter((id) => !plain.has(id)))
      // No two gaps lie side by side.
      for (const [i, gap] of gaps.entries()) expect(gap.start).not.toBe(gaps[i - 1]?.end)
    }),
    { seed: 1, numRuns: 500 },
  )
})
