// Models: range: each topic cut into as many ranges as it has subscribers, near racks first.
// Leaves out: nothing; it has no memory.
// Source: org.apache.kafka.clients.consumer.RangeAssignor; KIP-881.

import type { MemberId, PartitionIndex } from '../../ids.ts'
import type { GroupMembers, PartitionAssignor } from './assignor.ts'
import { inMemberOrder } from './member-order.ts'
import { useRackAware } from './racks.ts'
import { type Slot, SubscribedTopics } from './topics.ts'

/**
 * Balance of each topic goes before nearness, and so does co-partitioning: topics with the same
 * subscribers and as many partitions give partition n of each to one member.
 */
export const range: PartitionAssignor = {
  name: 'range',
  protocol: 'eager',
  assign(members, partitionsPerTopic) {
    const topics = new SubscribedTopics(members, partitionsPerTopic)
    const order = inMemberOrder(members)
    const dealt = new Map<MemberId, Slot[]>()
    for (const id of members.keys()) dealt.set(id, [])
    const states = topics.inHashOrder.map((topic) => {
      const subscribers = order.filter((id) => members.get(id)?.topics.includes(topic))
      return new TopicState(topics, topic, subscribers, members, dealt)
    })
    const isRackAware = states.some((state) => state.needsRacks)
    if (isRackAware) for (const group of coPartitioned(states)) assignNear(group)
    for (const state of states) state.assignRanges(() => true)
    const assignment = new Map<MemberId, readonly PartitionIndex[]>()
    for (const [id, slots] of dealt) {
      // The near step has taken some out of the middle; a member is told its partitions in order.
      if (isRackAware) slots.sort((a, b) => a - b)
      assignment.set(
        id,
        slots.map((slot) => topics.partition(slot)),
      )
    }
    return assignment
  },
}

/** One topic on its way to being dealt. */
class TopicState {
  /** In the order of members, static ones first: it says who gets the larger ranges. */
  readonly subscribers: readonly MemberId[]
  /**
   * Nearness would change something: members and replicas have racks, and not all the same ones.
   */
  readonly needsRacks: boolean
  /** Its partitions by number: a range is a run of these. */
  readonly slots: readonly Slot[]
  /** Whether any subscriber names a rack; without, the topic takes no part in matching. */
  readonly hasRacks: boolean
  readonly #topics: SubscribedTopics
  readonly #members: GroupMembers
  readonly #dealt: ReadonlyMap<MemberId, Slot[]>
  /** What nobody has yet, in order; the near step takes some out of the middle. */
  readonly #unassigned: Set<Slot>
  readonly #counts = new Map<MemberId, number>()
  /** Partitions by subscribers, rounded down; `withExtra` members may have one more. */
  readonly #quota: number
  #withExtra: number

  constructor(
    topics: SubscribedTopics,
    topic: string,
    subscribers: readonly MemberId[],
    members: GroupMembers,
    dealt: ReadonlyMap<MemberId, Slot[]>,
  ) {
    this.#topics = topics
    this.#members = members
    this.#dealt = dealt
    this.subscribers = subscribers
    this.slots = topics.slots(topic)
    this.#unassigned = new Set(this.slots)
    this.#quota = Math.floor(this.slots.length / subscribers.length)
    this.#withExtra = this.slots.length % subscribers.length
    const memberRacks = subscribers.map((id) => this.#rackOf(id)).filter((rack) => rack !== '')
    const partitionRacks = this.slots.map((slot) => topics.racks(slot))
    this.hasRacks = memberRacks.length > 0
    this.needsRacks = useRackAware(memberRacks, partitionRacks)
  }

  /** A member without a rack is near everything. */
  isNear(member: MemberId, slot: Slot): boolean {
    const rack = this.#rackOf(member)
    return rack === '' || this.#topics.racks(slot).includes(rack)
  }

  /** While extras are left everybody has room for one: who comes first takes it. */
  room(member: MemberId): number {
    const most = this.#quota + (this.#withExtra > 0 ? 1 : 0)
    return Math.max(0, most - (this.#counts.get(member) ?? 0))
  }

  /** Each in turn takes what it has room for, from the lowest number on. */
  assignRanges(mayAssign: (member: MemberId, slot: Slot) => boolean): void {
    for (const member of this.subscribers) {
      const wanted = [...this.#unassigned].filter((slot) => mayAssign(member, slot))
      const slots = wanted.slice(0, this.room(member))
      if (slots.length > 0) this.assign(member, slots)
    }
  }

  /** The first partition above the quota uses up one of the extras. */
  assign(member: MemberId, slots: readonly Slot[]): void {
    const count = (this.#counts.get(member) ?? 0) + slots.length
    this.#counts.set(member, count)
    if (count > this.#quota) this.#withExtra--
    for (const slot of slots) this.#unassigned.delete(slot)
    this.#dealt.get(member)?.push(...slots)
  }

  #rackOf(member: MemberId): string {
    return this.#members.get(member)?.rack ?? ''
  }
}

/** Topics with racks that have the same subscribers and as many partitions. */
function coPartitioned(states: readonly TopicState[]): TopicState[][] {
  const groups = new Map<string, TopicState[]>()
  for (const state of states) {
    if (!state.hasRacks) continue
    const key = JSON.stringify([state.slots.length, state.subscribers])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [state])
    else group.push(state)
  }
  return [...groups.values()]
}

/** What can be given to near members without harm to balance and co-partitioning. */
function assignNear(group: readonly TopicState[]): void {
  const [first] = group
  if (first === undefined) return
  if (group.length === 1) {
    if (first.needsRacks) first.assignRanges((member, slot) => first.isNear(member, slot))
    return
  }
  const remaining = new Set(first.subscribers)
  for (let number = 0; number < first.slots.length && remaining.size > 0; number++) {
    const slotIn = (state: TopicState) => state.slots[number] ?? 0
    const member = [...remaining].find((id) =>
      group.every((state) => state.isNear(id, slotIn(state)) && state.room(id) > 0),
    )
    if (member === undefined) continue
    for (const state of group) state.assign(member, [slotIn(state)])
    if (group.every((state) => state.room(member) === 0)) remaining.delete(member)
  }
}
