// Models: which partitions a sticky assignor believes its members to own, where two claim one.
// Leaves out: generations remembered by the assignor from earlier rounds; a claim on a partition
// that is gone is dropped (Kafka keeps it where the topic was made again with fewer partitions).
// Source: AbstractStickyAssignor.allSubscriptionsEqual, prepopulateCurrentAssignments; KIP-792.

import { hashOfText, inHashOrder } from '../../hash-order.ts'
import { type GenerationId, type MemberId, NO_GENERATION } from '../../ids.ts'
import type { AssignedMember, GroupMembers } from './assignor.ts'
import type { Slot, SubscribedTopics } from './topics.ts'

/** A claim of an earlier generation than the newest. */
export interface EarlierOwner {
  readonly member: MemberId
  readonly generation: GenerationId
}

/** What members say they own, reconciled. */
export class Claims {
  /** All members subscribe to the same topics. */
  readonly allEqual: boolean
  /** In the order in which Java's HashMap walks the members: it decides who may keep most. */
  readonly owned = new Map<MemberId, Slot[]>()
  /** Claimed by two members in one generation: nobody's. */
  readonly contested = new Set<Slot>()
  /** Owners of generations before the newest. */
  readonly earlier = new Map<Slot, EarlierOwner>()

  constructor(members: GroupMembers, topics: SubscribedTopics) {
    const order = inHashOrder(new Set(members.keys()), hashOfText)
    this.allEqual = subscriptionsEqual(order, members)
    const owners = new Map<Slot, MemberId>()
    for (const id of order) {
      this.owned.set(id, [])
      for (const slot of claimed(members.get(id), topics)) this.#claim(id, slot, members, owners)
    }
    const newest = Math.max(NO_GENERATION, ...[...members.values()].map((m) => m.generation))
    for (const id of order) {
      const generation = members.get(id)?.generation ?? NO_GENERATION
      if (generation >= newest) continue
      for (const slot of claimed(members.get(id), topics)) {
        const known = this.earlier.get(slot)
        if (known === undefined || generation > known.generation) {
          this.earlier.set(slot, { member: id, generation })
        }
      }
    }
  }

  #claim(id: MemberId, slot: Slot, members: GroupMembers, owners: Map<Slot, MemberId>): void {
    const other = owners.get(slot)
    if (other !== undefined) {
      const generation = members.get(id)?.generation ?? NO_GENERATION
      const otherGeneration = members.get(other)?.generation ?? NO_GENERATION
      // It slept through a rebalance: what it believes to own was dealt to another since (KIP-792).
      if (generation < otherGeneration) return
      remove(this.owned.get(other), slot)
      owners.set(slot, id)
      if (generation === otherGeneration) {
        this.contested.add(slot)
        return
      }
    }
    owners.set(slot, id)
    this.owned.get(id)?.push(slot)
  }
}

function claimed(member: AssignedMember | undefined, topics: SubscribedTopics): Slot[] {
  const slots = member?.ownedPartitions.map((partition) => topics.slotOf(partition)) ?? []
  return slots.filter((slot) => slot !== undefined)
}

/** Compared with the first member that subscribes to anything, as Kafka does. */
function subscriptionsEqual(order: readonly MemberId[], members: GroupMembers): boolean {
  let reference = new Set<string>()
  for (const id of order) {
    const topics = members.get(id)?.topics ?? []
    if (reference.size === 0) reference = new Set(topics)
    else if (topics.length !== reference.size) return false
    else if (!topics.every((topic) => reference.has(topic))) return false
  }
  return true
}

/** Takes one element out of a list, where it is there. */
export function remove<T>(list: T[] | undefined, element: T): void {
  const at = list?.indexOf(element) ?? -1
  if (at !== -1) list?.splice(at, 1)
}
