// Models: a member of a classic group: it joins, leads or follows, syncs, and joins again.
// Leaves out: user callbacks that take time, subscriptions that change.
// Source: AbstractCoordinator, ConsumerCoordinator (onJoinPrepare, onJoinComplete).

import { type Micros, millis, NEVER } from '../../../sim/time.ts'
import type { KafkaError } from '../../errors.ts'
import type {
  JoinGroupRequest,
  JoinGroupResponse,
  MemberAssignment,
  SyncGroupRequest,
  SyncGroupResponse,
} from '../../group-messages.ts'
import { type GenerationId, type MemberId, NO_GENERATION, type PartitionIndex } from '../../ids.ts'
import type { Request, Response } from '../../messages.ts'
import { IGNORED, type RpcCaller, type RpcFailure } from '../../network/rpc.ts'
import { ClassicHeartbeat } from './classic-heartbeat.ts'
import type { GroupClient } from './group-client.ts'
import { assignorNamed, leaderAssigns } from './leader-assignment.ts'
import type { MemberIdentity, Membership } from './membership.ts'
import type { OffsetCommits } from './offset-commits.ts'

/** `preparing`: JoinGroup is under way. `completing`: SyncGroup is. */
export type MemberState = 'unjoined' | 'preparing' | 'completing' | 'stable'

/** A join waits for the slowest member, and this much longer. */
const JOIN_TIMEOUT_LAPSE_MS = 5_000

export class ClassicMember implements Membership, RpcCaller {
  state: MemberState = 'unjoined'
  generation: GenerationId = NO_GENERATION
  member: MemberId = ''
  readonly client: GroupClient
  readonly #commits: OffsetCommits
  readonly #heartbeat: ClassicHeartbeat
  #assignor = ''
  #rejoinNeeded = true
  #needsPrepare = true
  /** A JoinGroup or SyncGroup is under way. */
  #isJoining = false
  #retryAt: Micros = 0
  /** What the last sync brought, until the next poll takes it up. */
  #received: readonly PartitionIndex[] | null = null
  /** What the last generation gave it. */
  #assignment: readonly PartitionIndex[] = []
  /** Partitions of the group's topics when it last joined; others mean: join again. */
  #joinedPartitions = -1

  constructor(client: GroupClient, commits: OffsetCommits) {
    this.client = client
    this.#commits = commits
    this.#heartbeat = new ClassicHeartbeat(this)
    client.lookup.onFound = () => this.#heartbeat.resetSession()
  }

  get identity(): MemberIdentity | null {
    if (this.state !== 'stable' || this.#received !== null) return null
    return { member: this.member, generation: this.generation }
  }

  /** True while some member of the group gives partitions up as a whole. */
  get #isEager(): boolean {
    const { assignors } = this.client.settings
    return assignors.some((name) => assignorNamed(name).protocol === 'eager')
  }

  poll(now: Micros): Micros {
    this.#heartbeat.polled(now)
    if (this.#received !== null) this.#complete(this.#received)
    if (this.client.lookup.coordinator === null) return this.client.lookup.ensure(now)
    if (this.#partitionsChanged()) this.#rejoinNeeded = true
    return this.#rejoinNeeded && !this.#isJoining ? this.#join(now) : NEVER
  }

  #partitionsChanged(): boolean {
    return this.#joinedPartitions >= 0 && this.#countPartitions() !== this.#joinedPartitions
  }

  #countPartitions(): number {
    const { topics, metadata } = this.client
    return topics.reduce((sum, topic) => sum + metadata.partitionsOf(topic).length, 0)
  }

  // ---- joining ----------------------------------------------------------------------------------

  #join(now: Micros): Micros {
    if (now < this.#retryAt) return this.#retryAt
    if (this.client.metadata.version === 0) return NEVER
    const wait = this.#needsPrepare ? this.#prepare(now) : null
    if (wait !== null) return wait
    this.#needsPrepare = false
    this.state = 'preparing'
    this.#isJoining = true
    this.#joinedPartitions = this.#countPartitions()
    this.#send(this.#joinRequest(), this.#joinTimeoutMs)
    return NEVER
  }

