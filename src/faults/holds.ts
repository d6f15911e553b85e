// Who keeps what down. Faults overlap: a process or host comes back when the last fault that
// holds it lets go, and not before.

/** Counts holds for each thing; things are told apart as keys of a Map. */
export class Holds<T> {
  readonly #counts = new Map<T, number>()

  /** Returns the release, which names those that nothing holds any more; it works once. */
  take(things: readonly T[]): () => T[] {
    for (const thing of things) this.#counts.set(thing, (this.#counts.get(thing) ?? 0) + 1)
    let isHeld = true
    return () => {
      if (!isHeld) return []
      isHeld = false
      return things.filter((thing) => this.#letGo(thing))
    }
  }

  /** Whether any fault still keeps it down. */
  isHeld(thing: T): boolean {
    return this.#counts.has(thing)
  }

  /** Forgets every hold on a thing; releases of those holds no longer name it. */
  clear(thing: T): void {
    this.#counts.delete(thing)
  }

  #letGo(thing: T): boolean {
    const count = this.#counts.get(thing)
    if (count === undefined) return false
    if (count > 1) this.#counts.set(thing, count - 1)
    else this.#counts.delete(thing)
    return count === 1
  }
}
