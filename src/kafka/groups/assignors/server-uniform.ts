// Models: uniform, KIP-848's default: as even as can be, then with as few moves as possible.
// Leaves out: racks, which the broker's assignors do not heed either; how releases before 4.1
// dealt the surplus (to the first members, whether or not another had it already).
// Source: org.apache.kafka.coordinator.group.assignor.UniformAssignor,
// UniformHomogeneousAssignmentBuilder; KIP-848.

import { inHashOrder } from '../../hash-order.ts'
import type { MemberId, PartitionIndex } from '../../ids.ts'
import type { GroupMembers, PartitionAssignor } from './assignor.ts'
import { ownedByTopic } from './owned-by-topic.ts'
import { assignMixed } from './server-uniform-mixed.ts'
import { inIdHashOrder } from './topic-ids.ts'
import { type Slot, SubscribedTopics } from './topics.ts'

/** The coordinator's order of members matters: the surplus goes to those listed last. */
export const serverUniform: PartitionAssignor = {
  name: 'uniform',
  protocol: 'server',
  assign(members, partitionsPerTopic) {
    const topics = new SubscribedTopics(members, partitionsPerTopic)
    const dealt = isHomogeneous(members)
      ? assignHomogeneous(members, topics)
      : assignMixed(members, topics)
    const assignment = new Map<MemberId, readonly PartitionIndex[]>()
    for (const id of members.keys()) {
      const slots = [...(dealt.get(id) ?? [])].sort((a, b) => a - b)
      assignment.set(
        id,
        slots.map((slot) => topics.partition(slot)),
      )
    }
    return assignment
  },
}

/** All subscribe to the same topics: then shares can be reckoned without looking at topics. */
function isHomogeneous(members: GroupMembers): boolean {
  const counts = new Map<string, number>()
  for (const { topics } of members.values()) {
    for (const topic of new Set(topics)) counts.set(topic, (counts.get(topic) ?? 0) + 1)
  }
  return [...counts.values()].every((count) => count === members.size)
}

/**
 * 1. Whoever has too many gives up the last of what it has. 2. What is free goes to those below
 * their share, in the order of the hash table that Kafka walks. So a round moves the fewest it can.
 */
function assignHomogeneous(members: GroupMembers, topics: SubscribedTopics): Map<MemberId, Slot[]> {
  const taken = new Set<Slot>()
  for (const member of members.values()) {
    for (const slots of ownedByTopic(member, topics).values()) {
      for (const slot of slots) taken.add(slot)
    }
  }
  const free = inIdHashOrder(topics.names)
    .flatMap((topic) => topics.slots(topic))
    .filter((slot) => !taken.has(slot))
  const quotas = new Quotas(topics.size, members.size)
  const dealt = new Map<MemberId, Slot[]>()
  for (const [id, member] of members) {
    const owned = ownedByTopic(member, topics)
    const number = (slot: Slot) => topics.number(slot)
    const inOrder = inIdHashOrder(owned.keys()).flatMap((topic) =>
      inHashOrder(new Set(owned.get(topic)), number),
    )
    const kept = inOrder.slice(0, quotas.most)
    free.push(...inOrder.slice(kept.length))
    dealt.set(id, kept)
    quotas.keep(id, kept.length)
  }
  for (const [id, room] of quotas.rooms()) dealt.get(id)?.push(...free.splice(0, room))
  return dealt
}

/** How many partitions each member gets: the quotient, and one more to as many as remain. */
class Quotas {
  /** Everybody’s share, rounded down. */
  readonly #min: number
  #extra: number
  /** In the coordinator’s order of members: the surplus goes to the last ones. */
  readonly #unfilled: { readonly id: MemberId; room: number }[] = []

  constructor(partitions: number, members: number) {
    this.#min = Math.floor(partitions / Math.max(1, members))
    this.#extra = partitions % Math.max(1, members)
  }

  /** The most that the next member may keep. */
  get most(): number {
    return this.#min + (this.#extra > 0 ? 1 : 0)
  }

  /** A member that has one over the quotient keeps it; else it takes part in the rest. */
  keep(id: MemberId, count: number): void {
    if (count > this.#min) this.#extra--
    else if (count < this.#min || this.#extra > 0) {
      this.#unfilled.push({ id, room: this.#min - count })
    }
  }

  /** What each unfilled member still gets; those listed last get the surplus. */
  rooms(): Map<MemberId, number> {
    const surplus = this.#unfilled.slice(Math.max(0, this.#unfilled.length - this.#extra))
    for (const member of surplus) member.room++
    this.#extra = 0
    return new Map(this.#unfilled.map(({ id, room }) => [id, room]))
  }
}
