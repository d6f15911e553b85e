// Models: the settings of a producer that the model follows, under Kafka's names, with defaults.
// Leaves out: security, metrics, interceptors, serialisers, transactions.
// Source: org.apache.kafka.clients.producer.ProducerConfig, CommonClientConfigs (4.1).

import type { CompressionType } from '../compression.ts'
import type { Acks } from '../messages.ts'

/** Milliseconds or bytes, as the names say. */
export interface ProducerConfig {
  /** Who must have a batch before it is answered: nobody, the leader, or the ISR (-1). */
  readonly acks: Acks
  /** With sequences: a batch that is sent again is recognised, and keeps its order. */
  readonly enableIdempotence: boolean
  /** Practically without end: delivery.timeout.ms ends a batch. */
  readonly retries: number
  /** Requests to a broker at a time; without idempotence more than one can change the order. */
  readonly maxInFlightRequestsPerConnection: number
  /** From a batch's opening to its fate, retries and waiting included (KIP-91). */
  readonly deliveryTimeoutMs: number
  /** Of one try; it is told the broker too, as the limit of an acks=all request's wait. */
  readonly requestTimeoutMs: number
  /** How long a batch that is not full waits for more; 5 since 4.0, 0 before. */
  readonly lingerMs: number
  /** A record that alone is larger gets a batch of its own size. */
  readonly batchSizeBytes: number
  /** Of all batches without a fate: in an outage it fills, and then send() blocks. */
  readonly bufferMemoryBytes: number
  /** How long send() stands still for memory or metadata before it throws. */
  readonly maxBlockMs: number
  /** Of one request, and so of one record. */
  readonly maxRequestSizeBytes: number
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
  readonly reconnectBackoffMs: number
  /** So old metadata may become while nothing fails. */
  readonly metadataMaxAgeMs: number
  /**
   * metadata.recovery.strategy: without a broker that answers it starts again from its addresses.
   */
  readonly rebootstrap: boolean
  readonly rebootstrapTriggerMs: number
  /**
   * partitioner.adaptive.partitioning.enable: records without keys shun brokers that lag (KIP-794).
   */
  readonly partitionerAdaptive: boolean
  /** partitioner.availability.timeout.ms: longer than this none waits for a node; 0 for never. */
  readonly partitionerAvailabilityTimeoutMs: number
  readonly compressionType: CompressionType
  /** Packed size / plain size of what its application sends, whatever packs it. */
  readonly compressionRatio: number
  /** KIP-951, clients from 3.7: a named new leader is tried at once, without back-off. */
  readonly leaderHints: boolean
  /** Clients before 3.6 send nothing any more once a producer id was refused (KAFKA-13668). */
  readonly producerIdRefusalIsFatal: boolean
}

export const PRODUCER_DEFAULTS: ProducerConfig = {
  acks: -1,
  enableIdempotence: true,
  retries: 2_147_483_647,
  maxInFlightRequestsPerConnection: 5,
  deliveryTimeoutMs: 120_000,
  requestTimeoutMs: 30_000,
  lingerMs: 5,
  batchSizeBytes: 16_384,
  bufferMemoryBytes: 33_554_432,
  maxBlockMs: 60_000,
  maxRequestSizeBytes: 1_048_576,
  retryBackoffMs: 100,
  retryBackoffMaxMs: 1_000,
  reconnectBackoffMs: 50,
  metadataMaxAgeMs: 300_000,
  rebootstrap: true,
  rebootstrapTriggerMs: 300_000,
  partitionerAdaptive: true,
  partitionerAvailabilityTimeoutMs: 0,
  compressionType: 'none',
  compressionRatio: 1,
  leaderHints: true,
  producerIdRefusalIsFatal: false,
}

/** What Connect's workers set before the overrides that a connector may carry. */
export const CONNECT_PRODUCER_DEFAULTS: ProducerConfig = {
  ...PRODUCER_DEFAULTS,
  acks: -1,
  enableIdempotence: false,
  maxInFlightRequestsPerConnection: 1,
  deliveryTimeoutMs: 2_147_483_647,
  maxBlockMs: Number.MAX_SAFE_INTEGER,
}
