// Models: the settings of a producer that the model follows, under Kafka's names, with defaults.
// Leaves out: security, metrics, interceptors, serialisers, transactions.
// Source: org.apache.kafka.clients.producer.ProducerConfig, CommonClientConfigs (4.1).

import type { CompressionType } from '../compression.ts'
import type { Acks } from '../messages.ts'

export interface ProducerConfig {
  readonly acks: Acks
  readonly enableIdempotence: boolean
  readonly retries: number
  readonly maxInFlightRequestsPerConnection: number
  readonly deliveryTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly lingerMs: number
  readonly batchSizeBytes: number
  readonly bufferMemoryBytes: number
  readonly maxBlockMs: number
  readonly maxRequestSizeBytes: number
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
  readonly reconnectBackoffMs: number
  readonly metadataMaxAgeMs: number
  readonly rebootstrap: boolean
  readonly rebootstrapTriggerMs: number
  readonly partitionerAdaptive: boolean
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
