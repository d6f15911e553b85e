// Models: the settings of a consumer that the model follows, under Kafka's names, with defaults.
// Leaves out: what a member of a group reads (group/group-settings.ts), deserialisers.
// Source: org.apache.kafka.clients.consumer.ConsumerConfig, CommonClientConfigs (4.1).

export type AutoOffsetReset = 'earliest' | 'latest' | 'none'

export interface ConsumerConfig {
  readonly autoOffsetReset: AutoOffsetReset
  readonly clientRack: string
  readonly isolationLevel: 'read_uncommitted' | 'read_committed'
  readonly fetchMinBytes: number
  readonly fetchMaxWaitMs: number
  readonly fetchMaxBytes: number
  readonly maxPartitionFetchBytes: number
  readonly maxPollRecords: number
  readonly requestTimeoutMs: number
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
  readonly reconnectBackoffMs: number
  readonly metadataMaxAgeMs: number
  readonly rebootstrap: boolean
  readonly rebootstrapTriggerMs: number
  /** consumerValidatesPosition: compared with the log when the leader changes. */
  readonly positionValidation: boolean
  /** KIP-951, clients from 3.7: a named new leader is asked at once. */
  readonly leaderHints: boolean
  /**
   * KAFKA-17182, clients from 4.1: while records of a node wait for the application, nothing else
   * is fetched from it. Partitions that a fetch leaves out fall out of the broker's session.
   */
  readonly sparesBufferedNodes: boolean
}

export const CONSUMER_DEFAULTS: ConsumerConfig = {
  autoOffsetReset: 'latest',
  clientRack: '',
  isolationLevel: 'read_uncommitted',
  fetchMinBytes: 1,
  fetchMaxWaitMs: 500,
  fetchMaxBytes: 52_428_800,
  maxPartitionFetchBytes: 1_048_576,
  maxPollRecords: 500,
  requestTimeoutMs: 30_000,
  retryBackoffMs: 100,
  retryBackoffMaxMs: 1_000,
  reconnectBackoffMs: 50,
  metadataMaxAgeMs: 300_000,
  rebootstrap: true,
  rebootstrapTriggerMs: 300_000,
  positionValidation: true,
  leaderHints: true,
  sparesBufferedNodes: true,
}
