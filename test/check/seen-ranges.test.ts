import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SeenRanges } from '../../src/check/seen-ranges.ts'

const range = fc.tuple(fc.nat(40), fc.nat(6)).map(([start, count]) => [start, start + count])

it('knows which ids have come by, whichever way they were added', () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 30 }), (ranges) => {
      const seen = new SeenRanges()
      const taken = new SeenRanges()
      const model = new Set<number>()
      for (const [start, end] of ranges) {
        const ids = Array.from({ length: end - start }, (_, i) => start + i)
        const fresh = ids.filter((id) => !model.has(id))
        const isInOrder = ids.length > 0 && Math.max(-1, ...model) < start
        expect(
          seen.newParts(start, end).flatMap((part) => [part.start, part.end - part.start]),
        ).toEqual(runsOf(fresh))
        const parts = seen.newParts(start, end)
        expect(seen.addInOrder(start, end)).toBe(isInOrder)
        if (!isInOrder) for (const part of parts) seen.add(part)
        const shown: number[] = []
        taken.take(start, end, (from, until) => shown.push(from, until - from))
        expect(shown).toEqual(runsOf(fresh))
        for (const id of ids) model.add(id)
        expect(seen.countFrom(0)).toBe(model.size)
        expect(taken.countFrom(0)).toBe(model.size)
      }
    }),
    { seed: 13 },
  )
})

/** [first, count] of each stretch of ascending ids. */
function runsOf(ids: readonly number[]): number[] {
  const runs: number[] = []
  for (const [i, id] of ids.entries()) {
    if (i > 0 && ids[i - 1] === id - 1) runs[runs.length - 1]++
    else runs.push(id, 1)
  }
  return runs
}
