// Models: uniform's long way, where members subscribe to different topics.
// Leaves out: nothing. Where subscriptions overlap in part, Kafka too may stop short of balance.
// Source: UniformHeterogeneousAssignmentBuilder; KAFKA-17172.

import type { MemberId } from '../../ids.ts'
import type { GroupMembers } from './assignor.ts'
import { LoadRanges, type MemberNumber } from './load-ranges.ts'
import { ownedByTopic } from './owned-by-topic.ts'
import { compareTopicIds } from './topic-ids.ts'
import type { Slot, SubscribedTopics } from './topics.ts'

/** Kafka's bound: with subscriptions that overlap in part, moves may go on for ever. */
const BALANCE_ROUNDS_MAX = 16

/** Keeps what members have, gives the rest to the least loaded, then evens out topic by topic. */
export function assignMixed(
  members: GroupMembers,
  topics: SubscribedTopics,
): Map<MemberId, Slot[]> {
  const mixed = new Mixed(members, topics)
  mixed.assignFree()
  mixed.balance()
  return mixed.dealt()
}

/** One computation; made for it and dropped after it. */
class Mixed {
  readonly #members: GroupMembers
  readonly #topics: SubscribedTopics
  readonly #subscribers = new Map<string, MemberNumber[]>()
  /** Partitions of each member now, by its number; the balance is over all topics together. */
  readonly #loads: number[]
  /** Where each partition is meant to be; the result is read off this. */
  readonly #ownerOf = new Map<Slot, MemberNumber>()
  /** Most partitions a subscriber first, so that balance has the best chance. */
  readonly #order: readonly string[]

  constructor(members: GroupMembers, topics: SubscribedTopics) {
    this.#members = members
    this.#topics = topics
    this.#loads = [...members.keys()].map(() => 0)
    for (const [number, member] of [...members.values()].entries()) {
      for (const topic of new Set(member.topics)) {
        if (topics.has(topic)) this.#subscribersOf(topic).push(number)
      }
      for (const slot of [...ownedByTopic(member, topics).values()].flat()) this.#give(slot, number)
    }
    const share = (topic: string) => topics.slots(topic).length / this.#subscribersOf(topic).length
    this.#order = [...topics.names].sort(
      (a, b) =>
        share(b) - share(a) ||
        this.#subscribersOf(a).length - this.#subscribersOf(b).length ||
        compareTopicIds(a, b),
    )
  }

  /** Nothing that is owned moves in this step: stickiness comes before balance. */
  assignFree(): void {
    for (const topic of this.#order) {
      const ranges = new LoadRanges(this.#subscribersOf(topic), this.#loads)
      for (const slot of this.#topics.slots(topic)) {
        if (!this.#ownerOf.has(slot)) this.#give(slot, ranges.nextLeast())
      }
    }
  }

  /** Round the topics until one whole round has moved nothing. */
  balance(): void {
    const shared = this.#order.filter((topic) => this.#subscribersOf(topic).length >= 2)
    let lastMoved: string | undefined
    for (let round = 0; round < BALANCE_ROUNDS_MAX; round++) {
      for (const topic of shared) {
        // All the others have been looked at since it moved, and none has: nor would this one.
        if (topic === lastMoved) return
        const moved = this.#balanceTopic(topic)
        if (moved || lastMoved === undefined) lastMoved = topic
      }
    }
  }

  /** By the order of members, as the caller writes its records. */
  dealt(): Map<MemberId, Slot[]> {
    const ids = [...this.#members.keys()]
    const dealt = new Map<MemberId, Slot[]>(ids.map((id) => [id, []]))
    for (const [slot, number] of this.#ownerOf) dealt.get(ids[number] ?? '')?.push(slot)
    return dealt
  }

  /** From the most to the least loaded subscriber. @returns whether anything moved */
  #balanceTopic(topic: string): boolean {
    const ranges = new LoadRanges(this.#subscribersOf(topic), this.#loads)
    const owned = new Map<MemberNumber, Slot[]>()
    for (const slot of this.#topics.slots(topic)) {
      const owner = this.#ownerOf.get(slot) ?? 0
      owned.set(owner, [...(owned.get(owner) ?? []), slot])
    }
    let moved = false
    for (;;) {
      const slot = nextToGive(ranges, owned)
      if (slot === undefined) return moved
      const receiver = ranges.nextLeast()
      // Another move would only make two members change places.
      if (ranges.isBalanced) return moved
      this.#give(slot, receiver)
      moved = true
    }
  }

  /** Loads follow each step: the next choice rests on them. */
  #give(slot: Slot, number: MemberNumber): void {
    const before = this.#ownerOf.get(slot)
    if (before !== undefined) this.#loads[before] = (this.#loads[before] ?? 0) - 1
    this.#ownerOf.set(slot, number)
    this.#loads[number] = (this.#loads[number] ?? 0) + 1
  }

  #subscribersOf(topic: string): MemberNumber[] {
    const subscribers = this.#subscribers.get(topic) ?? []
    this.#subscribers.set(topic, subscribers)
    return subscribers
  }
}

/** The last partition of the most loaded member that has one of the topic. */
function nextToGive(
  ranges: LoadRanges,
  owned: ReadonlyMap<MemberNumber, Slot[]>,
): Slot | undefined {
  for (;;) {
    const giver = ranges.nextMost()
    if (giver === undefined) return undefined
    const slot = owned.get(giver)?.pop()
    if (slot !== undefined) return slot
    ranges.excludeMost()
  }
}
