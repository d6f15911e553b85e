// Models: the settings of a consumer that the model follows, under Kafka's names, with defaults.
// Leaves out: what a member of a group reads (group/group-settings.ts), deserialisers.
// Source: org.apache.kafka.clients.consumer.ConsumerConfig, CommonClientConfigs (4.1).

export type AutoOffsetReset = 'earliest' | 'latest' | 'none'

/** Milliseconds where the name says so, else bytes or records. */
export interface ConsumerConfig {
  /** Where to go on without a valid position; `none` is an exception in poll(). */
  readonly autoOffsetReset: AutoOffsetReset
  /** '' names none: then no leader sends it to a closer replica (KIP-392). */
  readonly clientRack: string
  readonly isolationLevel: 'read_uncommitted' | 'read_committed'
  /** A broker parks a fetch until it has so much, for fetchMaxWaitMs at most. */
  readonly fetchMinBytes: number
  readonly fetchMaxWaitMs: number
  /** Of one answer, all its partitions together. */
  readonly fetchMaxBytes: number
  /** Of one partition in an answer; a larger first batch comes whole all the same. */
  readonly maxPartitionFetchBytes: number
  /** What one poll() hands over; more may have been fetched. */
  readonly maxPollRecords: number
  /** So long a fetch into a black hole keeps its partitions from being read. */
  readonly requestTimeoutMs: number
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
  readonly reconnectBackoffMs: number
  /**
   * Also the lease of a closer replica: so long it is read from before the leader is asked anew.
   */
  readonly metadataMaxAgeMs: number
  /**
   * metadata.recovery.strategy: without a broker that answers it starts again from its addresses.
   */
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