  /** Commits and gives up what must be given up. @returns when to go on; null when it is done */
  #prepare(now: Micros): Micros | null {
    const { subscription, observer } = this.client
    const isKnown = this.generation !== NO_GENERATION
    if (isKnown && this.#isEager) subscription.beginRevocation(subscription.owned)
    const wait = this.#commits.commitBeforeRevocation(now)
    if (wait !== null) return wait
    if (isKnown && !this.#isEager) return null
    const given = subscription.owned
    subscription.assignFromGroup([])
    if (given.length > 0) observer.onRevoked?.(given, isKnown ? 'revoked' : 'lost', now)
    return null
  }

  get #joinTimeoutMs(): number {
    const { requestTimeoutMs, maxPollIntervalMs } = this.client.settings
    return Math.max(requestTimeoutMs, maxPollIntervalMs + JOIN_TIMEOUT_LAPSE_MS)
  }

  #joinRequest(): JoinGroupRequest {
    const { settings, topics } = this.client
    return {
      api: 'JoinGroup',
      group: settings.group,
      member: this.member,
      instance: settings.instance,
      clientId: settings.clientId,
      clientHost: settings.clientHost,
      sessionTimeoutMs: settings.sessionTimeoutMs,
      rebalanceTimeoutMs: settings.maxPollIntervalMs,
      protocols: settings.assignors,
      subscription: {
        topics,
        ownedPartitions: this.#ownedPartitions,
        generation: this.generation,
        rack: settings.rack,
      },
    }
  }

  /** An eager sticky member has given all up and tells what it had, so that it may get it back. */
  get #ownedPartitions(): readonly PartitionIndex[] {
    if (this.client.settings.assignors.includes('sticky')) return this.#assignment
    return this.client.subscription.owned
  }

  #send(request: JoinGroupRequest | SyncGroupRequest, timeoutMs: number): void {
    const { coordinator } = this.client.lookup
    if (coordinator === null) this.#failed(false)
    else this.client.channel.send(coordinator, request, timeoutMs, this)
  }

  onReply(request: Request, response: Response | null, failure: RpcFailure | null): void {
    if (response?.api === 'JoinGroup') this.#takeJoin(response, request as JoinGroupRequest)
    else if (response?.api === 'SyncGroup') this.#takeSync(response, request as SyncGroupRequest)
    else {
      if (failure !== null) this.client.lookup.markUnknown(failure !== 'timed-out')
      this.#failed(false)
    }
    this.client.wake()
  }

  #takeJoin(response: JoinGroupResponse, request: JoinGroupRequest): void {
    const { error } = response
    if (error === 'NONE') {
      if (this.state !== 'preparing') this.#failed(false)
      else this.#follow(response)
    } else if (error === 'MEMBER_ID_REQUIRED') {
      this.member = response.member
      this.#failed(true)
    } else {
      if (error === 'UNKNOWN_MEMBER_ID' && request.member === this.member) this.reset(true)
      this.#refused(error)
    }
  }

  /** The generation is complete: its leader assigns, everybody asks for the result. */
  #follow(response: JoinGroupResponse): void {
    this.state = 'completing'
    this.generation = response.generation
    this.member = response.member
    this.#assignor = response.protocol
    this.#heartbeat.enable()
    const leads = response.leader === response.member && !response.skipAssignment
    const assignments: readonly MemberAssignment[] = leads
      ? leaderAssigns(this.#assignor, response.members, this.client.metadata)
      : []
    const { settings } = this.client
    const request: SyncGroupRequest = {
      api: 'SyncGroup',
      group: settings.group,
      generation: this.generation,
      member: this.member,
      instance: settings.instance,
      assignments,
    }
    this.#send(request, settings.requestTimeoutMs)
  }

  #takeSync(response: SyncGroupResponse, request: SyncGroupRequest): void {
    const { error } = response
    const isCurrent = request.generation === this.generation && this.state === 'completing'
    if (error === 'NONE' && isCurrent) {
      this.state = 'stable'
      this.#isJoining = false
      this.#rejoinNeeded = false
      this.#received = response.partitions
      return
    }
    const isStale = error === 'UNKNOWN_MEMBER_ID' || error === 'ILLEGAL_GENERATION'
    if (isStale && isCurrent) this.reset(error === 'UNKNOWN_MEMBER_ID')
    this.#refused(error === 'NONE' ? 'ILLEGAL_GENERATION' : error)
  }

  /** A refusal that a new attempt answers at once, or one that takes a new coordinator or time. */
  #refused(error: KafkaError): void {
    const { lookup } = this.client
    if (error === 'NOT_COORDINATOR' || error === 'COORDINATOR_NOT_AVAILABLE') {
      lookup.markUnknown(false)
    }
    if (isFatal(error)) {
      this.client.observer.onGroupFailed?.(error, this.client.context.now)
      this.#rejoinNeeded = false
      this.#isJoining = false
      return
    }
    const isImmediate =
      error === 'UNKNOWN_MEMBER_ID' ||
      error === 'ILLEGAL_GENERATION' ||
      error === 'REBALANCE_IN_PROGRESS'
    this.#failed(isImmediate)
  }

  #failed(again: boolean): void {
    this.#isJoining = false
    this.#rejoinNeeded = true
    const { context, settings } = this.client
    this.#retryAt = again ? context.now : context.now + millis(settings.retryBackoffMs)
  }

  /** The application's poll takes up what the sync brought. */
  #complete(partitions: readonly PartitionIndex[]): void {
    const { subscription, observer, context } = this.client
    this.#received = null
    this.#assignment = partitions
    this.#needsPrepare = true
    const { owned } = subscription
    const revoked = owned.filter((one) => !partitions.includes(one))
    subscription.assignFromGroup(partitions)
    const isCooperative = assignorNamed(this.#assignor).protocol === 'cooperative'
    if (isCooperative && revoked.length > 0) {
      observer.onRevoked?.(revoked, 'revoked', context.now)
      this.#rejoinNeeded = true
    }
    observer.onAssigned?.(
      partitions.filter((one) => !owned.includes(one)),
      context.now,
    )
    this.#commits.restartInterval(context.now)
  }

  // ---- from the heartbeats and the commits ------------------------------------------------------

  /** The group is rebalancing: the next poll joins again. */
  requestRejoin(): void {
    this.#rejoinNeeded = true
    this.client.wake()
  }

  /** The member lost its place; its id may still be known. */
  reset(forgetMember: boolean): void {
    this.state = 'unjoined'
    this.generation = NO_GENERATION
    if (forgetMember) this.member = ''
    this.#received = null
    this.#needsPrepare = true
    this.requestRejoin()
  }

  onCommitRefused(error: KafkaError): void {
    if (error === 'REBALANCE_IN_PROGRESS') this.requestRejoin()
    else if (error === 'UNKNOWN_MEMBER_ID') this.reset(true)
    else if (error === 'ILLEGAL_GENERATION') this.reset(false)
  }

  /** Says farewell; a static member just goes, and its session runs out. */
  leave(): void {
    const { lookup, settings, channel } = this.client
    const { coordinator } = lookup
    const isDynamic = settings.instance === ''
    if (isDynamic && coordinator !== null && this.member !== '' && this.state !== 'unjoined') {
      const { group, instance } = settings
      const request = { api: 'LeaveGroup', group, member: this.member, instance } as const
      channel.send(coordinator, request, settings.requestTimeoutMs, IGNORED)
    }
    this.reset(true)
  }
}

function isFatal(error: KafkaError): boolean {
  return (
    error === 'FENCED_INSTANCE_ID' ||
    error === 'INCONSISTENT_GROUP_PROTOCOL' ||
    error === 'INVALID_SESSION_TIMEOUT'
  )
}
