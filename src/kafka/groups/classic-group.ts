// Models: a classic group as its coordinator keeps it: state, generation, members.
// Leaves out: group.max.size, protocol types, metrics.
// Source: group.classic.ClassicGroup, ClassicGroupMember.

import { invariant } from '../../sim/invariant.ts'
import type { Timer } from '../../sim/process.ts'
import { areDistinct, type Checked } from '../../sim/state-checks.ts'
import { millis } from '../../sim/time.ts'
import type {
  Assigned,
  JoinedMember,
  JoinGroupRequest,
  MemberSubscription,
} from '../group-messages.ts'
import { hashOfText, inHashOrder } from '../hash-order.ts'
import type { GenerationId, GroupId, MemberId } from '../ids.ts'
import { sameList } from '../list-equality.ts'
import type { Reply } from '../network/rpc.ts'
import type { ClassicGroupValue } from './group-values.ts'

/**
 * `preparing`: members are asked to join again. `completing`: they wait for the leader's
 * assignment.
 */
export type ClassicGroupState = 'empty' | 'preparing' | 'completing' | 'stable'

/** Where a group may come from: the valid previous states of Kafka's ClassicGroupState. */
const PREVIOUS: Readonly<Record<ClassicGroupState, readonly ClassicGroupState[]>> = {
  empty: ['preparing'],
  preparing: ['stable', 'completing', 'empty'],
  completing: ['preparing'],
  stable: ['completing'],
}

/** Of a member of a generation whose leader has not spoken yet. */
export const NOTHING_ASSIGNED: Assigned = { partitions: [] }

/** The part of a stored member that the leader gave it. */
export function assignedOf({ partitions, userData }: Assigned): Assigned {
  return userData === undefined ? { partitions } : { partitions, userData }
}

/** A member between two requests. Its sign of life is any request of it, not heartbeats alone. */
export class ClassicMember {
  readonly id: MemberId
  readonly instance: string
  readonly clientId: string
  readonly clientHost: string
  /** session.timeout.ms of the client, within the broker's bounds. */
  sessionTimeoutMs: number
  /** max.poll.interval.ms of a consumer: so long it may take to come to the barrier. */
  rebalanceTimeoutMs: number
  /** Names of the assignors that it can run, best first: any member may become the leader. */
  protocols: readonly string[]
  /** Passed on to the leader as it is; a broker does not read it. */
  subscription: MemberSubscription
  assignment: Assigned = NOTHING_ASSIGNED
  /** Requests that wait for the barrier; a member with one has satisfied its heartbeat. */
  awaitingJoin: Reply | null = null
  /** Parked until the leader's assignment is written; null while it does not wait for that. */
  awaitingSync: Reply | null = null
  /** Session; armed by every sign of life. */
  readonly session: Timer

  constructor(id: MemberId, request: Omit<JoinGroupRequest, 'api' | 'member'>, session: Timer) {
    this.id = id
    this.instance = request.instance
    this.clientId = request.clientId
    this.clientHost = request.clientHost
    this.sessionTimeoutMs = request.sessionTimeoutMs
    this.rebalanceTimeoutMs = request.rebalanceTimeoutMs
    this.protocols = request.protocols
    this.subscription = request.subscription
    this.session = session
  }

  /** It has a group.instance.id (KIP-345): its place is kept for a session while it is away. */
  get isStatic(): boolean {
    return this.instance !== ''
  }

  /** It waits at the barrier or for an assignment: no heartbeat is expected of it meanwhile. */
  get isWaiting(): boolean {
    return this.awaitingJoin !== null || this.awaitingSync !== null
  }

  /** A sign of life: the session runs anew. */
  keepAlive(): void {
    this.session.arm(millis(this.sessionTimeoutMs))
  }

  /** Whether a request says nothing new of the member. */
  matches({ protocols, subscription }: JoinGroupRequest): boolean {
    return (
      sameList(protocols, this.protocols) &&
      sameList(subscription.topics, this.subscription.topics) &&
      sameList(subscription.ownedPartitions, this.subscription.ownedPartitions) &&
      subscription.generation === this.subscription.generation &&
      subscription.userData === this.subscription.userData
    )
  }
}

/**
 * The group of the classic protocol: members agree on one generation by a barrier in JoinGroup, and
 * nobody owns anything until its leader’s assignment is in the log.
 */
