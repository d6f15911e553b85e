// A time that Kafka's rules bound from both sides, and what 1,000 seeds say of it.

import { quantile } from '../real-kafka/quantile.ts'

export interface Bound {
  readonly id: string
  readonly what: string
  /** KIP or class from which the range follows. */
  readonly source: string
  /** Milliseconds, both ends inclusive. */
  readonly from: number
  readonly to: number
  /** Why the rule does not spread over the range; null where it does. */
  readonly unfilledBecause: string | null
}

/** Values of one scene by the id of their bound; a run may show only some of them. */
export type Observed = Readonly<Record<string, number>>

export interface Verdict {
  readonly bound: Bound
  readonly n: number
  readonly min: number
  readonly p5: number
  readonly median: number
  readonly p95: number
  readonly max: number
  /** Every value lies inside the bound. */
  readonly isContained: boolean
  /** The 5th and the 95th percentile lie within a fifth of the range from its ends. */
  readonly isFilled: boolean
}

/** So much of the range may be empty at either end. */
const EMPTY_SHARE = 0.2
/** Two clocks of whole microseconds and their sum, in ms. */
const ROUNDING_MS = 0.01

export function judgeBound(bound: Bound, values: readonly number[]): Verdict {
  const sorted = [...values].sort((a, b) => a - b)
  const [min, p5, median, p95, max] = [0, 0.05, 0.5, 0.95, 1].map((q) => quantile(sorted, q))
  const { from, to } = bound
  const empty = EMPTY_SHARE * (to - from)
  return {
    bound,
    n: sorted.length,
    min,
    p5,
    median,
    p95,
    max,
    isContained: min >= from - ROUNDING_MS && max <= to + ROUNDING_MS,
    isFilled: p5 <= from + empty && p95 >= to - empty,
  }
}

/** A bound passes if nothing lies outside and, unless the rule itself is narrower, it is filled. */
export function passes({ bound, isContained, isFilled }: Verdict): boolean {
  return isContained && (isFilled || bound.unfilledBecause !== null)
}
