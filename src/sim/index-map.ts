/**
 * A Map from small whole numbers, none below 0, for looking up on the hot path: an array finds
 * what a hash would search. It is iterated in the order of insertion, as a Map is.
 */
export class IndexMap<K extends number, V> {
  readonly #at: (V | undefined)[] = []
  readonly #inOrder = new Map<K, V>()

  get size(): number {
    return this.#inOrder.size
  }

  get(key: K): V | undefined {
    return this.#at[key]
  }

  has(key: K): boolean {
    return this.#inOrder.has(key)
  }

  set(key: K, value: V): void {
    this.#at[key] = value
    this.#inOrder.set(key, value)
  }

  /** @returns whether it was there */
  delete(key: K): boolean {
    this.#at[key] = undefined
    return this.#inOrder.delete(key)
  }

  values(): IterableIterator<V> {
    return this.#inOrder.values()
  }
}
