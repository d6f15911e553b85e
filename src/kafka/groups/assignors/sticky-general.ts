// Models: sticky's long way, where members subscribe to different topics.
// Leaves out: nothing; Kafka looks for a less loaded member in the same rack first, but then
// takes the least loaded of all, so that only whether there is one counts.
// Source: AbstractStickyAssignor.GeneralAssignmentBuilder; KIP-54, KIP-881.

import { invariant } from '../../../sim/invariant.ts'
import type { MemberId } from '../../ids.ts'
import type { GroupMembers } from './assignor.ts'
import { type Claims, remove } from './claims.ts'
import { compareText } from './member-order.ts'
import { MembersByLoad } from './members-by-load.ts'
import { PartitionMovements } from './partition-movements.ts'
import type { RackInfo } from './racks.ts'
import type { Slot, SubscribedTopics } from './topics.ts'

/** Keeps what may be kept, gives the rest to the least loaded, then moves while it helps. */
export class StickyGeneral {
  readonly #topics: SubscribedTopics
  readonly #racks: RackInfo
  readonly #claims: Claims
  /** Topics that there are: a member may name others, which count for nothing. */
  readonly #subscribed = new Map<MemberId, ReadonlySet<string>>()
  readonly #subscribers = new Map<string, MemberId[]>()
  /** Keeps a partition from going to and fro between two members in one round. */
  readonly #movements: PartitionMovements
  #dealt: Map<MemberId, Slot[]>
  /** The reverse of `dealt`, kept in step with it. */
  #ownerOf = new Map<Slot, MemberId>()
  /** Those that balancing may give to or take from. */
  readonly #byLoad: MembersByLoad
  /** Somebody must give up something anyhow: then moving more costs no extra rebalance. */
  readonly #revocationRequired: boolean

