/** Keys from here on, such as an id that counts down from the largest number, are hashed. */
const DENSE_MAX = 65_536

/**
 * A Map from small whole numbers, for looking up on the hot path: an array finds what a hash would
 * search; only keys below 0 and very large ones, of which there are few, are left to the hash. It
 * is iterated in the order of insertion, as a Map is.
 *
 * The array has no gaps and is not read beyond its end: engines hash a sparse array's indices
 * after all, and a single one of that kind slows the lookup in all others.
 */
export class IndexMap<K extends number, V> {
  readonly #at: (V | undefined)[] = []
  readonly #inOrder = new Map<K, V>()

  get size(): number {
    return this.#inOrder.size
  }

  /** Undefined for a key that was never set or has been deleted. */
  get(key: K): V | undefined {
    return key >= 0 && key < this.#at.length ? this.#at[key] : this.#inOrder.get(key)
  }

  /** Asks the hash, not the array: true also where the value set was undefined. */
  has(key: K): boolean {
    return this.#inOrder.has(key)
  }

  /**
   * A key that is set again keeps its place in the order. The first key of a size lengthens the
   * array up to it, so keys should be dense.
   */
  set(key: K, value: V): void {
    if (key >= 0 && key < DENSE_MAX) {
      while (this.#at.length <= key) this.#at.push(undefined)
      this.#at[key] = value
    }
    this.#inOrder.set(key, value)
  }

  /** @returns whether it was there */
  delete(key: K): boolean {
    if (key >= 0 && key < this.#at.length) this.#at[key] = undefined
    return this.#inOrder.delete(key)
  }

  /** In the order of the first insertion of each key, as a Map's. */
  values(): IterableIterator<V> {
    return this.#inOrder.values()
  }
}
