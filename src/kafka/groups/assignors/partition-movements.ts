// Models: who a partition went from and to while an assignment is balanced.
// Leaves out: hash sets that were larger once, where Java's order depends on it.
// Source: AbstractStickyAssignor.PartitionMovements.

import { inHashOrder } from '../../hash-order.ts'
import type { MemberId } from '../../ids.ts'
import type { Slot, SubscribedTopics } from './topics.ts'

/** Of one partition, from its owner at the beginning to the one that it has now. */
interface Movement {
  readonly from: MemberId
  readonly to: MemberId
}

/** Keeps partitions of one topic from being swapped between two members for nothing. */
export class PartitionMovements {
  readonly #topics: SubscribedTopics
  readonly #movements = new Map<Slot, Movement>()
  /** By topic and pair of members. */
  readonly #moved = new Map<string, Set<Slot>>()

  constructor(topics: SubscribedTopics) {
    this.#topics = topics
  }

  /** Notes a move; several of one partition count as one from its first owner (movePartition). */
  move(slot: Slot, from: MemberId, to: MemberId): void {
    const before = this.#movements.get(slot)
    if (before === undefined) {
      this.#record(slot, { from, to })
      return
    }
    this.#movements.delete(slot)
    this.#moved.get(this.#key(slot, before))?.delete(slot)
    // A partition that is back where it was has not moved at all.
    if (before.from !== to) this.#record(slot, { from: before.from, to })
  }

  /**
   * The partition to move instead, so that stickiness holds: where one of the topic has gone the
   * other way, that one goes back.
   */
  actual(slot: Slot, from: MemberId, to: MemberId): Slot {
    const origin = this.#movements.get(slot)?.from ?? from
    const reverse = this.#moved.get(this.#key(slot, { from: to, to: origin }))
    if (reverse === undefined || reverse.size === 0) return slot
    const [first] = inHashOrder(reverse, (other) => this.#topics.hash(other))
    return first ?? slot
  }

  #record(slot: Slot, movement: Movement): void {
    this.#movements.set(slot, movement)
    const key = this.#key(slot, movement)
    const moved = this.#moved.get(key)
    if (moved === undefined) this.#moved.set(key, new Set([slot]))
    else moved.add(slot)
  }

  #key(slot: Slot, { from, to }: Movement): string {
    return JSON.stringify([this.#topics.topic(slot), from, to])
  }
}
