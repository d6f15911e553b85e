// Ids of nodes: unique over all clusters of a scenario, so that "broker 4" is one machine wherever
// it is read. Ids that the file gives come before those that are handed out.

/** `next` only looks: whoever takes the id must claim it. */
export class NodeIds {
  readonly #written: ReadonlySet<number>
  readonly #given = new Set<number>()
  #free = 1

  /** @param written every id that the file gives, in whatever cluster */
  constructor(written: Iterable<number>) {
    this.#written = new Set(written)
  }

  /** The lowest id that no node has or asks for. */
  next(): number {
    while (this.#written.has(this.#free) || this.#given.has(this.#free)) this.#free++
    return this.#free
  }

  /** Gives an id to a node; false where another node has it. */
  claim(id: number): boolean {
    if (this.#given.has(id)) return false
    this.#given.add(id)
    return true
  }
}
