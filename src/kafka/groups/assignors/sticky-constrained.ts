// Models: sticky's quick way, where all members subscribe to the same topics.
// Leaves out: nothing.
// Source: AbstractStickyAssignor.ConstrainedAssignmentBuilder; KAFKA-9987, KIP-881.

import { invariant } from '../../../sim/invariant.ts'
import type { MemberId } from '../../ids.ts'
import { type Claims, remove } from './claims.ts'
import { compareText } from './member-order.ts'
import type { RackInfo } from './racks.ts'
import type { Slot, SubscribedTopics } from './topics.ts'

export interface ConstrainedAssignment {
  /** By member, in the order in which they were given. */
  readonly dealt: ReadonlyMap<MemberId, readonly Slot[]>
  /** Given to a member while another may still own it. */
  readonly transferring: ReadonlySet<Slot>
}

/**
 * With n members and m partitions each gets m/n rounded down, and m mod n members one more.
 * Members keep what they own up to that; the rest goes round, to near racks first.
 */
export function assignConstrained(
  topics: SubscribedTopics,
  racks: RackInfo,
  claims: Claims,
): ConstrainedAssignment {
  const builder = new Builder(topics, racks, claims)
  builder.keepOwned()
  const unassigned = builder.unassigned()
  builder.sortUnfilled()
  const left = racks.isUsed ? builder.assignNear(racks.scarceFirst(unassigned)) : unassigned
  builder.assignRoundRobin(left)
  return builder
}

/** The work of one round; its steps are called once each, in the order above. */
class Builder implements ConstrainedAssignment {
  readonly dealt = new Map<MemberId, Slot[]>()
  readonly transferring = new Set<Slot>()
  readonly #topics: SubscribedTopics
  readonly #racks: RackInfo
  readonly #claims: Claims
  /** Below the lower quota, and at it while some may still have one more. */
  readonly #underMin: MemberId[] = []
  readonly #atMin: MemberId[] = []
  /** Who loses it in this round: whoever gets it must wait until he has given it back. */
  readonly #revokedFrom = new Map<Slot, MemberId>()
  /** Everybody has at least so many in the end, and at most one more. */
  readonly #minQuota: number
  readonly #maxQuota: number
  /** So many members have one more than the lower quota; `overMin` counts them up. */
  readonly #expectedOverMin: number
  #overMin = 0

  constructor(topics: SubscribedTopics, racks: RackInfo, claims: Claims) {
    this.#topics = topics
    this.#racks = racks
    this.#claims = claims
    const members = claims.owned.size
    this.#minQuota = Math.floor(topics.size / members)
    this.#maxQuota = Math.ceil(topics.size / members)
    this.#expectedOverMin = topics.size % members
  }

  /**
   * Each member keeps up to its quota: the larger one as long as fewer have it than may. Members in
   * the middle could still get one more, and are remembered.
   */
  keepOwned(): void {
    for (const [member, slots] of this.#claims.owned) {
      const owned = this.#keepable(member, slots)
      if (owned.length < this.#minQuota) {
        this.dealt.set(member, owned)
        this.#underMin.push(member)
      } else if (owned.length >= this.#maxQuota && this.#overMin < this.#expectedOverMin) {
        this.#keep(member, owned, this.#maxQuota)
        this.#countOverMin()
      } else {
        this.#keep(member, owned, this.#minQuota)
        if (this.#overMin < this.#expectedOverMin) this.#atMin.push(member)
      }
    }
  }

  /** In the order of slots, so that two leaders deal alike. */
  unassigned(): Slot[] {
    const taken = new Set([...this.dealt.values()].flat())
    const slots: Slot[] = []
    for (let slot = 0; slot < this.#topics.size; slot++) if (!taken.has(slot)) slots.push(slot)
    return slots
  }

  /** By name, not by age: every leader must come to the same answer. */
  sortUnfilled(): void {
    this.#underMin.sort(compareText)
    this.#atMin.sort(compareText)
  }

  /** @returns the partitions for which no near member has room */
  assignNear(slots: readonly Slot[]): Slot[] {
    let next = 0
    return slots.filter((slot) => {
      const at = this.#racks.nextInRack(slot, this.#underMin, next)
      const member = this.#underMin[at]
      if (member !== undefined) {
        next = this.#fillUnderMin(member, at)
        this.#give(member, slot)
        return false
      }
      const spare = this.#atMin[this.#racks.nextInRack(slot, this.#atMin, 0)]
      if (spare === undefined) return true
      remove(this.#atMin, spare)
      this.#countOverMin()
      this.#give(spare, slot)
      return false
    })
  }

  /** To those below the lower quota in turn, then to those that may have one more. */
  assignRoundRobin(slots: readonly Slot[]): void {
    let next = 0
    for (const slot of slots) {
      if (next >= this.#underMin.length) next = 0
      const member = this.#underMin[next] ?? this.#atMin.shift()
      invariant(member !== undefined, 'some member has room for every partition', { slot })
      if (this.#give(member, slot) === this.#minQuota) {
        this.#underMin.splice(next, 1)
        this.#atMin.push(member)
      } else next++
    }
  }

  /** What a member owns and may keep: near it, and claimed by nobody else. */
  #keepable(member: MemberId, slots: readonly Slot[]): Slot[] {
    const near = slots.filter((slot) => {
      if (!this.#racks.mismatch(member, slot)) return true
      this.#revokedFrom.set(slot, member)
      return false
    })
    const number = (slot: Slot) => this.#topics.number(slot)
    return near
      .filter((slot) => !this.#claims.contested.has(slot))
      .sort((a, b) => number(a) - number(b) || a - b)
  }

  /** What is above the quota goes to others, the last partitions first. */
  #keep(member: MemberId, owned: readonly Slot[], quota: number): void {
    this.dealt.set(member, owned.slice(0, quota))
    for (const slot of owned.slice(quota)) this.#revokedFrom.set(slot, member)
  }

  /** The last extra is given: those at the lower quota are full now. */
  #countOverMin(): void {
    this.#overMin++
    if (this.#overMin === this.#expectedOverMin) this.#atMin.length = 0
  }

  /** @returns where in the list of unfilled members to look next */
  #fillUnderMin(member: MemberId, at: number): number {
    const count = (this.dealt.get(member)?.length ?? 0) + 1
    if (count >= this.#minQuota) {
      this.#underMin.splice(at, 1)
      const mayHaveMore = this.#overMin < this.#expectedOverMin
      if (count < this.#maxQuota && mayHaveMore) this.#atMin.push(member)
    } else at++
    return this.#underMin.length === 0 ? 0 : at % this.#underMin.length
  }

  /** @returns how many the member has now */
  #give(member: MemberId, slot: Slot): number {
    const slots = this.dealt.get(member) ?? []
    slots.push(slot)
    const loser = this.#revokedFrom.get(slot)
    const isTaken = loser !== undefined && loser !== member
    if (isTaken || this.#claims.contested.has(slot)) this.transferring.add(slot)
    return slots.length
  }
}
