// Models: a member under KIP-848: one heartbeat request that joins, reports, gives up and leaves.
// Leaves out: regular expressions.
// Source: AbstractMembershipManager, ConsumerMembershipManager, AbstractHeartbeatRequestManager.

import { invariant } from '../../../sim/invariant.ts'
import type { Timer } from '../../../sim/process.ts'
import { type Micros, millis, NEVER } from '../../../sim/time.ts'
import type { KafkaError } from '../../errors.ts'
import type {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../../group-messages.ts'
import type { GenerationId, MemberId, PartitionIndex } from '../../ids.ts'
import { sameSet } from '../../list-equality.ts'
import type { Request, Response } from '../../messages.ts'
import { type BackoffSpec, backoff, retryBackoff } from '../../network/exponential-backoff.ts'
import { IGNORED, type RpcCaller, type RpcFailure } from '../../network/rpc.ts'
import type { GroupClient } from './group-client.ts'
import type { MemberIdentity, Membership } from './membership.ts'
import type { OffsetCommits } from './offset-commits.ts'

/**
 * `reconciling`: gives up and takes over partitions. `acknowledging`: the next heartbeat says so.
 * `stale`: it did not poll in time, and has left until it polls again.
 */
type State = 'joining' | 'reconciling' | 'acknowledging' | 'stable' | 'stale' | 'left' | 'failed'

const JOIN_EPOCH: GenerationId = 0
const LEAVE_EPOCH: GenerationId = -1
const STATIC_LEAVE_EPOCH: GenerationId = -2

/**
 * No JoinGroup and no barrier: the coordinator names a target in a heartbeat's answer, the member
 * gives up, then takes over, and says in the next heartbeat what it owns.
 */
export class ConsumerMember implements Membership, RpcCaller {
  readonly #client: GroupClient
  readonly #commits: OffsetCommits
  readonly #timer: Timer
  readonly #backoff: BackoffSpec
  readonly #id: MemberId
  #state: State = 'joining'
  /** As the coordinator gave it; commits carry it, and an older one is refused as stale. */
  #epoch: GenerationId = JOIN_EPOCH
  /** Of the last answer that had one. */
  #target: readonly PartitionIndex[] = []
  /** The target that it is on its way to; one that comes meanwhile is the next. */
  #underWay: readonly PartitionIndex[] | null = null
  /** Between heartbeats, as the coordinator says; 0 before its first answer: at once. */
  #interval: Micros = 0
  /** Brought forward where there is something to say. */
  #heartbeatDue: Micros = 0
  /** Past it the member leaves by itself and drops what it has. */
  #pollBy: Micros
  #inFlight: ConsumerGroupHeartbeatRequest | null = null
  #failures = 0
  /** The next heartbeat tells everything anew, as after a failure nobody knows what arrived. */
  #tellsAll = true

  constructor(client: GroupClient, commits: OffsetCommits) {
    const { context, settings } = client
    this.#client = client
    this.#commits = commits
    this.#timer = context.timer(() => this.#run())
    this.#pollBy = context.now + millis(settings.maxPollIntervalMs)
    this.#backoff = retryBackoff(settings)
    const random = context.random('member-id')
    this.#id = `${settings.clientId}-${random.int(0, 0x7fff_ffff).toString(16)}`
    client.lookup.onFound = () => this.#run()
  }

  /**
   * Null before the first answer with an epoch, and after it has left or let its poll time pass.
   */
  get identity(): MemberIdentity | null {
    const isMember = this.#epoch > 0 && this.#state !== 'stale' && this.#state !== 'left'
    return isMember ? { member: this.#id, generation: this.#epoch } : null
  }

  get committer(): MemberIdentity | null {
    return this.identity
  }

  /** The application polled: max.poll.interval.ms begins anew, and partitions move only here. */
  poll(now: Micros): Micros {
    this.#pollBy = now + millis(this.#client.settings.maxPollIntervalMs)
    if (this.#state === 'stale') this.#rejoin()
    const next = this.#state === 'reconciling' ? this.#reconcile(now) : NEVER
    if (this.#state !== 'left' && this.#state !== 'failed') this.#arm()
    return Math.min(next, this.#client.lookup.ensure(now))
  }

  // ---- heartbeats -------------------------------------------------------------------------------

  #arm(): void {
    const { now } = this.#client.context
    const isFree = this.#inFlight === null
    const due = isFree ? Math.min(this.#heartbeatDue, this.#pollBy) : this.#pollBy
    if (this.#client.lookup.coordinator !== null) this.#timer.arm(Math.max(0, due - now))
    else this.#timer.arm(millis(this.#client.settings.retryBackoffMs))
  }

  #run(): void {
    const { lookup, context, observer } = this.#client
    const { now } = context
    if (this.#state === 'stale' || this.#state === 'left' || this.#state === 'failed') return
    // Without a coordinator there is nobody to leave: the poll timer is not looked at, the member
    // keeps what it has, and looks for a coordinator whether or not the application polls.
    if (lookup.coordinator === null) lookup.ensure(now)
    else if (now >= this.#pollBy) {
      observer.onPollIntervalExceeded?.(now)
      this.#sayFarewell()
      this.#loseAll('stale')
      return
    } else if (now >= this.#heartbeatDue && this.#inFlight === null) this.#send(this.#epoch)
    this.#arm()
  }

  /** A static member may come back (epoch -2). What is in flight answers a member that was. */
  #sayFarewell(): void {
    const isStatic = this.#client.settings.instance !== ''
    this.#send(isStatic ? STATIC_LEAVE_EPOCH : LEAVE_EPOCH)
    this.#inFlight = null
  }

  /**
   * One heartbeat: in full (subscription, what is owned) when joining and after a failure, else
   * only what changed. A coordinator that is told the same again need not compute anything.
   */
  #send(epoch: GenerationId): void {
    const { lookup, context, channel, settings, subscription } = this.#client
    if (lookup.coordinator === null) return
    const tellsAll = this.#tellsAll || epoch === JOIN_EPOCH
    const { owned } = subscription
    const tellsOwned = tellsAll || this.#state === 'acknowledging'
    const request: ConsumerGroupHeartbeatRequest = {
      api: 'ConsumerGroupHeartbeat',
      group: settings.group,
      member: this.#id,
      memberEpoch: epoch,
      instance: settings.instance,
      rack: settings.rack,
      clientId: settings.clientId,
      clientHost: settings.clientHost,
      rebalanceTimeoutMs: settings.maxPollIntervalMs,
      // null says: as before. A coordinator that is told a subscription compares and may rebalance.
      topics: tellsAll ? this.#client.topics() : null,
      assignor: settings.assignors[0] ?? null,
      owned: tellsOwned ? owned : null,
    }
    const isFarewell = epoch < 0
    channel.send(
      lookup.coordinator,
      request,
      settings.requestTimeoutMs,
      isFarewell ? IGNORED : this,
    )
    this.#heartbeatDue = context.now + this.#interval
    if (isFarewell) return
    this.#inFlight = request
    this.#tellsAll = false
    if (this.#state === 'acknowledging') {
      const isDone = sameSet(owned, this.#target)
      this.#state = isDone ? 'stable' : 'reconciling'
      if (!isDone) this.#client.wake()
    }
  }

  /** Of heartbeats, one in flight. After any failure the next one tells everything anew. */
  onReply(request: Request, response: Response | null, failure: RpcFailure | null): void {
    if (failure !== null) this.#client.lookup.markUnknown(failure !== 'timed-out')
    if (request !== this.#inFlight) return
    this.#inFlight = null
    if (response?.api === 'ConsumerGroupHeartbeat' && response.error === 'NONE') {
      this.#take(response)
    } else {
      this.#tellsAll = true
      const error = response?.api === 'ConsumerGroupHeartbeat' ? response.error : null
      this.#fail(error)
    }
    this.#client.wake()
    if (this.#state !== 'left' && this.#state !== 'failed') this.#arm()
  }

  #take(response: ConsumerGroupHeartbeatResponse): void {
    const { context, subscription } = this.#client
    const { memberEpoch } = response
    invariant(memberEpoch >= 0, 'who is counted in has an epoch', { memberEpoch })
    this.#failures = 0
    this.#epoch = memberEpoch
    const interval = millis(response.heartbeatIntervalMs)
    // The coordinator says how often (group.consumer.heartbeat.interval.ms is a broker's setting).
    if (interval !== this.#interval) this.#heartbeatDue = context.now + interval
    this.#interval = interval
    if (response.assignment !== null) this.#target = response.assignment
    const { owned } = subscription
    if (!sameSet(owned, this.#target)) this.#state = 'reconciling'
    else if (this.#state === 'joining') this.#state = 'stable'
  }

  /** Which failures are worth a retry, which mean a new start, and which end the application. */
  #fail(error: KafkaError | null): void {
    const { context, lookup, observer } = this.#client
    const { now } = context
    switch (error) {
      case 'NOT_COORDINATOR':
      case 'COORDINATOR_NOT_AVAILABLE':
        lookup.markUnknown(false)
        this.#failures = 0
        this.#heartbeatDue = now
        break
      // Its partitions may be somebody else's already: it drops them without a commit, which would
      // be refused, and joins as if it were new.
      case 'FENCED_MEMBER_EPOCH':
      case 'UNKNOWN_MEMBER_ID':
        this.#loseAll('joining')
        this.#failures = 0
        this.#rejoin()
        break
      // poll() throws each time. The member stays what it is: the missing right may be granted yet.
      case 'TOPIC_AUTHORIZATION_FAILED':
      case null:
      case 'COORDINATOR_LOAD_IN_PROGRESS': {
        if (error === 'TOPIC_AUTHORIZATION_FAILED') lookup.onRefused?.(error)
        const random = context.random('heartbeat')
        this.#heartbeatDue = now + backoff(this.#backoff, this.#failures++, random)
        break
      }
      default:
        observer.onGroupFailed?.(error, now)
        this.#loseAll('failed')
    }
  }

  // ---- partitions -------------------------------------------------------------------------------

  /** Commits, gives up what is not its own any more, then takes over what is, and says so. */
  #reconcile(now: Micros): Micros {
    const { subscription, observer, callback } = this.#client
    const { owned } = subscription
    this.#underWay ??= this.#target
    const target = this.#underWay
    const revoked = owned.filter((one) => !target.includes(one))
    // What is handed over after the last commit, whoever gets the partition reads again.
    subscription.beginRevocation(revoked)
    const wait = this.#commits.commitBeforeRevocation(now)
    if (wait !== null) return wait
    if (!callback.revoke('prepare', revoked)) return NEVER
    this.#underWay = null
    subscription.assignFromGroup(target)
    const added = target.filter((one) => !owned.includes(one))
    if (revoked.length > 0) observer.onRevoked?.(revoked, 'revoked', now)
    if (added.length > 0) observer.onAssigned?.(added, now)
    callback.assigned(added)
    // At once: until it says that it has given up, whoever waits for these partitions waits.
    this.#state = 'acknowledging'
    this.#heartbeatDue = now
    return NEVER
  }

  /** Without a commit: it would name an epoch that is no more. */
  #loseAll(next: State): void {
    const { subscription, observer, context, callback } = this.#client
    const { owned } = subscription
    callback.lost(owned)
    subscription.assignFromGroup([])
    if (owned.length > 0) observer.onRevoked?.(owned, 'lost', context.now)
    this.#state = next
    this.#target = []
    this.#underWay = null
  }

  /** As new, with epoch 0: the coordinator knows the id or makes it known. */
  #rejoin(): void {
    this.#state = 'joining'
    this.#epoch = JOIN_EPOCH
    this.#tellsAll = true
    this.#heartbeatDue = this.#client.context.now
  }

  /** Nothing: an epoch that is too old is replaced by the next heartbeat's answer. */
  onCommitRefused(_error: KafkaError): void {}

  /**
   * One heartbeat with epoch -1, or -2 of a static member, who may come back; nobody waits for its
   * answer, nor for that of the heartbeat before it.
   */
  leave(): void {
    this.#sayFarewell()
    this.#loseAll('left')
    this.#timer.cancel()
  }
}
