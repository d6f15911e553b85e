// Models: an idempotent producer asking any broker for its producer id before it sends: the node is
// chosen and awaited, and another try begins with retry.backoff.ms of sleep.
// Leaves out: transactional ids and their coordinator; that the thread hears nothing as it sleeps.
// Source: producer.internals.TransactionManager (InitProducerIdHandler), Sender
// (maybeSendAndPollTransactionalRequest), NetworkClientUtils.awaitReady.

import { invariant } from '../../sim/invariant.ts'
import type { Random } from '../../sim/random.ts'
import { type Micros, millis, NEVER } from '../../sim/time.ts'
import type { KafkaError } from '../errors.ts'
import type { NodeId } from '../ids.ts'
import type { Request, Response } from '../messages.ts'
import type { KafkaClient } from '../network/client-channel.ts'
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
 * Until there is an id nothing leaves. Any broker will do; without an answer another is asked
 * after a flat retry.backoff.ms.
 */
export class ProducerIdRequester implements RpcCaller {
  /** Clients before 3.6 do not get over a refusal: the application needs another producer. */
  fatal: KafkaError | null = null
  private readonly idempotence: Idempotence
  private readonly config: ProducerConfig
  private readonly client: KafkaClient
  private readonly metadata: ClientMetadata
  private readonly random: Random
  private readonly listener: ProducerIdListener
  /** A request is out. */
  private inProgress = false
  /** Who is to answer, while its connection is awaited and while the thread sleeps before. */
  private target: NodeId | null = null
  /** So long the chosen node may take to become ready. */
  private awaitedUntil: Micros = 0
  /** The first attempt does not sleep before it asks; each further one does. */
  private isRetry = false
  private hasSlept = false
  /** End of the thread's sleep. */
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
    this.random = random
    this.listener = listener
  }

  /** Asks if needed and possible. @returns when to call again; NEVER if an event will tell. */
  maybeRequest(now: Micros): Micros {
    if (this.idempotence.hasProducerId || this.inProgress || this.fatal !== null) return NEVER
    if (now < this.notBefore) return this.notBefore
    const node = this.target ?? this.choose(now)
    if (node === null) return this.sleep(now)
    if (!this.client.canSend(node)) return this.awaitReady(node, now)
    if (this.isRetry && !this.hasSlept) {
      this.hasSlept = true
      return this.sleep(now)
    }
    this.ask(node)
    return NEVER
  }

  private choose(now: Micros): NodeId | null {
    const { node } = leastLoadedNode(this.metadata.nodes, this.client, this.random)
    this.target = node
    this.awaitedUntil = now + millis(this.config.requestTimeoutMs)
    if (node === null) this.isRetry = true
    else this.client.ready(node)
    return node
  }

  /** The node once chosen is waited for, whoever else is ready, unless its connection fails. */
  private awaitReady(node: NodeId, now: Micros): Micros {
    const mayCome = this.client.isPreparing(node) || this.client.isReady(node)
    if (mayCome && now < this.awaitedUntil) return this.awaitedUntil
    this.metadata.requestUpdate()
    this.tryAgain()
    return this.sleep(now)
  }

  private ask(node: NodeId): void {
    this.inProgress = true
    const request: Request = { api: 'InitProducerId' }
    this.client.send(node, request, this.config.requestTimeoutMs, this)
  }

  private tryAgain(): void {
    this.target = null
    this.isRetry = true
    this.hasSlept = false
  }

  /** Always retry.backoff.ms: it does not grow, and nothing varies it. */
  private sleep(now: Micros): Micros {
    this.notBefore = now + millis(this.config.retryBackoffMs)
    return this.notBefore
  }

  /** A lost answer is asked for again: the id that it may have told is never used. */
  onReply(_request: Request, response: Response | null): void {
    invariant(this.inProgress, 'an id is asked for before it is given')
    invariant(!this.idempotence.hasProducerId, 'a producer gets one id')
    this.inProgress = false
    const error = response?.api === 'InitProducerId' ? response.error : null
    if (response?.api === 'InitProducerId' && error === 'NONE')
      this.idempotence.initialised(response.producerId, response.producerEpoch)
    else if (error === 'CLUSTER_AUTHORIZATION_FAILED') this.refused(error)
    else this.tryAgain()
    this.listener.onAnswer()
  }

  /** Since 3.6 it asks again at once, as for the first time. */
  private refused(error: KafkaError): void {
    if (this.config.producerIdRefusalIsFatal) this.fatal = error
    this.target = null
    this.isRetry = false
    this.listener.onRefused(error)
  }
}
