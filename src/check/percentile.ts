/**
 * Nearest-rank percentile of ascending values: the smallest value with at least `share` of all
 * values at or below it. Null without values.
 */
export function nearestRank(ascending: readonly number[], share: number): number | null {
  const rank = Math.max(1, Math.ceil(ascending.length * share))
  return ascending[rank - 1] ?? null
}
