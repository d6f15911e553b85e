import fc from 'fast-check'
import { expect, it } from 'vitest'
import { takeOut } from '../../src/sim/take-out.ts'

it('takes one element out and leaves the others in their order, wherever it stood', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(20)), fc.nat(20), (list, element) => {
      const left = [...list]
      takeOut(left, element)
      expect(left).toEqual(list.filter((one) => one !== element))
    }),
  )
})
