// Models: the members of a group in order of how many partitions each has.
// Leaves out: nothing.
// Source: AbstractStickyAssignor.SubscriptionComparator over a java.util.TreeSet.

import type { MemberId } from '../../ids.ts'
import { compareText } from './member-order.ts'

/** Least loaded first, then by id; a load may change only while its member is out. */
export class MembersByLoad {
  readonly #members: MemberId[] = []
  readonly #loadOf: (member: MemberId) => number

  constructor(members: Iterable<MemberId>, loadOf: (member: MemberId) => number) {
    this.#loadOf = loadOf
    for (const member of members) this.add(member)
  }

  get all(): readonly MemberId[] {
    return this.#members
  }

  /** undefined where there is no member. */
  get least(): MemberId | undefined {
    return this.#members[0]
  }

  get most(): MemberId | undefined {
    return this.#members.at(-1)
  }

  /** Finds its place by its load of now; equal loads go by id. */
  add(member: MemberId): void {
    this.#members.splice(this.#place(member), 0, member)
  }

  /**
   * Before its load changes, else it is not found where it stands and stays. A stranger is ignored.
   */
  remove(member: MemberId): void {
    const at = this.#place(member)
    if (this.#members[at] === member) this.#members.splice(at, 1)
  }

  /** Where the member is, or would be: a binary search. */
  #place(member: MemberId): number {
    const load = this.#loadOf(member)
    let [low, high] = [0, this.#members.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = this.#members[middle] ?? ''
      const order = this.#loadOf(other) - load || compareText(other, member)
      if (order < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