  constructor(members: GroupMembers, topics: SubscribedTopics, racks: RackInfo, claims: Claims) {
    this.#topics = topics
    this.#racks = racks
    this.#claims = claims
    this.#movements = new PartitionMovements(topics)
    for (const topic of topics.names) this.#subscribers.set(topic, [])
    for (const [id, member] of members) {
      const wanted = member.topics.filter((topic) => topics.has(topic))
      this.#subscribed.set(id, new Set(wanted))
      for (const topic of new Set(wanted)) this.#subscribers.get(topic)?.push(id)
    }
    this.#dealt = new Map()
    let revocations = 0
    for (const [id, slots] of claims.owned) {
      const kept = slots.filter((slot) => this.#wants(id, slot) && !racks.mismatch(id, slot))
      revocations += slots.length - kept.length
      this.#dealt.set(id, kept)
      for (const slot of kept) this.#ownerOf.set(slot, id)
    }
    this.#revocationRequired = revocations > 0
    this.#byLoad = new MembersByLoad(this.#dealt.keys(), (id) => this.#load(id))
  }

  /**
   * Once for each object. Where balancing has made it no better, it is taken back, unless nobody
   * had anything before (GeneralAssignmentBuilder.balance).
   */
  assign(): ReadonlyMap<MemberId, readonly Slot[]> {
    const wasEmpty = this.#load(this.#byLoad.most ?? '') === 0
    const all = this.#leastWantedFirst()
    const unassigned = all.filter((slot) => !this.#ownerOf.has(slot))
    // Near members first, whoever else has less.
    if (this.#racks.isUsed) for (const slot of unassigned) this.#assignToLeast(slot, true)
    for (const slot of unassigned) if (!this.#ownerOf.has(slot)) this.#assignToLeast(slot, false)
    const fixed = this.#setFixedAside()
    const before = copyOf(this.#dealt)
    const mayMove = (slot: Slot) => this.#subscribersOf(slot).length >= 2
    // Unless something must move anyhow, first try to balance with what is new.
    if (!this.#revocationRequired) this.#reassign(unassigned.filter(mayMove))
    const moved = this.#reassign(all.filter(mayMove))
    // Moves cost rebalances: without a gain the old places are the better ones.
    const isNoBetter = imbalance(this.#dealt) >= imbalance(before)
    if (!wasEmpty && moved && isNoBetter) this.#dealt = before
    for (const [id, slots] of fixed) this.#dealt.set(id, slots)
    return this.#dealt
  }

  /** By how many members want the topic, then by name. */
  #leastWantedFirst(): Slot[] {
    const wanted = (topic: string) => this.#subscribers.get(topic)?.length ?? 0
    const names = [...this.#topics.names]
    names.sort((a, b) => wanted(a) - wanted(b) || compareText(a, b))
    return names.flatMap((topic) => this.#topics.slots(topic))
  }

  /** A partition that nobody wants stays with nobody. */
  #assignToLeast(slot: Slot, sameRack: boolean): void {
    const member = this.#byLoad.all.find(
      (id) => this.#wants(id, slot) && !(sameRack && this.#racks.mismatch(id, slot)),
    )
    if (member === undefined) return
    this.#byLoad.remove(member)
    this.#dealt.get(member)?.push(slot)
    this.#ownerOf.set(slot, member)
    this.#byLoad.add(member)
  }

  /** Members whose partitions can neither grow nor go to another. */
  #setFixedAside(): Map<MemberId, Slot[]> {
    const fixed = new Map<MemberId, Slot[]>()
    for (const [id, slots] of this.#dealt) {
      const isFull = slots.length >= this.#loadMax(id)
      const isShared = slots.some((slot) => this.#subscribersOf(slot).length >= 2)
      if (!isFull || isShared) continue
      fixed.set(id, slots)
      this.#byLoad.remove(id)
    }
    for (const id of fixed.keys()) this.#dealt.delete(id)
    return fixed
  }

  /** Moves partitions until no move helps. @returns whether any moved */
  #reassign(slots: readonly Slot[]): boolean {
    let moved = false
    let modified = true
    while (modified) {
      modified = false
      for (const slot of slots) {
        if (this.#isBalanced()) break
        if (this.#improve(slot)) modified = true
      }
      moved ||= modified
    }
    return moved
  }

  /** Back to an earlier owner, else to the least loaded, where that is fairer by two or more. */
  #improve(slot: Slot): boolean {
    const owner = this.#owner(slot)
    const earlier = this.#claims.earlier.get(slot)?.member
    if (earlier !== undefined && this.#dealt.has(earlier)) {
      if (this.#load(owner) > this.#load(earlier) + 1) {
        this.#moveTo(slot, earlier)
        return true
      }
    }
    const fairer = (other: MemberId) => this.#load(owner) > this.#load(other) + 1
    if (!this.#subscribersOf(slot).some(fairer)) return false
    const least = this.#byLoad.all.find((id) => this.#wants(id, slot))
    invariant(least !== undefined, 'a partition that may move has subscribers', { slot })
    this.#moveTo(slot, least)
    return true
  }

  /** Another partition of the topic may go in its place, where that undoes an earlier move. */
  #moveTo(wanted: Slot, to: MemberId): void {
    const slot = this.#movements.actual(wanted, this.#owner(wanted), to)
    const from = this.#owner(slot)
    this.#byLoad.remove(from)
    this.#byLoad.remove(to)
    this.#movements.move(slot, from, to)
    remove(this.#dealt.get(from), slot)
    this.#dealt.get(to)?.push(slot)
    this.#ownerOf.set(slot, to)
    this.#byLoad.add(to)
    this.#byLoad.add(from)
  }

  /** No member could take a partition from one that has two more than it. */
  #isBalanced(): boolean {
    const { least, most } = this.#byLoad
    if (least === undefined || most === undefined) return true
    if (this.#load(least) >= this.#load(most) - 1) return true
    for (const id of this.#byLoad.all) {
      const load = this.#load(id)
      if (load === this.#loadMax(id)) continue
      for (const topic of this.#subscribed.get(id) ?? []) {
        const isFairer = (slot: Slot) => load + 1 < this.#load(this.#owner(slot))
        if (this.#topics.slots(topic).some(isFairer)) return false
      }
    }
    return true
  }

  /** Its topic is among the member’s; nothing else makes a member fit. */
  #wants(id: MemberId, slot: Slot): boolean {
    return this.#subscribed.get(id)?.has(this.#topics.topic(slot)) ?? false
  }

  /** Only what two or more want can be moved at all. */
  #subscribersOf(slot: Slot): readonly MemberId[] {
    return this.#subscribers.get(this.#topics.topic(slot)) ?? []
  }

  #owner(slot: Slot): MemberId {
    return this.#ownerOf.get(slot) ?? ''
  }

  #load(id: MemberId): number {
    return this.#dealt.get(id)?.length ?? 0
  }

  /** Partitions of all topics that the member subscribes to. */
  #loadMax(id: MemberId): number {
    let sum = 0
    for (const topic of this.#subscribed.get(id) ?? []) sum += this.#topics.slots(topic).length
    return sum
  }
}

function copyOf(dealt: ReadonlyMap<MemberId, readonly Slot[]>): Map<MemberId, Slot[]> {
  return new Map([...dealt].map(([id, slots]) => [id, [...slots]]))
}

/** Sum of the differences in load over all pairs of members. */
function imbalance(dealt: ReadonlyMap<MemberId, readonly Slot[]>): number {
  const loads = [...dealt.values()].map((slots) => slots.length)
  let sum = 0
  for (const [i, load] of loads.entries()) {
    for (const other of loads.slice(i + 1)) sum += Math.abs(load - other)
  }
  return sum
}
