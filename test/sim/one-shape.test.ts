import { expect, it } from 'vitest'
import { oneShape } from '../../src/sim/one-shape.ts'

it('copies every setting, also one that is undefined, and leaves the original alone', () => {
  const defaults = { delay: 5, jitter: undefined, name: 'a' }
  const settings = { ...defaults, name: 'b' }
  const copy = oneShape(settings)
  expect(copy).toStrictEqual(settings)
  expect(Object.keys(copy)).toEqual(Object.keys(settings))
  expect(copy).not.toBe(settings)
})
