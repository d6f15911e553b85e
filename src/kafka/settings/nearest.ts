// Models: nothing of Kafka; finds the name that a mistyped one most likely meant.
// Leaves out: transpositions as one step (they count as two).
// Source: Levenshtein distance.

/** Longer texts are no slips of the pen, and comparing them would take its time. */
const LENGTH_MAX = 100

/** The candidate nearest to a name, or null when none is near enough to be meant. */
export function nearestName(name: string, candidates: Iterable<string>): string | null {
  if (name.length > LENGTH_MAX) return null
  let best: string | null = null
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), bestDistance)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Single-character edits from a to b; gives up and returns `limit` where it is not below. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const cost = Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1)
      next.push(cost)
      least = Math.min(least, cost)
    }
    // No row below can get better than its best cell.
    if (least >= limit) return limit
    row = next
  }
  return row[b.length] ?? limit
}
