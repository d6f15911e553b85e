// Models: a group under KIP-848 as its coordinator keeps it: members, target, what each owns.
// Leaves out: regular expressions in subscriptions, members that speak the classic protocol.
// Source: group.modern.consumer.ConsumerGroup, ConsumerGroupMember.

import { invariant } from '../../sim/invariant.ts'
import type { Timer } from '../../sim/process.ts'
import { areDistinct, type Checked } from '../../sim/state-checks.ts'
import type { GenerationId, GroupId, MemberId, PartitionIndex } from '../ids.ts'
import type {
  ConsumerMemberValue,
  CoordinatorValue,
  CurrentAssignmentValue,
  ReconciliationState,
} from './group-values.ts'

type Subscription = NonNullable<ConsumerMemberValue['subscription']>

/** A static member that left for a while keeps its place under this epoch. */
export const STATIC_LEAVE_EPOCH: GenerationId = -2
export const LEAVE_EPOCH: GenerationId = -1

/**
 * What a member owns on its way to its target; in the log as it is, so that a new coordinator
 * knows.
 */
export interface CurrentAssignment {
  /** The member's; -2 while a static one is away. Commits must name it. */
  readonly epoch: GenerationId
  /** Known too, for the member whose last answer was lost. */
  readonly previousEpoch: GenerationId
  readonly state: ReconciliationState
  /** What it may consume. */
  readonly assigned: readonly PartitionIndex[]
  /** Still its own until a heartbeat no longer names them. */
  readonly pendingRevocation: readonly PartitionIndex[]
}

export const NEW_MEMBER: CurrentAssignment = {
  epoch: 0,
  previousEpoch: 0,
  state: 'stable',
  assigned: [],
  pendingRevocation: [],
}

/** Immutable: each replayed record makes a new one. */
export interface ConsumerMember {
  readonly id: MemberId
  readonly subscription: Subscription
  readonly current: CurrentAssignment
}

const NO_SUBSCRIPTION: Subscription = {
  instance: '',
  rack: '',
  clientId: '',
  clientHost: '',
  rebalanceTimeoutMs: 0,
  topics: [],
  assignor: null,
}

/**
 * The group of KIP-848: no barrier. The coordinator computes a target for an epoch, and each member
 * comes to it at its own pace, giving back first what others are to get.
 */
export class ConsumerGroup implements Checked {
  readonly kind = 'consumer'
  readonly id: GroupId
  /** Raised by every change of members or subscriptions. */
  epoch: GenerationId = 0
  /** Group epoch that the target was computed for. */
  targetEpoch: GenerationId = 0
  /** Version of the topics that the target was computed with. */
  topicsVersion = -1
  /** In the order in which the log made them. */
  readonly members = new Map<MemberId, ConsumerMember>()
  /** What each is to own under `targetEpoch`; a member that is not named owns nothing. */
  readonly target = new Map<MemberId, readonly PartitionIndex[]>()
  /** Who has a partition, or has still to give it back: it is free for nobody else. */
  readonly #owners = new Map<PartitionIndex, MemberId>()
  /** Soft state: a coordinator that takes over gives everybody a whole session anew. */
  readonly #sessions = new Map<MemberId, Timer>()
  readonly #rebalances = new Map<MemberId, Timer>()

  constructor(id: GroupId) {
    this.id = id
  }

  get isEmpty(): boolean {
    return this.members.size === 0
  }

  /** Whether a member has it, or has still to give it back. */
  isOwned(partition: PartitionIndex): boolean {
    return this.#owners.has(partition)
  }

  /**
   * Also a static member that has left for a while; null for nobody, and for '', which dynamic
   * members have.
   */
  staticMember(instance: string): ConsumerMember | null {
    if (instance === '') return null
    for (const member of this.members.values()) {
      if (member.subscription.instance === instance) return member
    }
    return null
  }

  /** Topics that any member subscribes to. */
  get topics(): ReadonlySet<string> {
    return new Set([...this.members.values()].flatMap(({ subscription }) => subscription.topics))
  }

