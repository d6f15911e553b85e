// Models: when a consumer commits its positions, and what it does about a commit that failed.
// Leaves out: commits of single partitions, metadata strings, user callbacks.
// Source: ConsumerCoordinator (maybeAutoCommitOffsetsAsync, commitOffsetsSync, onJoinPrepare);
// CommitRequestManager of members under KIP-848.

import { type Micros, millis, NEVER } from '../../../sim/time.ts'
import { type KafkaError, traitsOf } from '../../errors.ts'
import type { OffsetCommitRequest } from '../../group-messages.ts'
import type { Response } from '../../messages.ts'
import { type BackoffSpec, backoff, retryBackoff } from '../../network/exponential-backoff.ts'
import type { RpcCaller, RpcFailure } from '../../network/rpc.ts'
import type { GroupClient } from './group-client.ts'
import type { Membership } from './membership.ts'

/** A commit that something waits for: a revocation, or the application in commitSync. */
interface Awaited {
  readonly giveUpAt: Micros
  /** On its way; another commit's answer settles nothing here. */
  inFlight: OffsetCommitRequest | null
  retryAt: Micros
  /** Of this one commit: its waits grow with them. */
  failures: number
}

/**
 * What may be lost by a crash is read again by whoever comes next: so much as was handed over since
 * the last of these commits.
 */
export class OffsetCommits implements RpcCaller<OffsetCommitRequest> {
  readonly #client: GroupClient
  #membership: Membership | null = null
  /** When the next commit by the clock goes out, from poll(): not while the application works. */
  #due: Micros
  /** The commit that a rebalance waits for; null while there is none. */
  #beforeRevocation: Awaited | null = null
  /** It is done, and the rebalance has not gone on yet. */
  #isRevocationCommitted = false
  /** The application stands in commitSync. */
  #sync: Awaited | null = null
  /** A commit is on its way whose answer was not heard. */
  #isCommitting = false
  readonly #backoff: BackoffSpec

  constructor(client: GroupClient) {
    this.#client = client
    this.#backoff = retryBackoff(client.settings)
    this.#due = client.context.now + this.#interval
  }

  /** Commits name the member, and the member commits: they are made one after the other. */
  attach(membership: Membership): void {
    this.#membership = membership
  }