export class ClassicGroup implements Checked {
  readonly kind = 'classic'
  readonly id: GroupId
  state: ClassicGroupState = 'empty'
  /** The state before the present one: a first rebalance waits for latecomers. */
  previousState: ClassicGroupState = 'empty'
  /** Rises with each barrier that opens; whoever names an older one missed a rebalance. */
  generation: GenerationId = 0
  /** The assignor of this generation; '' while the group is empty. */
  protocol = ''
  /** The member that computes the assignment; '' in an empty group. */
  leader: MemberId = ''
  /** In the order of joining. */
  readonly members = new Map<MemberId, ClassicMember>()
  /** Ids given out to members that have not come back with them, with their sessions. */
  readonly pendingMembers = new Map<MemberId, Timer>()
  /** Members of this generation that have not asked for their assignment yet. */
  readonly pendingSyncs = new Set<MemberId>()
  /** Someone came while a first rebalance waited. */
  newMemberAdded = false
  /** Ends the barrier, or a first rebalance's delay. */
  readonly joinTimer: Timer
  /** Drops members that joined and never asked for their assignment. */
  readonly syncTimer: Timer
  /** What a join timer does when it fires; a first rebalance may go on waiting. */
  onJoinTimer: () => void = () => {}

  constructor(id: GroupId, timer: (fn: () => void) => Timer, onSyncTimer: () => void) {
    this.id = id
    this.joinTimer = timer(() => this.onJoinTimer())
    this.syncTimer = timer(onSyncTimer)
  }

  /** @throws InvariantViolation where Kafka's ClassicGroupState does not allow the step */
  transitionTo(state: ClassicGroupState): void {
    const { id, state: from } = this
    invariant(PREVIOUS[state].includes(from), 'a group goes from state to state', {
      id,
      from,
      state,
    })
    this.restore(state)
  }

  /** The state that the log tells of: whoever wrote it went there step by step. */
  restore(state: ClassicGroupState): void {
    this.previousState = this.state
    this.state = state
  }

  /** Every member waits at the barrier, and nobody who was given an id is still to come with it. */
  get hasAllMembersJoined(): boolean {
    if (this.pendingMembers.size > 0) return false
    for (const member of this.members.values()) if (member.awaitingJoin === null) return false
    return true
  }

  get isEmpty(): boolean {
    return this.members.size === 0
  }

  /** Who holds that instance now; null for nobody, and for '', which dynamic members have. */
  staticMember(instance: string): ClassicMember | null {
    if (instance === '') return null
    for (const member of this.members.values()) if (member.instance === instance) return member
    return null
  }

  /**
   * The first to come leads until the join is over. Its id is not awaited any more, its session is
   * the caller's to arm.
   */
  add(member: ClassicMember): void {
    if (this.members.size === 0) this.leader = ''
    if (this.leader === '') this.leader = member.id
    this.members.set(member.id, member)
    this.pendingMembers.get(member.id)?.cancel()
    this.pendingMembers.delete(member.id)
  }

  /** Forgets a member, whether it has joined or only been given an id. */
  remove(id: MemberId): void {
    this.members.get(id)?.session.cancel()
    this.members.delete(id)
    this.pendingMembers.get(id)?.cancel()
    this.pendingMembers.delete(id)
    this.pendingSyncs.delete(id)
    if (this.leader === id) this.leader = this.#byHash[0]?.id ?? ''
  }

  /** Longest of the members' rebalance time-outs. */
  get rebalanceTimeoutMs(): number {
    let most = 0
    for (const member of this.members.values()) most = Math.max(most, member.rebalanceTimeoutMs)
    return most
  }

  /** Whether a member that offers `protocols` shares one with all the others. */
  supports(protocols: readonly string[]): boolean {
    if (this.state === 'empty') return protocols.length > 0
    return protocols.some((one) => this.#supportedByAll(one))
  }

  #supportedByAll(protocol: string): boolean {
    for (const member of this.members.values()) {
      if (!member.protocols.includes(protocol)) return false
    }
    return true
  }

