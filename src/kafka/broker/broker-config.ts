// Models: what the data plane of a broker reads from its configuration, under Kafka's names.
// Leaves out: the resolver; scenario and settings give the values.
// Source: KafkaConfig, ReplicationConfigs, ServerLogConfigs.

import { GROUP_COORDINATOR_DEFAULTS, type GroupCoordinatorConfig } from '../groups/group-config.ts'
import type { NodeId } from '../ids.ts'
import type { AuthorizerConfig } from '../metadata/acls.ts'
import type { TopicConfig } from '../partition/partition-ports.ts'

/** One value, or a range from which each use draws evenly; micros. */
export type Duration = number | readonly [number, number]

/**
 * What one broker reads at its start. Names are Kafka's with dots left out; the unit stands last
 * where it is not bytes.
 */
export interface BrokerConfig {
  readonly nodeId: NodeId
  /** num.replica.fetchers: threads, and connections, towards each other broker. */
  readonly numReplicaFetchers: number
  /** So long a member of the ISR may be without everything; looked at each half of it. */
  readonly replicaLagTimeMaxMs: number
  /** How long a leader may park a follower's fetch; never above replica.lag.time.max.ms. */
  readonly replicaFetchWaitMaxMs: number
  /** A parked fetch is answered with so much, or when its wait is over. */
  readonly replicaFetchMinBytes: number
  /** Of one partition in one answer; a larger first batch comes whole all the same. */
  readonly replicaFetchMaxBytes: number
  /** Of all partitions in one answer: it bounds what a far follower gets in a round trip. */
  readonly replicaFetchResponseMaxBytes: number
  /** A partition rests so long after an error, a thread with nothing to ask as well. */
  readonly replicaFetchBackoffMs: number
  /** How old the watermarks may be that a killed process leaves behind. */
  readonly replicaHighWatermarkCheckpointIntervalMs: number
  /** request.timeout.ms of the broker's own clients: a fetch into a black hole costs that much. */
  readonly requestTimeoutMs: number
  /** fetch.max.bytes of the broker: the most that any fetch is answered with. */
  readonly fetchMaxBytes: number
  /** Old segments live up to so much longer than retention.ms. */
  readonly logRetentionCheckIntervalMs: number
  /** A silent producer is remembered up to so much longer than producer.id.expiration.ms. */
  readonly producerIdExpirationCheckIntervalMs: number
  /** auto.create.topics.enable, and what such topics are like. */
  readonly autoCreateTopicsEnable: boolean
  /** num.partitions and default.replication.factor: for whom nobody says otherwise. */
  readonly numPartitions: number
  readonly defaultReplicationFactor: number
  /** replica.selector.class is RackAwareReplicaSelector. */
  readonly isReplicaSelectorRackAware: boolean
  /** A follower's work on one fetch response, until its next fetch is sent. */
  readonly followerAppendService: Duration
  /** What topics get that do not say otherwise. */
  readonly topicDefaults: TopicConfig
  /** Settings of such topics at Kafka's own default, by Kafka's names. */
  readonly topicSettingsAtDefault: Readonly<Record<string, string>>
  readonly groups: GroupCoordinatorConfig
  /** null without authorizer.class.name: everybody may do everything. */
  readonly authorizer: AuthorizerConfig | null
}

/** Kafka's defaults. */
export const BROKER_CONFIG_DEFAULTS: Omit<BrokerConfig, 'nodeId'> = {
  numReplicaFetchers: 1,
  replicaLagTimeMaxMs: 30_000,
  replicaFetchWaitMaxMs: 500,
  replicaFetchMinBytes: 1,
  replicaFetchMaxBytes: 1_048_576,
  replicaFetchResponseMaxBytes: 10_485_760,
  replicaFetchBackoffMs: 1_000,
  replicaHighWatermarkCheckpointIntervalMs: 5_000,
  requestTimeoutMs: 30_000,
  fetchMaxBytes: 57_671_680,
  logRetentionCheckIntervalMs: 300_000,
  producerIdExpirationCheckIntervalMs: 600_000,
  autoCreateTopicsEnable: true,
  numPartitions: 1,
  defaultReplicationFactor: 1,
  isReplicaSelectorRackAware: false,
  followerAppendService: 500,
  topicDefaults: {
    minInsyncReplicas: 1,
    observerPromotionPolicy: 'none',
    segmentBytes: 1_073_741_824,
    segmentMs: 604_800_000,
    retentionMs: 604_800_000,
    retentionBytes: -1,
    flushMessages: Number.MAX_SAFE_INTEGER,
    compressionType: 'producer',
    producerIdExpirationMs: 86_400_000,
  },
  topicSettingsAtDefault: {},
  groups: GROUP_COORDINATOR_DEFAULTS,
  authorizer: null,
}
