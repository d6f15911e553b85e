// Models: committed(): the application asks what its group has committed, and waits for the answer.
// Leaves out: offsets of open transactions; metadata strings.
// Source: KafkaConsumer.committed, ConsumerCoordinator.fetchCommittedOffsets.

import { type Micros, millis, NEVER } from '../../../sim/time.ts'
import type { CommittedOffset, OffsetFetchRequest } from '../../group-messages.ts'
import type { PartitionIndex } from '../../ids.ts'
import type { Request, Response } from '../../messages.ts'
import { type BackoffSpec, backoff, retryBackoff } from '../../network/exponential-backoff.ts'
import type { RpcCaller, RpcFailure } from '../../network/rpc.ts'
import type { GroupClient } from './group-client.ts'
import type { Membership } from './membership.ts'
import { fetchedOffsets, offsetFetch } from './offset-fetch.ts'

/** Of the partitions asked about those with a committed offset; null: no answer in time. */
export type OnOffsets = (offsets: readonly CommittedOffset[] | null) => void

/** The one question that the application stands with. */
interface Asked {
  readonly partitions: readonly PartitionIndex[]
  readonly giveUpAt: Micros
  readonly onDone: OnOffsets
}

/**
 * KafkaConsumer.committed(): the application stands in it, one question at a time, until the
 * coordinator has answered or default.api.timeout.ms is over.
 */
export class CommittedQuery implements RpcCaller {
  readonly #client: GroupClient
  readonly #membership: Membership
  readonly #backoff: BackoffSpec
  #asked: Asked | null = null
  #request: OffsetFetchRequest | null = null
  #retryAt: Micros = 0
  #failures = 0

  constructor(client: GroupClient, membership: Membership) {
    this.#client = client
    this.#membership = membership
    this.#backoff = retryBackoff(client.settings)
  }

  /** The application stands in committed(). */
  get isBlocking(): boolean {
    return this.#asked !== null
  }

  /** Begins in the next pass; there is no second question before the first is answered. */
  ask(partitions: readonly PartitionIndex[], onDone: OnOffsets): void {
    const { context, settings, wake } = this.#client
    const giveUpAt = context.now + millis(settings.apiTimeoutMs)
    this.#asked = { partitions, giveUpAt, onDone }
    this.#failures = 0
    this.#retryAt = 0
    wake()
  }

  /** One pass. @returns when to look again */
  poll(now: Micros): Micros {
    const asked = this.#asked
    if (asked === null) return NEVER
    const { lookup, settings, channel } = this.#client
    if (now >= asked.giveUpAt) {
      this.#answer(null)
      return NEVER
    }
    if (this.#request !== null) return asked.giveUpAt
    if (now < this.#retryAt) return Math.min(this.#retryAt, asked.giveUpAt)
    if (lookup.coordinator === null) return Math.min(lookup.ensure(now), asked.giveUpAt)
    this.#request = offsetFetch(settings, this.#membership, asked.partitions)
    channel.send(lookup.coordinator, this.#request, settings.requestTimeoutMs, this)
    return asked.giveUpAt
  }

  /** Ends the question, or has it asked again after a back-off; late answers are ignored. */
  onReply(request: Request, response: Response | null, failure: RpcFailure | null): void {
    if (request !== this.#request) return
    this.#request = null
    const { lookup, context, wake } = this.#client
    const offsets = fetchedOffsets(lookup, response, failure)
    if (offsets !== null) {
      this.#answer(offsets)
      return
    }
    // No answer yet is no reason to give up: the application stands here until its time is over.
    const wait = backoff(this.#backoff, this.#failures++, context.random('offset-fetch'))
    this.#retryAt = context.now + wait
    wake()
  }

  #answer(offsets: readonly CommittedOffset[] | null): void {
    const asked = this.#asked
    this.#asked = null
    this.#request = null
    asked?.onDone(offsets)
  }
}
