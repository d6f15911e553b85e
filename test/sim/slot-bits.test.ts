import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SlotBits } from '../../src/sim/slot-bits.ts'

describe('the bits of slots', () => {
  it('find the first in use of a level, at or after where one looks', () => {
    const slot = fc.integer({ min: 0, max: 5_119 })
    const change = fc.record({ slot, isUsed: fc.boolean(), from: slot })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 100 }), (changes) => {
        const bits = new SlotBits(5_120)
        const used = new Set<number>()
        for (const { slot, isUsed, from } of changes) {
          if (isUsed) used.add(slot)
          else used.delete(slot)
          if (isUsed) bits.mark(slot)
          else bits.clear(slot)
          const end = from < 4_096 ? 4_096 : 5_120
          const inLevel = [...used].filter((one) => one >= from && one < end)
          expect(bits.first(from, end)).toBe(inLevel.length === 0 ? -1 : Math.min(...inLevel))
        }
      }),
      { numRuns: 200, seed: 3 },
    )
  })
})
