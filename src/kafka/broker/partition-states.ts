// Models: a fetcher's partitions in the order in which they are asked for.
// Leaves out: grouping by topic, which only shortens requests.
// Source: org.apache.kafka.common.internals.PartitionStates.

import { invariant } from '../../sim/invariant.ts'
import type { Checked } from '../../sim/state-checks.ts'
import type { PartitionIndex } from '../ids.ts'

/** What is known of one partition, with its neighbours in the order. */
export interface InTurn<S> {
  readonly partition: { readonly index: PartitionIndex }
  previous: S | null
  next: S | null
}

/**
 * A chain, because whoever is served goes to its end, which is the most frequent thing that happens
 * to it.
 */
export class PartitionStates<S extends InTurn<S>> implements Checked {
  size = 0
  #first: S | null = null
  #last: S | null = null
  readonly #byIndex: (S | undefined)[] = []

  /** Whose turn is next; the others follow by `next`. */
  get first(): S | null {
    return this.#first
  }

  /** Undefined for a partition that is followed by another thread, or by none. */
  get(index: PartitionIndex): S | undefined {
    return this.#byIndex[index]
  }

  /** Failed and delayed ones too: they are followed, though not asked for. */
  has(index: PartitionIndex): boolean {
    return this.#byIndex[index] !== undefined
  }

  /** Adds a partition at the end, or puts another state in the place of its old one. */
  set(index: PartitionIndex, state: S): void {
    const known = this.#byIndex[index]
    this.#byIndex[index] = state
    if (known === undefined) {
      this.size++
      this.#append(state)
    } else {
      this.#insert(state, known.previous, known.next)
      known.previous = null
      known.next = null
    }
  }

  /** @returns whether it was here */
  delete(index: PartitionIndex): boolean {
    const state = this.#byIndex[index]
    if (state === undefined) return false
    this.#byIndex[index] = undefined
    this.size--
    this.#unlink(state)
    return true
  }

  /** Takes out one by one, so that no state that somebody holds knows a neighbour any more. */
  clear(): void {
    for (const state of [...this]) this.delete(state.partition.index)
  }

  /** A partition that is here has its turn behind all others. */
  moveToEnd(state: S): void {
    if (state === this.#last) return
    this.#unlink(state)
    this.#append(state)
  }

  /** In turn. Take a copy before a loop that deletes or moves. */
  *[Symbol.iterator](): Generator<S> {
    for (let state = this.#first; state !== null; state = state.next) yield state
  }

  /** The chain is one, in both directions, and the index knows it. @throws InvariantViolation */
  assertWhole(): void {
    let count = 0
    let previous: S | null = null
    for (let state = this.#first; state !== null; state = state.next) {
      const { index } = state.partition
      invariant(state.previous === previous, 'neighbours know each other', { index })
      invariant(this.#byIndex[index] === state, 'who is in turn is found by index', { index })
      previous = state
      count++
    }
    const { size } = this
    invariant(count === size, 'each partition has its turn', { count, size })
  }

  #append(state: S): void {
    this.#insert(state, this.#last, null)
  }

  #insert(state: S, previous: S | null, next: S | null): void {
    state.previous = previous
    state.next = next
    if (previous === null) this.#first = state
    else previous.next = state
    if (next === null) this.#last = state
    else next.previous = state
  }

  #unlink(state: S): void {
    const { previous, next } = state
    if (previous === null) this.#first = next
    else previous.next = next
    if (next === null) this.#last = previous
    else next.previous = previous
    state.previous = null
    state.next = null
  }
}
