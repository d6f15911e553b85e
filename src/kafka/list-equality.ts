// Models: when two lists say the same: in their order, or as sets whose order says nothing.
// Leaves out: sets with a member named twice, which Kafka has none of.
// Source: java.util.AbstractList.equals, java.util.AbstractSet.equals.

/** The same members in the same order. */
export function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i])
}

/** The same members in whatever order. */
export function sameSet<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one))
}
