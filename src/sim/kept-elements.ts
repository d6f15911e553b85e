/**
 * How many elements `now` begins with that stand in `before` too, in the same order: those of a
 * list of which some were taken out, and others put at its end. Compares and never opens them.
 */
export function keptElements<T>(before: readonly T[], now: readonly T[]): number {
  if (before === now) return now.length
  let kept = 0
  for (let i = 0; i < before.length; i++) if (before[i] === now[kept]) kept++
  return kept
}
