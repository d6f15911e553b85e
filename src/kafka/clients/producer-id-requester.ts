// Models: an idempotent producer asking any broker for its producer id before it sends.
// Leaves out: transactional ids and their coordinator.
// Source: producer.internals.TransactionManager (InitProducerIdHandler), Sender.

import type { Random } from '../../sim/random.ts'
import type { Micros } from '../../sim/time.ts'
import { NEVER } from '../../sim/time.ts'
import type { KafkaError } from '../errors.ts'
import { NO_PRODUCER } from '../ids.ts'
import type { Request, Response } from '../messages.ts'
import type { KafkaClient } from '../network/client-channel.ts'
import { type BackoffSpec, backoff, retryBackoff } from '../network/exponential-backoff.ts'
import type { RpcCaller } from '../network/rpc.ts'
import type { Idempotence } from './idempotence.ts'
import type { ClientMetadata } from './metadata.ts'
import { leastLoadedNode } from './metadata-updater.ts'
import type { ProducerConfig } from './producer-config.ts'

/** Whoever sends with the id. */
export interface ProducerIdListener {
  onAnswer(): void
  /** The producer may not write idempotently to anything. */
  onRefused(error: KafkaError): void
}

/**
 * Until there is an id nothing leaves. Any broker will do; without an answer it is asked again
 * after retry.backoff.ms, growing to retry.backoff.max.ms (KIP-580).
 */
export class ProducerIdRequester implements RpcCaller {
  /** Clients before 3.6 do not get over a refusal: the application needs another producer. */
  fatal: KafkaError | null = null
  private readonly idempotence: Idempotence
  private readonly config: ProducerConfig
  private readonly client: KafkaClient
  private readonly metadata: ClientMetadata
  private readonly backoff: BackoffSpec
  private readonly random: Random
  private readonly listener: ProducerIdListener
  private inProgress = false
  private failures = 0
  private notBefore: Micros = 0

  constructor(
    idempotence: Idempotence,
    config: ProducerConfig,
    client: KafkaClient,
    metadata: ClientMetadata,
    random: Random,
    listener: ProducerIdListener,
  ) {
    this.idempotence = idempotence
    this.config = config
    this.client = client
    this.metadata = metadata
    this.backoff = retryBackoff(config)
    this.random = random
    this.listener = listener
  }

  /** Asks if needed and possible. @returns when to call again; NEVER if an event will tell. */
  maybeRequest(now: Micros): Micros {
    if (this.idempotence.hasProducerId || this.inProgress || this.fatal !== null) return NEVER
    if (now < this.notBefore) return this.notBefore
    const { node } = leastLoadedNode(this.metadata.nodes, this.client, this.random)
    if (node === null) return this.later(now)
    if (!this.client.ready(node)) return this.client.retryAt(node) ?? NEVER
    this.inProgress = true
    const request: Request = {
      api: 'InitProducerId',
      producerId: NO_PRODUCER,
      producerEpoch: -1,
    }
    this.client.send(node, request, this.config.requestTimeoutMs, this)
    return NEVER
  }

  /** A lost answer is asked for again: the id that it may have told is never used. */
  onReply(_request: Request, response: Response | null): void {
    this.inProgress = false
    const error = response?.api === 'InitProducerId' ? response.error : null
    if (response?.api === 'InitProducerId' && error === 'NONE')
      this.idempotence.initialised(response.producerId, response.producerEpoch)
    else if (error === 'CLUSTER_AUTHORIZATION_FAILED') this.refused(error)
    else this.later(this.client.now)
    this.listener.onAnswer()
  }

  /** Since 3.6 it asks again at once, as for the first time. */
  private refused(error: KafkaError): void {
    if (this.config.producerIdRefusalIsFatal) this.fatal = error
    this.listener.onRefused(error)
  }

  private later(now: Micros): Micros {
    this.notBefore = now + backoff(this.backoff, this.failures, this.random)
    this.failures++
    return this.notBefore
  }
}
