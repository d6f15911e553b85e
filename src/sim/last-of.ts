/**
 * The last element; undefined where there is none. Not `list[list.length - 1]` on a hot path: −1 is
 * no index but the name of a property, and a lookup that has met a name once stays slow for all
 * lists that come to it.
 */
export function lastOf<T>(list: readonly T[]): T | undefined {
  return list.length > 0 ? list[list.length - 1] : undefined
}
