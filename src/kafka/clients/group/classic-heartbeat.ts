// Models: the heartbeat thread of a classic member: session, heartbeats, and the application that
// does not poll any more.
// Leaves out: the thread's naps of retry.backoff.ms (it wakes exactly when something is due).
// Source: AbstractCoordinator.HeartbeatThread, Heartbeat.

import type { Timer } from '../../../sim/process.ts'
import { type Micros, millis } from '../../../sim/time.ts'
import type { KafkaError } from '../../errors.ts'
import type { HeartbeatRequest } from '../../group-messages.ts'
import type { GenerationId, MemberId } from '../../ids.ts'
import type { Response } from '../../messages.ts'
import { type BackoffSpec, backoff, retryBackoff } from '../../network/exponential-backoff.ts'
import type { RpcCaller, RpcFailure } from '../../network/rpc.ts'
import type { MemberClient } from './group-client.ts'
import type { MemberWork } from './member-work.ts'

/** `preparing`: JoinGroup is under way. `completing`: SyncGroup is. */
export type MemberState = 'unjoined' | 'preparing' | 'completing' | 'stable'

/** The member for whom it beats. */
export interface BeatingMember {
  readonly state: MemberState
  readonly generation: GenerationId
  readonly member: MemberId
  readonly client: MemberClient
  readonly work: MemberWork
  requestRejoin(): void
  reset(forgetMember: boolean): void
  fenced(): void
  leave(): void
}

/**
 * Runs beside the application: it alone keeps the membership while records are worked on, and it
 * alone ends it when that takes too long. Times are those of the client, not of the coordinator.
 */
export class ClassicHeartbeat implements RpcCaller<HeartbeatRequest> {
  readonly #member: BeatingMember
  readonly #timer: Timer
  readonly #backoff: BackoffSpec
  /** From a completed join until the member is out of its generation. */
  #isEnabled = false
  /** heartbeat.interval.ms after the last was sent, or a back-off after one that failed. */
  #heartbeatDue: Micros = 0
  /** Without a sign of life by then the coordinator is taken for dead. */
  #sessionEnds: Micros = 0
  /** max.poll.interval.ms after the last poll: the application counts as hung then. */
  #pollBy: Micros = 0
  #failures = 0

  constructor(member: BeatingMember) {
    const { context, settings } = member.client
    this.#member = member
    this.#timer = context.timer(() => this.#run())
    this.#backoff = retryBackoff(settings)
  }

  /** A generation is complete: session, poll and heartbeat begin anew. */
  enable(): void {
    const { context, settings } = this.#member.client
    const { now } = context
    this.#isEnabled = true
    this.#sessionEnds = now + millis(settings.sessionTimeoutMs)
    this.#pollBy = now + millis(settings.maxPollIntervalMs)
    this.#heartbeatDue = now + millis(settings.heartbeatIntervalMs)
    this.#arm()
  }

  /** The application polled. */
  polled(now: Micros): void {
    this.#pollBy = now + millis(this.#member.client.settings.maxPollIntervalMs)
  }

  /** A coordinator was found: the session with it is new. */
  resetSession(): void {
    const { context, settings } = this.#member.client
    this.#sessionEnds = context.now + millis(settings.sessionTimeoutMs)
    if (this.#isEnabled) this.#arm()
  }

  #arm(): void {
    const { now } = this.#member.client.context
    const due = Math.min(this.#heartbeatDue, this.#sessionEnds, this.#pollBy)
    this.#timer.arm(Math.max(0, due - now))
  }

  #run(): void {
    const { client, state } = this.#member
    const { lookup, context, settings } = client
    const { now } = context
    // While a JoinGroup waits at the barrier the coordinator counts its sender as alive, and a
    // heartbeat of the old generation would only be told to join.
    if (state === 'unjoined' || state === 'preparing') {
      this.#isEnabled = false
      return
    }
    if (lookup.coordinator === null) {
      lookup.ensure(now)
      this.#timer.arm(millis(settings.retryBackoffMs))
      return
    }
    if (now >= this.#sessionEnds) {
      // No answer for a whole session: whoever coordinates the group, it is not this broker.
      lookup.markUnknown(false)
      this.#timer.arm(0)
      return
    }
    // KIP-62: the thread beats though the application hangs, so this alone notices that it does.
    if (now >= this.#pollBy) {
      this.#member.work.pollIntervalExceeded(now)
      this.#member.leave()
      this.#isEnabled = false
      return
    }
    if (now >= this.#heartbeatDue) this.#send(lookup.coordinator, now)
    this.#arm()
  }

  /** The next one is due an interval from now, whether or not this one is answered. */
  #send(coordinator: number, now: Micros): void {
    const { client, generation, member } = this.#member
    const { settings } = client
    this.#heartbeatDue = now + millis(settings.heartbeatIntervalMs)
    const request: HeartbeatRequest = {
      api: 'Heartbeat',
      group: settings.group,
      generation,
      member,
      instance: settings.instance,
    }
    client.channel.send(coordinator, request, settings.requestTimeoutMs, this)
  }

  /**
   * A sign of life from the coordinator, or a failure: the next beat then comes after a back-off.
   */
  onReply(request: HeartbeatRequest, response: Response | null, failure: RpcFailure | null): void {
    if (failure !== null) this.#member.client.lookup.markUnknown(failure !== 'timed-out')
    const error = response?.api === 'Heartbeat' ? response.error : null
    if (error === null || !this.#isAlive(error, request)) this.#failed()
    else this.#received()
    if (this.#isEnabled) this.#arm()
  }

  /** Whether an answer shows that the coordinator counts this member in. */
  #isAlive(error: KafkaError, request: HeartbeatRequest): boolean {
    const member = this.#member
    const isCurrent = request.generation === member.generation && request.member === member.member
    switch (error) {
      case 'NONE':
        return true
      // It is still counted in, or it would not be asked to join again.
      case 'REBALANCE_IN_PROGRESS':
        if (member.state === 'stable') member.requestRejoin()
        return true
      // The answer to a heartbeat of an older generation says nothing of this one.
      case 'UNKNOWN_MEMBER_ID':
        if (isCurrent) member.reset(true)
        return !isCurrent
      case 'FENCED_INSTANCE_ID':
        if (isCurrent) member.fenced()
        return !isCurrent
      case 'ILLEGAL_GENERATION':
        if (isCurrent) member.reset(false)
        return !isCurrent
      case 'NOT_COORDINATOR':
      case 'COORDINATOR_NOT_AVAILABLE':
        member.client.lookup.markUnknown(false)
        return false
      default:
        return false
    }
  }

  #received(): void {
    const { context, settings } = this.#member.client
    this.#failures = 0
    this.#sessionEnds = context.now + millis(settings.sessionTimeoutMs)
  }

  #failed(): void {
    const { context } = this.#member.client
    const wait = backoff(this.#backoff, this.#failures++, context.random('heartbeat'))
    this.#heartbeatDue = context.now + wait
  }
}