  /**
   * Values of other kinds, such as commits, change nothing here.
   * @throws InvariantViolation where an epoch falls
   */
  replay(value: CoordinatorValue): void {
    switch (value.kind) {
      case 'consumer-member':
        this.#replayMember(value.member, value.subscription)
        return
      case 'consumer-group-epoch':
        invariant(value.epoch >= this.epoch, 'a group’s epoch never falls', { group: this.id })
        this.epoch = value.epoch
        return
      case 'target-assignment':
        if (value.partitions === null) this.target.delete(value.member)
        else this.target.set(value.member, value.partitions)
        return
      case 'target-epoch':
        invariant(
          value.epoch <= this.epoch,
          'a target is for an epoch that the group has reached',
          {
            group: this.id,
          },
        )
        this.targetEpoch = value.epoch
        return
      case 'current-assignment':
        this.#replayCurrent(value)
        return
      case 'offset':
      case 'classic-group':
        return
    }
  }

  #replayMember(id: MemberId, subscription: Subscription | null): void {
    if (subscription === null) {
      this.members.delete(id)
      this.#sessions.get(id)?.cancel()
      this.#sessions.delete(id)
      this.#rebalances.get(id)?.cancel()
      this.#rebalances.delete(id)
    } else {
      const current = this.members.get(id)?.current ?? NEW_MEMBER
      this.members.set(id, { id, subscription, current })
    }
  }

  /** What it held before is let go first, then what it holds now is taken. */
  #replayCurrent({ member: id, current }: CurrentAssignmentValue): void {
    const known = this.members.get(id)
    for (const partition of this.#held(known?.current)) {
      if (this.#owners.get(partition) === id) this.#owners.delete(partition)
    }
    if (current === null) return
    const subscription = known?.subscription ?? NO_SUBSCRIPTION
    this.members.set(id, { id, subscription, current })
    for (const partition of this.#held(current)) this.#owners.set(partition, id)
  }

  #held(current: CurrentAssignment | undefined): readonly PartitionIndex[] {
    return current === undefined ? [] : [...current.assigned, ...current.pendingRevocation]
  }

  /** The session of a member, made when it is first asked for. */
  sessionOf(member: MemberId, make: () => Timer): Timer {
    return timerIn(this.#sessions, member, make)
  }

  /** How long a member may take to give partitions back. */
  rebalanceOf(member: MemberId, make: () => Timer): Timer {
    return timerIn(this.#rebalances, member, make)
  }

  /** The member has given back all that it had to; it may not have been asked to. */
  cancelRebalance(member: MemberId): void {
    this.#rebalances.get(member)?.cancel()
  }

  /**
   * A partition has one owner at most, and nobody is ahead of the group.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    const { id: group, epoch, targetEpoch } = this
    invariant(targetEpoch <= epoch, 'a target is for an epoch that the group has reached', {
      group,
    })
    areDistinct([...this.target.values()].flat(), 'a partition is meant for one member')
    let held = 0
    for (const { id: member, current } of this.members.values()) {
      invariant(current.epoch <= epoch, 'no member is ahead of its group', { group, member })
      const own = this.#held(current)
      areDistinct(own, 'a member holds a partition once')
      const isOwner = own.every((partition) => this.#owners.get(partition) === member)
      invariant(isOwner, 'who holds a partition alone owns it', { group, member })
      held += own.length
    }
    invariant(held === this.#owners.size, 'who has left owns nothing', { group, held })
    for (const member of [...this.#sessions.keys(), ...this.#rebalances.keys()]) {
      invariant(this.members.has(member), 'a member alone has a session', { group, member })
    }
  }

  /** The group is coordinated elsewhere, or gives way to a classic one: nobody times out here. */
  cancelTimers(): void {
    for (const timer of this.#sessions.values()) timer.cancel()
    for (const timer of this.#rebalances.values()) timer.cancel()
  }
}

function timerIn(timers: Map<MemberId, Timer>, member: MemberId, make: () => Timer): Timer {
  let timer = timers.get(member)
  if (timer === undefined) {
    timer = make()
    timers.set(member, timer)
  }
  return timer
}