  /** auto.commit.interval.ms, or how often the application commits by itself. */
  get #interval(): Micros {
    const { commit } = this.#client.settings
    switch (commit.kind) {
      case 'auto':
        return millis(commit.intervalMs)
      case 'async':
      case 'sync':
        return commit.interval
      default:
        return NEVER
    }
  }

  /** The application stands in commitSync and does not poll. */
  get isBlocking(): boolean {
    return this.#sync !== null
  }

  /** A new assignment: the interval begins anew. */
  restartInterval(now: Micros): void {
    if (this.#client.settings.commit.kind === 'auto') this.#due = now + this.#interval
  }

  /** One pass of the poll loop. @returns when to look again */
  poll(now: Micros): Micros {
    if (this.#sync !== null) return this.#continueSync(this.#sync, now)
    if (this.#interval === NEVER) return NEVER
    if (now < this.#due) return this.#due
    if (this.#mustWaitForLast) return NEVER
    this.#due = now + this.#interval
    if (this.#client.settings.commit.kind === 'sync') {
      const giveUpAt = now + millis(this.#client.settings.apiTimeoutMs)
      this.#sync = { giveUpAt, inFlight: null, retryAt: now, failures: 0 }
      return this.#continueSync(this.#sync, now)
    }
    this.#send()
    return this.#due
  }

  /** Under KIP-848 an automatic commit waits for the answer to the last (AutoCommitState). */
  get #mustWaitForLast(): boolean {
    const { protocol, commit } = this.#client.settings
    return protocol === 'consumer' && commit.kind === 'auto' && this.#isCommitting
  }

  /** Automatic commits end with one, whose answer nobody waits for here. */
  commitOnClose(): void {
    if (this.#client.settings.commit.kind === 'auto') this.#send()
  }

  #continueSync(sync: Awaited, now: Micros): Micros {
    if (now >= sync.giveUpAt) {
      this.#sync = null
      return now
    }
    return this.#attempt(sync, now, () => {
      this.#sync = null
    })
  }

  /**
   * Where commits are automatic, positions are committed before partitions are given up.
   * @returns null when that is done or given up, else when to look again
   */
  commitBeforeRevocation(now: Micros): Micros | null {
    if (this.#client.settings.commit.kind !== 'auto') return null
    if (!this.#isRevocationCommitted) {
      const giveUpAt = now + millis(this.#client.settings.maxPollIntervalMs)
      this.#beforeRevocation ??= { giveUpAt, inFlight: null, retryAt: now, failures: 0 }
      const awaited = this.#beforeRevocation
      if (now < awaited.giveUpAt) {
        const next = this.#attempt(awaited, now, () => this.#revocationDone())
        if (this.#beforeRevocation !== null) return next
      }
    }
    this.#beforeRevocation = null
    this.#isRevocationCommitted = false
    return null
  }

  #revocationDone(): void {
    this.#beforeRevocation = null
    this.#isRevocationCommitted = true
  }

  /** Sends what is awaited once at a time; `done` where there is nothing to wait for. */
  #attempt(awaited: Awaited, now: Micros, done: () => void): Micros {
    const { giveUpAt, retryAt } = awaited
    if (awaited.inFlight !== null) return giveUpAt
    if (now < retryAt) return Math.min(retryAt, giveUpAt)
    const { lookup } = this.#client
    if (lookup.coordinator === null) return Math.min(lookup.ensure(now), giveUpAt)
    awaited.inFlight = this.#send()
    if (awaited.inFlight !== null) return giveUpAt
    done()
    return NEVER
  }

  /** @returns the request that left; null where there is nothing to commit, or nobody to tell */
  #send(): OffsetCommitRequest | null {
    const { lookup, subscription, settings, channel, context } = this.#client
    // All of them, also those that have not moved since the last commit (allConsumed).
    const offsets = subscription.consumed()
    if (offsets.length === 0) return null
    const identity = this.#membership?.identity ?? null
    if (identity === null) return null
    if (lookup.coordinator === null) {
      this.#retrySoon(context.now)
      return null
    }
    const request: OffsetCommitRequest = {
      api: 'OffsetCommit',
      group: settings.group,
      generation: identity.generation,
      member: identity.member,
      instance: settings.instance,
      offsets,
    }
    this.#isCommitting = true
    channel.send(lookup.coordinator, request, settings.requestTimeoutMs, this)
    return request
  }

  /**
   * Tells the membership of a refusal, unless it has joined again since; the observer hears of all.
   */
  onReply(
    request: OffsetCommitRequest,
    response: Response | null,
    failure: RpcFailure | null,
  ): void {
    const { lookup, observer, context, wake } = this.#client
    this.#isCommitting = false
    if (failure !== null) lookup.markUnknown(failure !== 'timed-out')
    const error: KafkaError =
      response?.api === 'OffsetCommit' ? response.error : 'NETWORK_EXCEPTION'
    const { offsets } = request
    observer.onCommitted?.(offsets, error, context.now)
    this.#judge(error, request)
    // The same commit may succeed later.
    const { retriable } = traitsOf(error)
    if (this.#beforeRevocation?.inFlight === request) {
      // Before a rebalance alone it is tried again in the epoch that the member has by now.
      const hasEpoch = (this.#membership?.identity ?? null) !== null
      const isAgain = retriable || (error === 'STALE_MEMBER_EPOCH' && hasEpoch)
      if (isAgain) this.#backOff(this.#beforeRevocation)
      else this.#revocationDone()
    }
    if (this.#sync?.inFlight === request) {
      if (retriable) this.#backOff(this.#sync)
      else this.#sync = null
    }
    if (retriable) this.#retrySoon(context.now)
    wake()
  }

  #judge(error: KafkaError, { generation }: OffsetCommitRequest): void {
    if (meansOtherCoordinator(error)) this.#client.lookup.markUnknown(false)
    else if (generation === this.#membership?.identity?.generation) {
      this.#membership.onCommitRefused(error)
    }
  }

  /** Only a classic member's commit before a rebalance is tried again at an even pace. */
  #backOff(awaited: Awaited): void {
    const { context, settings } = this.#client
    const isEven = awaited === this.#beforeRevocation && settings.protocol === 'classic'
    const wait = isEven
      ? millis(settings.retryBackoffMs)
      : backoff(this.#backoff, awaited.failures, context.random('commit'))
    awaited.inFlight = null
    awaited.failures++
    awaited.retryAt = context.now + wait
  }

  /** An automatic commit that failed for now does not wait for its whole interval. */
  #retrySoon(now: Micros): void {
    const { settings } = this.#client
    if (settings.commit.kind === 'auto') this.#due = now + millis(settings.retryBackoffMs)
  }
}

/** Whether a refused commit has the coordinator looked for anew (OffsetCommitResponseHandler). */
export function meansOtherCoordinator(error: KafkaError): boolean {
  return (
    error === 'NOT_COORDINATOR' ||
    error === 'COORDINATOR_NOT_AVAILABLE' ||
    // Before 4.0 a coordinator lets it through: its topic's followers did not keep up.
    error === 'REQUEST_TIMED_OUT'
  )
}
