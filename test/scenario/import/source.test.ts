import { expect, it } from 'vitest'
import { Source } from '../../../src/scenario/import/source.ts'
import { UsageError } from '../../../src/scenario/usage-error.ts'

const countOf = (value: unknown) => new Source('f.yaml', { value }, () => 1).takeCount('value')

it.each([3, '3', ' 3 ', '03'])('%j is taken as a count of three', (value) => {
  expect(countOf(value)).toBe(3)
})

it.each([undefined, null])('%j is no count at all', (value) => {
  expect(countOf(value)).toBeNull()
})

it.each(['', ' ', true, false, [], [3], '3x', 1.5, -1, 10_001])('%j is refused', (value) => {
  expect(() => countOf(value)).toThrow(UsageError)
})