  /** Each member votes for the first of its protocols that all support; the most votes win. */
  selectProtocol(): string {
    const votes = new Map<string, number>()
    for (const member of this.members.values()) {
      const vote = member.protocols.find((one) => this.#supportedByAll(one)) ?? ''
      votes.set(vote, (votes.get(vote) ?? 0) + 1)
    }
    let chosen = ''
    for (const [protocol, count] of votes) {
      if (count > (votes.get(chosen) ?? 0)) chosen = protocol
    }
    return chosen
  }

  /** Leader stays if it joined; else one that did. @returns false where nobody has */
  electJoinedLeader(): boolean {
    if (this.members.get(this.leader)?.awaitingJoin != null) return true
    const joined = this.#byHash.find(({ awaitingJoin }) => awaitingJoin !== null)
    if (joined === undefined) return false
    this.leader = joined.id
    return true
  }

  /** Members as Java's HashMap walks them: ids are random, and so is who leads next. */
  get #byHash(): ClassicMember[] {
    const ids = inHashOrder(new Set(this.members.keys()), hashOfText)
    return ids.flatMap((id) => this.members.get(id) ?? [])
  }

  /**
   * The join is over: to 'completing' with the protocol that wins the vote, or, with nobody left,
   * to 'empty' (ClassicGroup.initNextGeneration).
   */
  initNextGeneration(): void {
    this.generation++
    this.pendingSyncs.clear()
    if (this.members.size === 0) {
      this.protocol = ''
      this.transitionTo('empty')
    } else {
      this.protocol = this.selectProtocol()
      this.transitionTo('completing')
    }
  }

  /** What the leader is told to assign by. */
  get joinedMembers(): JoinedMember[] {
    return [...this.members.values()].map(({ id, instance, subscription }) => ({
      member: id,
      instance,
      subscription,
    }))
  }

  /** The group as it goes into the log, with the assignment of its members. */
  toValue(assignment: (member: MemberId) => Assigned): ClassicGroupValue {
    return {
      kind: 'classic-group',
      group: this.id,
      generation: this.generation,
      protocol: this.protocol,
      leader: this.leader,
      members: [...this.members.values()].map((member) => ({
        member: member.id,
        instance: member.instance,
        subscription: member.subscription,
        clientId: member.clientId,
        clientHost: member.clientHost,
        sessionTimeoutMs: member.sessionTimeoutMs,
        rebalanceTimeoutMs: member.rebalanceTimeoutMs,
        protocols: member.protocols,
        ...assignment(member.id),
      })),
    }
  }

  /** State, members and whoever waits agree with one another. @throws InvariantViolation */
  assertWhole(): void {
    const { id, state, members, leader } = this
    invariant(members.size === 0 || state !== 'empty', 'an empty group has no members', { id })
    const hasLeader = members.has(leader)
    invariant(members.size === 0 || hasLeader, 'a group is led by a member', { id, leader })
    for (const member of this.pendingMembers.keys()) {
      invariant(!members.has(member), 'who has joined is not awaited', { id, member })
    }
    for (const member of this.pendingSyncs) {
      invariant(members.has(member), 'members are asked to sync', { id, member })
    }
    const instances = [...members.values()].filter((one) => one.isStatic)
    areDistinct(
      instances.map(({ instance }) => instance),
      'an instance is one member',
    )
    for (const member of members.values()) this.#assertMember(member)
  }

  #assertMember(one: ClassicMember): void {
    const { id, state, protocol } = this
    const { id: member, protocols, awaitingJoin, awaitingSync } = one
    // A static member that is back waits until its new id is in the log, in a stable group too.
    const isComingBack = state === 'stable' && one.isStatic
    const mayJoin = state === 'preparing' || isComingBack || awaitingJoin === null
    invariant(mayJoin, 'members wait to join while a rebalance is prepared', { id, member, state })
    const maySync = state === 'completing' || awaitingSync === null
    invariant(maySync, 'members wait for the leader’s assignment', { id, member, state })
    const isAgreed = state === 'empty' || state === 'preparing' || protocols.includes(protocol)
    invariant(isAgreed, 'all members speak the chosen protocol', { id, member, protocol })
  }

  /** Cancels every timer; whoever waits must be answered before. */
  cancelTimers(): void {
    this.joinTimer.cancel()
    this.syncTimer.cancel()
    for (const member of this.members.values()) member.session.cancel()
    for (const session of this.pendingMembers.values()) session.cancel()
  }
}
