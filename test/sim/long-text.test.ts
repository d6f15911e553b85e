import { expect, it } from 'vitest'
import { exactText, LONG_MAX, longText } from '../../src/sim/long-text.ts'

it('a whole number is told to its last digit', () => {
  expect(longText(2 ** 53 + 2)).toBe('9007199254740994')
  expect(longText(-1)).toBe('-1')
  expect(longText(1e18)).toBe('1000000000000000000')
  expect(longText(LONG_MAX)).toBe('9223372036854775807')
  expect([0.5, true, null, 'x', 1e18].map(exactText)).toEqual([
    ...['0.5', 'true', 'null', 'x'],
    '1000000000000000000',
  ])
})
