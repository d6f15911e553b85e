/**
 * Simulated time is an integer number of microseconds since the start of a run.
 * 2^53 of them are 285 years, so a plain number never rounds.
 */
export type Micros = number & { readonly __unit?: 'us' }

export const MS: Micros = 1_000
export const SECOND: Micros = 1_000_000
/** Later than any event: the deadline of a timer that is not armed. */
export const NEVER: Micros = Number.MAX_SAFE_INTEGER

/** Milliseconds as microseconds, rounded to a whole one. */
export function millis(n: number): Micros {
  return Math.floor(n * MS + 0.5)
}

/** Seconds as microseconds, rounded to a whole one. */
export function seconds(n: number): Micros {
  return Math.floor(n * SECOND + 0.5)
}
