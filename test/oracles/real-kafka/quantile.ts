// Order statistics of small samples: linear interpolation between the closest ranks.

/** The q-quantile (0..1) of ascending `sorted`; NaN for an empty sample. */
export function quantile(sorted: readonly number[], q: number): number {
  if (sorted.length === 0) return Number.NaN
  const rank = q * (sorted.length - 1)
  const below = Math.floor(rank)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (sorted[above] - sorted[below]) * (rank - below)
}

export interface Spread {
  readonly min: number
  readonly p5: number
  readonly median: number
  readonly p95: number
  readonly max: number
  readonly quartileLow: number
  readonly quartileHigh: number
}

/** Summary of a sample in any order. */
export function spreadOf(sample: readonly number[]): Spread {
  const sorted = [...sample].sort((a, b) => a - b)
  return {
    min: quantile(sorted, 0),
    p5: quantile(sorted, 0.05),
    median: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    max: quantile(sorted, 1),
    quartileLow: quantile(sorted, 0.25),
    quartileHigh: quantile(sorted, 0.75),
  }
}
