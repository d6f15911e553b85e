// Models: commitSync and commitAsync of offsets that the application names.
// Leaves out: metadata strings; the interceptors.
// Source: ConsumerCoordinator.commitOffsetsSync, commitOffsetsAsync, OffsetCommitResponseHandler.

import { type Micros, millis, NEVER } from '../../../sim/time.ts'
import { type KafkaError, traitsOf } from '../../errors.ts'
import type { CommittedOffset, OffsetCommitRequest } from '../../group-messages.ts'
import type { GenerationId } from '../../ids.ts'
import type { Request, Response } from '../../messages.ts'
import { type BackoffSpec, backoff, retryBackoff } from '../../network/exponential-backoff.ts'
import type { RpcCaller, RpcFailure } from '../../network/rpc.ts'
import type { GroupClient } from './group-client.ts'
import type { Membership } from './membership.ts'
import { meansOtherCoordinator } from './offset-commits.ts'

/**
 * `failed`: CommitFailedException, the group has gone on without this member, or an error for good.
 * `rebalancing`: RebalanceInProgressException, a poll must end the rebalance first.
 * `retriable`: of commitAsync only, which tries once. `timed-out`: of commitSync only.
 */
export type CommitOutcome = 'committed' | 'failed' | 'rebalancing' | 'retriable' | 'timed-out'

export type OnCommitted = (outcome: CommitOutcome) => void

/** One call of the application's, until it is told the outcome. */
interface Requested {
  readonly offsets: readonly CommittedOffset[]
  readonly onDone: OnCommitted
  /** Of commitSync; null for one that is tried once. */
  readonly giveUpAt: Micros | null
  request: OffsetCommitRequest | null
}

/**
 * Commits are sent in the order of their calls; one that fails for a time does not hold back those
 * behind it.
 */
export class RequestedCommits implements RpcCaller {
  readonly #client: GroupClient
  readonly #membership: Membership
  readonly #backoff: BackoffSpec
  /** In the order of the calls. */
  #pending: Requested[] = []
  /** Ended, and told to the application when it calls the consumer next. */
  #done: (() => void)[] = []
  #retryAt: Micros = 0
  #attempts = 0

  constructor(client: GroupClient, membership: Membership) {
    this.#client = client
    this.#membership = membership
    this.#backoff = retryBackoff(client.settings)
  }

  /** The application stands in commitSync. */
  isBlocking = false

  /** Tries until default.api.timeout.ms is over. Nothing to commit: it returns at once. */
  commitSync(offsets: readonly CommittedOffset[], onDone: OnCommitted): void {
    this.isBlocking = true
    this.#attempts = 0
    this.#retryAt = 0
    const onReturn = (outcome: CommitOutcome) => {
      this.isBlocking = false
      onDone(outcome)
    }
    const giveUpAt = this.#client.context.now + millis(this.#client.settings.apiTimeoutMs)
    if (offsets.length === 0) this.#done.push(() => onReturn('committed'))
    else this.#pending.push({ offsets, onDone: onReturn, giveUpAt, request: null })
    this.#client.wake()
  }

  /** Tries once, as soon as the coordinator is known; told at a later call of the consumer. */
  commitAsync(offsets: readonly CommittedOffset[], onDone: OnCommitted): void {
    if (offsets.length === 0) this.#done.push(() => onDone('committed'))
    else this.#pending.push({ offsets, onDone, giveUpAt: null, request: null })
    this.poll(this.#client.context.now)
  }

  /** Calls back for what has ended: the application is in a call of the consumer. */
  tellDone(): void {
    for (const tell of this.#done.splice(0)) tell()
  }

  /** One pass. @returns when to look again */
  poll(now: Micros): Micros {
    let next: Micros = NEVER
    for (const requested of [...this.#pending]) {
      next = Math.min(next, requested.giveUpAt ?? NEVER, this.#attempt(requested, now))
    }
    return next
  }

  #attempt(requested: Requested, now: Micros): Micros {
    const { lookup, settings, channel } = this.#client
    const { giveUpAt, offsets } = requested
    if (giveUpAt !== null && now >= giveUpAt) {
      this.#end(requested, 'timed-out')
      return NEVER
    }
    if (requested.request !== null) return NEVER
    if (giveUpAt !== null && now < this.#retryAt) return this.#retryAt
    const { coordinator } = lookup
    if (coordinator === null) return lookup.ensure(now)
    const { committer } = this.#membership
    if (committer === null) this.#end(requested, 'failed')
    else if (committer === 'rebalancing') this.#end(requested, 'rebalancing')
    else {
      const { member, generation } = committer
      const { group, instance } = settings
      const who = { group, member, generation, instance }
      const request: OffsetCommitRequest = { api: 'OffsetCommit', ...who, offsets }
      requested.request = request
      channel.send(coordinator, request, settings.requestTimeoutMs, this)
    }
    return NEVER
  }

  /**
   * Ends the commit, or keeps it for another try where it is commitSync's and its time is not over.
   */
  onReply(request: Request, response: Response | null, failure: RpcFailure | null): void {
    const requested = this.#pending.find((one) => one.request === request)
    if (requested?.request == null) return
    const { generation } = requested.request
    requested.request = null
    const { lookup, observer, context, wake } = this.#client
    if (failure !== null) lookup.markUnknown(failure !== 'timed-out')
    const error: KafkaError =
      response?.api === 'OffsetCommit' ? response.error : 'NETWORK_EXCEPTION'
    observer.onCommitted?.(requested.offsets, error, context.now)
    this.#judge(requested, error, generation)
    wake()
  }

  #judge(requested: Requested, error: KafkaError, generation: GenerationId): void {
    const { lookup, context } = this.#client
    if (error === 'NONE') {
      this.#end(requested, 'committed')
      return
    }
    if (meansOtherCoordinator(error)) lookup.markUnknown(false)
    const { committer } = this.#membership
    const isRebalancing = committer === 'rebalancing'
    // It has joined again meanwhile: the refusal is of its former self.
    const isCurrent = !isRebalancing && committer?.generation === generation
    if (isCurrent) this.#membership.onCommitRefused(error)
    if (traitsOf(error).retriable) this.#retry(requested, context.now)
    else if (isRebalancing || error === 'REBALANCE_IN_PROGRESS') this.#end(requested, 'rebalancing')
    else this.#end(requested, 'failed')
  }

  #retry(requested: Requested, now: Micros): void {
    if (requested.giveUpAt === null) {
      this.#end(requested, 'retriable')
      return
    }
    const random = this.#client.context.random('commit')
    this.#retryAt = now + backoff(this.#backoff, this.#attempts++, random)
  }

  #end(requested: Requested, outcome: CommitOutcome): void {
    this.#pending = this.#pending.filter((one) => one !== requested)
    this.#done.push(() => requested.onDone(outcome))
    this.#client.wake()
  }
}
