import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sortShort } from '../../src/sim/sort-short.ts'

it('orders as sort does, and leaves equal ones in their order', () => {
  const element = fc.record({ key: fc.integer({ min: 0, max: 5 }), name: fc.string() })
  fc.assert(
    fc.property(fc.array(element, { maxLength: 20 }), (list) => {
      const sorted = list.toSorted((a, b) => a.key - b.key)
      sortShort(list, (a, b) => a.key - b.key)
      expect(list).toEqual(sorted)
    }),
  )
})
