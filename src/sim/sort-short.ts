/**
 * Puts a short list in order where it stands, equal ones as they were, and makes nothing for it:
 * `Array.prototype.sort` copies even two elements. For a handful; the time grows with the square.
 */
export function sortShort<T>(list: T[], compare: (one: T, other: T) => number): void {
  for (let i = 1; i < list.length; i++) {
    const element = list[i]
    let at = i
    while (at > 0 && compare(list[at - 1], element) > 0) {
      list[at] = list[at - 1]
      at--
    }
    list[at] = element
  }
}
