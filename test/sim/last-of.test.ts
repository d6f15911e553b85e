import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lastOf } from '../../src/sim/last-of.ts'

it('is what at(-1) says, of an empty list as well', () => {
  fc.assert(
    fc.property(fc.array(fc.anything(), { maxLength: 3 }), (list) => {
      expect(lastOf(list)).toBe(list.at(-1))
    }),
    { seed: 12 },
  )
})
