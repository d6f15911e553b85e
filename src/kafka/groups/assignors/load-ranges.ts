// Models: which subscriber of a topic takes the next partition, and which one gives one away.
// Leaves out: nothing.
// Source: UniformHeterogeneousAssignmentBuilder.MemberAssignmentBalancer.

/** A member's place in the coordinator's list. */
export type MemberNumber = number & { readonly __unit?: 'memberNumber' }

/**
 * The subscribers of a topic by load. The least loaded form a range that receives in turn and
 * grows as its level rises; the most loaded form one that gives in turn and grows as it falls.
 */
export class LoadRanges {
  readonly #sorted: MemberNumber[]
  readonly #loads: readonly number[]
  #leastEnd = 0
  #leastLoad: number
  #nextLeast = 0
  #mostStart: number
  /** Members beyond have no partition of the topic to give. */
  #mostEnd: number
  #mostLoad: number
  #nextMost: number

  /** @param loads partitions of each member; those of the members here change as they are dealt */
  constructor(members: readonly MemberNumber[], loads: readonly number[]) {
    const load = (member: MemberNumber | undefined) => loads[member ?? -1] ?? 0
    this.#loads = loads
    this.#sorted = [...members].sort((a, b) => load(a) - load(b) || a - b)
    this.#leastLoad = load(this.#sorted[0]) - 1
    this.#mostLoad = load(this.#sorted.at(-1)) + 1
    this.#mostStart = this.#sorted.length
    this.#mostEnd = this.#sorted.length
    this.#nextMost = this.#sorted.length - 1
  }

  /** The levels of both ranges differ by one at most. */
  get isBalanced(): boolean {
    return this.#mostLoad - this.#leastLoad <= 1
  }

  /** The member that receives next; the caller gives it a partition. */
  nextLeast(): MemberNumber {
    if (this.#nextLeast >= this.#leastEnd) {
      this.#leastLoad++
      while (
        this.#leastEnd < this.#sorted.length &&
        this.#loadAt(this.#leastEnd) === this.#leastLoad
      )
        this.#leastEnd++
      this.#nextLeast = 0
    }
    return this.#sorted[this.#nextLeast++] ?? 0
  }

  /** The member that gives next; undefined where nobody has anything to give. */
  nextMost(): MemberNumber | undefined {
    if (this.#nextMost < this.#mostStart) {
      const isEmpty = this.#mostEnd <= this.#mostStart && this.#mostStart > 0
      if (isEmpty) this.#mostLoad = this.#loadAt(this.#mostStart - 1)
      else this.#mostLoad--
      while (this.#mostStart > 0 && this.#loadAt(this.#mostStart - 1) === this.#mostLoad)
        this.#mostStart--
      this.#nextMost = this.#mostEnd - 1
    }
    return this.#nextMost < 0 ? undefined : this.#sorted[this.#nextMost--]
  }

  /** The member that nextMost named has nothing to give. */
  excludeMost(): void {
    const at = this.#nextMost + 1
    const last = this.#mostEnd - 1
    const excluded = this.#sorted[at] ?? 0
    this.#sorted[at] = this.#sorted[last] ?? 0
    this.#sorted[last] = excluded
    this.#mostEnd = last
  }

  #loadAt(at: number): number {
    return this.#loads[this.#sorted[at] ?? -1] ?? 0
  }
}
