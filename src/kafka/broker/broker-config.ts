// Models: what the data plane of a broker reads from its configuration, under Kafka's names.
// Leaves out: the resolver; scenario and settings give the values.
// Source: KafkaConfig, ReplicationConfigs, ServerLogConfigs.

import { GROUP_COORDINATOR_DEFAULTS, type GroupCoordinatorConfig } from '../groups/group-config.ts'
import type { NodeId } from '../ids.ts'
import type { AuthorizerConfig } from '../metadata/acls.ts'
import type { TopicConfig } from '../partition/partition-ports.ts'

/** One value, or a range from which each use draws evenly; micros. */
export type Duration = number | readonly [number, number]

export interface BrokerConfig {
  readonly nodeId: NodeId
  readonly numReplicaFetchers: number
  readonly replicaLagTimeMaxMs: number
  readonly replicaFetchWaitMaxMs: number
  readonly replicaFetchMinBytes: number
  readonly replicaFetchMaxBytes: number
  readonly replicaFetchResponseMaxBytes: number
  readonly replicaFetchBackoffMs: number
  readonly replicaHighWatermarkCheckpointIntervalMs: number
  readonly requestTimeoutMs: number
  /** fetch.max.bytes of the broker: the most that any fetch is answered with. */
  readonly fetchMaxBytes: number
  readonly logRetentionCheckIntervalMs: number
  /** auto.create.topics.enable, and what such topics are like. */
  readonly autoCreateTopicsEnable: boolean
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
