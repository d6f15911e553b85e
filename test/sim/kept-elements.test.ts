import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keptElements } from '../../src/sim/kept-elements.ts'

describe('what a list keeps of the one before', () => {
  test('is all of the same list, and nothing of another', () => {
    const list = [1, 2, 3]
    expect(keptElements(list, list)).toBe(3)
    expect(keptElements(list, [1, 2, 3])).toBe(3)
    expect(keptElements(list, [4, 5])).toBe(0)
    expect(keptElements([], [1])).toBe(0)
    expect(keptElements(list, [])).toBe(0)
  })

  test('ends where an element is new, or stands in another place', () => {
    expect(keptElements([1, 2, 3, 4], [1, 3, 4, 2])).toBe(3)
    expect(keptElements([1, 2, 3, 4], [1, 9, 3, 4])).toBe(1)
  })

  test('is in the list before, in its order, however the rest has changed', () => {
    const distinct = fc.uniqueArray(fc.integer({ min: 0, max: 9 }))
    fc.assert(
      fc.property(distinct, distinct, (before, now) => {
        const kept = now.slice(0, keptElements(before, now))
        expect(before.filter((element) => kept.includes(element))).toEqual(kept)
      }),
    )
  })
})
