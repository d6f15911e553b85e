// Models: when an assignor heeds racks, and whether a member is near a partition.
// Leaves out: whether a replica is online or in sync; Kafka's assignors do not ask either.
// Source: AbstractPartitionAssignor.useRackAwareAssignment; KIP-881.

import type { MemberId } from '../../ids.ts'
import type { GroupMembers } from './assignor.ts'
import type { Slot, SubscribedTopics } from './topics.ts'

/**
 * Racks matter where members and replicas share one, and not every partition is in all racks.
 */
export function useRackAware(
  memberRacks: readonly string[],
  partitionRacks: readonly (readonly string[])[],
): boolean {
  const all = new Set(partitionRacks.flat())
  // With replicas in all racks everybody is near everything, and racks would only disturb balance.
  if (!memberRacks.some((rack) => all.has(rack))) return false
  return partitionRacks.some((racks) => new Set(racks).size !== all.size)
}

/** Racks as the sticky assignors see them; empty of all where they do not matter. */
export class RackInfo {
  readonly isUsed: boolean
  readonly #members: GroupMembers
  readonly #topics: SubscribedTopics
  readonly #membersByRack = new Map<string, number>()

  constructor(members: GroupMembers, topics: SubscribedTopics) {
    this.#members = members
    this.#topics = topics
    for (const { rack } of members.values()) {
      if (rack !== '') this.#membersByRack.set(rack, (this.#membersByRack.get(rack) ?? 0) + 1)
    }
    const partitionRacks: (readonly string[])[] = []
    for (let slot = 0; slot < topics.size; slot++) partitionRacks.push(topics.racks(slot))
    this.isUsed = useRackAware([...this.#membersByRack.keys()], partitionRacks)
  }

  /** The member is in a rack and the partition has no replica there. */
  mismatch(member: MemberId, slot: Slot): boolean {
    const rack = this.#rackOf(member)
    return rack !== '' && !this.#topics.racks(slot).includes(rack)
  }

  /** The first member in the circle from `start` on in a rack of the partition; -1 if none. */
  nextInRack(slot: Slot, members: readonly MemberId[], start: number): number {
    for (let i = 0; i < members.length; i++) {
      const at = (start + i) % members.length
      const rack = this.#rackOf(members[at] ?? '')
      if (rack !== '' && this.#topics.racks(slot).includes(rack)) return at
    }
    return -1
  }

  /** Those with the fewest members near them first. */
  scarceFirst(slots: readonly Slot[]): Slot[] {
    const near = (slot: Slot) => {
      const racks = new Set(this.#topics.racks(slot))
      return [...racks].reduce((sum, rack) => sum + (this.#membersByRack.get(rack) ?? 0), 0)
    }
    const counts = new Map(slots.map((slot) => [slot, near(slot)]))
    return [...slots].sort((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0))
  }

  #rackOf(member: MemberId): string {
    return this.isUsed ? (this.#members.get(member)?.rack ?? '') : ''
  }
}
