// A whole number as text, to its last digit.

/** 2^63 - 1, the largest whole number of 64 bits; as a double it is one more. */
export const LONG_MAX = 9.223372036854776e18
const LONG_MAX_TEXT = '9223372036854775807'

/** Digits alone, never an exponent, of a whole number of at most 64 bits. */
export function longText(value: number): string {
  return value >= LONG_MAX ? LONG_MAX_TEXT : BigInt(value).toString()
}

/** What JavaScript would print, but whole numbers to their last digit. */
export function exactText(value: unknown): string {
  return typeof value === 'number' && Number.isInteger(value) ? longText(value) : String(value)
}
