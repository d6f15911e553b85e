import { invariant } from './invariant.ts'

/** The names of the rows of a table that is written out whole: the compiler keeps knowing them. */
export function keysOf<T extends object>(table: T): (keyof T & string)[] {
  return Object.keys(table).filter((name) => isKeyOf(table, name))
}

/** Whether a table has a row of its own under that name. */
export function isKeyOf<T extends object>(table: T, name: PropertyKey): name is keyof T & string {
  return typeof name === 'string' && Object.hasOwn(table, name)
}

/** A table with one row for each name. */
export function tableOf<K extends string, V>(
  names: readonly K[],
  rowOf: (name: K) => V,
): Record<K, V> {
  const table: Partial<Record<K, V>> = {}
  for (const name of names) table[name] = rowOf(name)
  return whole(table, names)
}

/** A table with some of the rows of another. */
export function pick<T extends object, K extends keyof T>(
  table: T,
  names: readonly K[],
): Pick<T, K> {
  const picked: Partial<Pick<T, K>> = {}
  for (const name of names) picked[name] = table[name]
  return whole(picked, names)
}

/**
 * A table that was filled row by row, once every row is there.
 * @throws InvariantViolation where one is missing
 */
export function whole<T extends object>(table: Partial<T>, names: readonly (keyof T)[]): T {
  invariant(hasEvery(table, names), 'a table has a row for each of its names')
  return table
}

function hasEvery<T extends object>(table: Partial<T>, names: readonly (keyof T)[]): table is T {
  return names.every((name) => Object.hasOwn(table, name))
}
