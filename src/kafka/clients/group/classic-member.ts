// Models: a member of a classic group: it joins, leads or follows, syncs, and joins again.
// Leaves out: what it joins for (consumer-work.ts).
// Source: AbstractCoordinator.

import { invariant } from '../../../sim/invariant.ts'
import { type Micros, millis, NEVER } from '../../../sim/time.ts'
import type { KafkaError } from '../../errors.ts'
import type {
  Assigned,
  JoinGroupRequest,
  JoinGroupResponse,
  MemberAssignment,
  SyncGroupRequest,
  SyncGroupResponse,
} from '../../group-messages.ts'
import { type GenerationId, type MemberId, NO_GENERATION } from '../../ids.ts'
import type { Response } from '../../messages.ts'
import { IGNORED, type RpcCaller, type RpcFailure } from '../../network/rpc.ts'
import { ClassicHeartbeat, type MemberState } from './classic-heartbeat.ts'
import type { MemberClient } from './group-client.ts'
import type { MemberWork } from './member-work.ts'
import type { MemberIdentity, Membership } from './membership.ts'

/** A join waits for the slowest member, and this much longer. */
const JOIN_TIMEOUT_LAPSE_MS = 5_000

/**
 * One member through all its generations. It joins, syncs and gives up in poll() only; heartbeats
 * go on in between, by `ClassicHeartbeat`, and only tell it to join again.
 */
export class ClassicMember implements Membership, RpcCaller<JoinGroupRequest | SyncGroupRequest> {
  state: MemberState = 'unjoined'
  generation: GenerationId = NO_GENERATION
  member: MemberId = ''
  readonly client: MemberClient
  readonly work: MemberWork
  readonly #heartbeat: ClassicHeartbeat
  /** The assignor that the coordinator chose for this generation. */
  #protocol = ''
  /** Cause to join; cleared by an assignment alone, so that no cause is lost on the way. */
  #rejoinNeeded = true
  /** onJoinPrepare is still to be called: once for each rebalance, however often the join fails. */
  #needsPrepare = true
  /** A JoinGroup or SyncGroup is under way. */
  #isJoining = false
  /** After a refusal that needs time; 0 where the next poll may join at once. */
  #retryAt: Micros = 0
  /** What the last sync brought, until the next poll takes it up. */
  #received: Assigned | null = null
  /** The next poll() throws it. */
  #failure: KafkaError | null = null
  /** poll() has thrown: the application ends, and nothing joins again. */
  #isOver = false

  constructor(client: MemberClient, work: MemberWork) {
    this.client = client
    this.work = work
    this.#heartbeat = new ClassicHeartbeat(this)
    client.lookup.onFound = () => this.#heartbeat.resetSession()
  }

  /** In a generation, with what it was given taken up, and with no cause to join again. */
  get isSettled(): boolean {
    return this.state === 'stable' && this.#received === null && !this.#rejoinNeeded
  }

