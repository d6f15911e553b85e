/**
 * A Map from small whole numbers, for looking up on the hot path: an array finds what a hash would
 * search; only keys below 0, of which there are few, are left to the hash. It is iterated in the
 * order of insertion, as a Map is.
 */
export class IndexMap<K extends number, V> {
  readonly #at: (V | undefined)[] = []
  readonly #inOrder = new Map<K, V>()

  get size(): number {
    return this.#inOrder.size
  }

  get(key: K): V | undefined {
    return key >= 0 ? this.#at[key] : this.#inOrder.get(key)
  }

  has(key: K): boolean {
    return this.#inOrder.has(key)
  }

  set(key: K, value: V): void {
    if (key >= 0) this.#at[key] = value
    this.#inOrder.set(key, value)
  }

  /** @returns whether it was there */
  delete(key: K): boolean {
    if (key >= 0) this.#at[key] = undefined
    return this.#inOrder.delete(key)
  }

  values(): IterableIterator<V> {
    return this.#inOrder.values()
  }
}
