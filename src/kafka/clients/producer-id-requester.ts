// Models: an idempotent producer asking any broker for its producer id before it sends.
// Leaves out: transactional ids and their coordinator.
// Source: producer.internals.TransactionManager (InitProducerIdHandler), Sender.

import type { Random } from '../../sim/random.ts'
import type { Micros } from '../../sim/time.ts'
import { NEVER } from '../../sim/time.ts'
import { NO_PRODUCER } from '../ids.ts'
import type { Request, Response } from '../messages.ts'
import type { KafkaClient } from '../network/client-channel.ts'
import { type BackoffSpec, backoff, retryBackoff } from '../network/exponential-backoff.ts'
import type { RpcCaller } from '../network/rpc.ts'
import type { Idempotence } from './idempotence.ts'
import type { ClientMetadata } from './metadata.ts'
import { leastLoadedNode } from './metadata-updater.ts'
import type { ProducerConfig } from './producer-config.ts'

export class ProducerIdRequester implements RpcCaller {
  private readonly idempotence: Idempotence
  private readonly config: ProducerConfig
  private readonly client: KafkaClient
  private readonly metadata: ClientMetadata
  private readonly backoff: BackoffSpec
  private readonly random: Random
  private readonly onAnswer: () => void
  private inProgress = false
  private failures = 0
  private notBefore: Micros = 0

  constructor(
    idempotence: Idempotence,
    config: ProducerConfig,
    client: KafkaClient,
    metadata: ClientMetadata,
    random: Random,
    onAnswer: () => void,
  ) {
    this.idempotence = idempotence
    this.config = config
    this.client = client
    this.metadata = metadata
    this.backoff = retryBackoff(config)
    this.random = random
    this.onAnswer = onAnswer
  }

  /** Asks if needed and possible. @returns when to call again; NEVER if an event will tell. */
  maybeRequest(now: Micros): Micros {
    if (this.idempotence.hasProducerId || this.inProgress) return NEVER
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

  onReply(_request: Request, response: Response | null): void {
    this.inProgress = false
    if (response?.api === 'InitProducerId' && response.error === 'NONE')
      this.idempotence.initialised(response.producerId, response.producerEpoch)
    else this.later(this.client.now)
    this.onAnswer()
  }

  private later(now: Micros): Micros {
    this.notBefore = now + backoff(this.backoff, this.failures, this.random)
    this.failures++
    return this.notBefore
  }
}