  /**
   * As whom automatic commits are made; null from the loss of a generation until the next poll has
   * taken up what the new one brought.
   */
  get identity(): MemberIdentity | null {
    if (this.state !== 'stable' || this.#received !== null) return null
    return { member: this.member, generation: this.generation }
  }

  /**
   * As whom the application's own commits are made: null ends them with CommitFailedException,
   * 'rebalancing' with RebalanceInProgressException.
   */
  get committer(): MemberIdentity | 'rebalancing' | null {
    if (this.state === 'unjoined') return null
    if (this.state !== 'stable') return 'rebalancing'
    return { member: this.member, generation: this.generation }
  }

  /**
   * One pass of ConsumerCoordinator.poll: takes up an assignment that came, finds the coordinator,
   * joins where there is cause.
   */
  poll(now: Micros): Micros {
    if (this.#failure !== null) this.#end(this.#failure, now)
    if (this.#isOver) return NEVER
    this.#heartbeat.polled(now)
    if (this.#received !== null && !this.#complete(this.#received, now)) return NEVER
    // Who sleeps after a refused join looks for nobody meanwhile.
    if (now < this.#retryAt) return this.#retryAt
    if (this.client.lookup.coordinator === null) return this.client.lookup.ensure(now)
    if (this.work.hasChanged) this.#rejoinNeeded = true
    return this.#rejoinNeeded && !this.#isJoining ? this.#join(now) : NEVER
  }

  // ---- joining ----------------------------------------------------------------------------------

  /**
   * AbstractCoordinator.joinGroupIfNeeded: first give up what must be given up, with a last commit,
   * then join. Heartbeats stop until the join is answered.
   */
  #join(now: Micros): Micros {
    if (!this.work.canJoin) return NEVER
    const isKnown = this.generation !== NO_GENERATION
    const wait = this.#needsPrepare ? this.work.prepare(isKnown, now) : null
    if (wait !== null) return wait
    this.#needsPrepare = false
    this.state = 'preparing'
    this.#isJoining = true
    this.#send(this.#joinRequest(), this.#joinTimeoutMs)
    return NEVER
  }

  /** The answer comes when the slowest member has joined: longer than request.timeout.ms. */
  get #joinTimeoutMs(): number {
    const { requestTimeoutMs, maxPollIntervalMs } = this.client.settings
    return Math.max(requestTimeoutMs, maxPollIntervalMs + JOIN_TIMEOUT_LAPSE_MS)
  }

  #joinRequest(): JoinGroupRequest {
    const { settings } = this.client
    return {
      api: 'JoinGroup',
      group: settings.group,
      member: this.member,
      instance: settings.instance,
      clientId: settings.clientId,
      clientHost: settings.clientHost,
      sessionTimeoutMs: settings.sessionTimeoutMs,
      rebalanceTimeoutMs: settings.maxPollIntervalMs,
      protocols: this.work.protocols,
      subscription: this.work.subscribe(this.generation),
    }
  }

  /** Without a coordinator the attempt has failed before it began. */
  #send(request: JoinGroupRequest | SyncGroupRequest, timeoutMs: number): void {
    const { coordinator } = this.client.lookup
    if (coordinator === null) this.#failed(false)
    else this.client.channel.send(coordinator, request, timeoutMs, this)
  }

  /**
   * Of JoinGroup and SyncGroup. A time-out closes the connection to the coordinator, and the join
   * begins again from the look-up.
   */
  onReply(
    request: JoinGroupRequest | SyncGroupRequest,
    response: Response | null,
    failure: RpcFailure | null,
  ): void {
    const { api } = request
    if (api === 'JoinGroup' && response?.api === api) this.#takeJoin(response, request)
    else if (api === 'SyncGroup' && response?.api === api) this.#takeSync(response, request)
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
    const { generation, member } = response
    invariant(generation > 0 && member !== '', 'a generation is of members', { generation, member })
    this.state = 'completing'
    this.generation = response.generation
    this.member = response.member
    this.#protocol = response.protocol
    this.#heartbeat.enable()
    const leads = response.leader === response.member
    if (leads) this.work.leads?.(response.members)
    const assignments: readonly MemberAssignment[] =
      leads && !response.skipAssignment ? this.work.assign(this.#protocol, response.members) : []
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
      this.#received = response
      return
    }
    // An assignment of a generation that has ended meanwhile is not taken up: its partitions may be
    // others' now. The member joins again, as if it had been refused.
    const isStale = error === 'UNKNOWN_MEMBER_ID' || error === 'ILLEGAL_GENERATION'
    if (isStale && isCurrent) this.reset(error === 'UNKNOWN_MEMBER_ID')
    // "Unexpected error from SyncGroup": the client tries nothing again that it does not know.
    if (error === 'COORDINATOR_LOAD_IN_PROGRESS') this.#end(error, this.client.context.now)
    else this.#refused(error === 'NONE' ? 'ILLEGAL_GENERATION' : error)
  }

  /** A refusal that a new attempt answers at once, or one that takes a new coordinator or time. */
  #refused(error: KafkaError): void {
    const { lookup } = this.client
    if (error === 'NOT_COORDINATOR' || error === 'COORDINATOR_NOT_AVAILABLE') {
      lookup.markUnknown(false)
    }
    if (isFatal(error)) {
      this.#end(error, this.client.context.now)
      return
    }
    if (error === 'GROUP_AUTHORIZATION_FAILED') lookup.onRefused?.(error)
    // Nothing need change elsewhere before a new attempt can succeed, so that none is lost waiting.
    const isImmediate =
      error === 'UNKNOWN_MEMBER_ID' ||
      error === 'ILLEGAL_GENERATION' ||
      error === 'REBALANCE_IN_PROGRESS'
    this.#failed(isImmediate)
  }

  /** poll() throws, and the application ends with it. */
  #end(error: KafkaError, now: Micros): void {
    this.#forget(true)
    this.#failure = null
    this.#isOver = true
    this.work.refused(error, now)
  }

  /** The join begins again from its start, whatever step it failed at. */
  #failed(again: boolean): void {
    this.#isJoining = false
    this.#rejoinNeeded = true
    const { context, settings } = this.client
    this.#retryAt = again ? context.now : context.now + millis(settings.retryBackoffMs)
  }

  /** The owner's poll takes up what the sync brought. @returns whether that is done */
  #complete(assigned: Assigned, now: Micros): boolean {
    const mustRejoin = this.work.take(this.#protocol, assigned, now)
    if (mustRejoin === null) return false
    this.#received = null
    this.#needsPrepare = true
    if (mustRejoin) this.#rejoinNeeded = true
    return true
  }

  // ---- from the heartbeats and the commits ------------------------------------------------------

  /** The group is rebalancing: the next poll joins again. */
  requestRejoin(): void {
    this.#rejoinNeeded = true
    this.client.wake()
  }

  /** The member lost its place; its id may still be known. */
  reset(forgetMember: boolean): void {
    this.#forget(forgetMember)
    this.requestRejoin()
  }

  #forget(forgetMember: boolean): void {
    this.state = 'unjoined'
    this.generation = NO_GENERATION
    if (forgetMember) this.member = ''
    this.#received = null
    this.#needsPrepare = true
  }

  /** Another process has its instance: the next poll() throws, or they would take turns. */
  fenced(): void {
    this.#failure = 'FENCED_INSTANCE_ID'
    this.reset(true)
  }

  /**
   * A refused commit tells of a rebalance as a heartbeat would; other errors are the commit's own.
   */
  onCommitRefused(error: KafkaError): void {
    if (error === 'REBALANCE_IN_PROGRESS') this.requestRejoin()
    else if (error === 'UNKNOWN_MEMBER_ID') this.reset(true)
    else if (error === 'ILLEGAL_GENERATION') this.reset(false)
    else if (error === 'FENCED_INSTANCE_ID') this.fenced()
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
