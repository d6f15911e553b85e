// From the settings of a scenario's nodes to what each part of a node reads. One function a part.

import type { BrokerConfig } from '../../kafka/broker/broker-config.ts'
import type { QuorumControllerConfig } from '../../kafka/controller/controller-config.ts'
import type { ControllerOptions } from '../../kafka/controller/controller-state.ts'
import type { GroupCoordinatorConfig } from '../../kafka/groups/group-config.ts'
import type { NodeId } from '../../kafka/ids.ts'
import type { AuthorizerConfig } from '../../kafka/metadata/acls.ts'
import type { TopicConfig } from '../../kafka/partition/partition-ports.ts'
import type { RaftConfig } from '../../kafka/raft/raft-config.ts'
import type { Knobs } from '../../kafka/settings/knobs.ts'
import type { BrokerSettings, TopicSettings } from '../../kafka/settings/modelled.ts'
import { topicSettingsAtDefault } from '../../kafka/settings/topic-settings-at-default.ts'
import type { Guards } from '../../kafka/version.ts'
import type { NodeSpec, TopicSpec } from '../../scenario/model.ts'
import { keysOf } from '../../sim/closed-table.ts'
import { exactText } from '../../sim/long-text.ts'
import { MS } from '../../sim/time.ts'

const HOUR_MS = 3_600_000
const SEGMENT_MS = 7 * 24 * HOUR_MS

/** The voters of a cluster, in the order of the file. */
export function controllersOf(nodes: readonly NodeSpec[]): readonly NodeSpec[] {
  return nodes.filter(({ roles }) => roles.includes('controller'))
}

/** Settings that topics get from their broker where they say nothing. */
export function topicDefaultsOf(settings: BrokerSettings): TopicConfig {
  return {
    minInsyncReplicas: settings['min.insync.replicas'],
    observerPromotionPolicy: 'none',
    segmentBytes: settings['log.segment.bytes'],
    segmentMs: SEGMENT_MS,
    retentionMs: settings['log.retention.ms'] ?? settings['log.retention.hours'] * HOUR_MS,
    retentionBytes: settings['log.retention.bytes'],
    flushMessages: Math.min(settings['log.flush.interval.messages'], Number.MAX_SAFE_INTEGER),
    compressionType: settings['compression.type'],
    producerIdExpirationMs: settings['producer.id.expiration.ms'],
  }
}

/** null where nobody is asked who he is. */
function authorizerConfigOf(settings: BrokerSettings): AuthorizerConfig | null {
  if (settings['authorizer.class.name'] === '') return null
  const superUsers = settings['super.users'].split(';').map((user) => user.trim())
  return {
    superUsers: superUsers.filter((user) => user !== ''),
    allowEveryoneIfNoAclFound: settings['allow.everyone.if.no.acl.found'],
  }
}

/** What the data plane of a broker reads. */
export function brokerConfigOf(node: NodeSpec, knobs: Knobs): BrokerConfig {
  const settings = node.config
  return {
    nodeId: node.id,
    numReplicaFetchers: settings['num.replica.fetchers'],
    replicaLagTimeMaxMs: settings['replica.lag.time.max.ms'],
    replicaFetchWaitMaxMs: settings['replica.fetch.wait.max.ms'],
    replicaFetchMinBytes: settings['replica.fetch.min.bytes'],
    replicaFetchMaxBytes: settings['replica.fetch.max.bytes'],
    replicaFetchResponseMaxBytes: settings['replica.fetch.response.max.bytes'],
    replicaFetchBackoffMs: settings['replica.fetch.backoff.ms'],
    replicaHighWatermarkCheckpointIntervalMs:
      settings['replica.high.watermark.checkpoint.interval.ms'],
    requestTimeoutMs: settings['request.timeout.ms'],
    fetchMaxBytes: settings['fetch.max.bytes'],
    logRetentionCheckIntervalMs: settings['log.retention.check.interval.ms'],
    producerIdExpirationCheckIntervalMs: settings['producer.id.expiration.check.interval.ms'],
    autoCreateTopicsEnable: settings['auto.create.topics.enable'],
    numPartitions: settings['num.partitions'],
    defaultReplicationFactor: settings['default.replication.factor'],
    isReplicaSelectorRackAware:
      settings['replica.selector.class']?.endsWith('RackAwareReplicaSelector') === true,
    followerAppendService: knobs.followerAppendServiceMicros,
    topicDefaults: topicDefaultsOf(settings),
    topicSettingsAtDefault: topicSettingsAtDefault(settings),
    groups: groupCoordinatorConfigOf(settings, knobs),
    authorizer: authorizerConfigOf(settings),
  }
}

/** What a broker's group coordinator reads. */
function groupCoordinatorConfigOf(settings: BrokerSettings, knobs: Knobs): GroupCoordinatorConfig {
  return {
    initialRebalanceDelayMs: settings['group.initial.rebalance.delay.ms'],
    sessionTimeoutMinMs: settings['group.min.session.timeout.ms'],
    sessionTimeoutMaxMs: settings['group.max.session.timeout.ms'],
    appendLingerMs: settings['group.coordinator.append.linger.ms'],
    writeTimeoutMs: settings['offsets.commit.timeout.ms'],
    consumerSessionTimeoutMs: settings['group.consumer.session.timeout.ms'],
    consumerHeartbeatIntervalMs: settings['group.consumer.heartbeat.interval.ms'],
    loadMicrosPerMegabyte: knobs.coordinatorLoadMicrosPerMegabyte,
  }
}

/** What the quorum's protocol reads, on voters and on brokers, which observe. */
export function raftConfigOf(
  node: NodeSpec,
  voters: readonly NodeId[],
  knobs: Knobs,
  guards: Guards,
): RaftConfig {
  const settings = node.config
  return {
    nodeId: node.id,
    voters,
    electionTimeout: settings['controller.quorum.election.timeout.ms'] * MS,
    fetchTimeout: settings['controller.quorum.fetch.timeout.ms'] * MS,
    electionBackoffMax: settings['controller.quorum.election.backoff.max.ms'] * MS,
    requestTimeout: settings['controller.quorum.request.timeout.ms'] * MS,
    retryBackoff: settings['controller.quorum.retry.backoff.ms'] * MS,
    appendLinger: settings['controller.quorum.append.linger.ms'] * MS,
    raftServiceMicros: knobs.raftServiceMicros,
    guards,
  }
}

/** What the controller reads. */
export function controllerConfigOf(
  node: NodeSpec,
  controllers: readonly NodeId[],
  knobs: Knobs,
  guards: Guards,
): QuorumControllerConfig {
  const settings = node.config
  const options: ControllerOptions = {
    nodeId: node.id,
    controllers,
    guards,
    sessionTimeout: settings['broker.session.timeout.ms'] * MS,
    minInsyncReplicas: settings['min.insync.replicas'],
    uncleanLeaderElectionEnable: settings['unclean.leader.election.enable'],
    authorizer: authorizerConfigOf(settings),
  }
  return {
    nodeId: node.id,
    options,
    staleCheckEveryEighth: guards.staleCheckEveryEighth,
    maxIdleIntervalMs: settings['metadata.max.idle.interval.ms'],
    autoLeaderRebalanceEnable: settings['auto.leader.rebalance.enable'],
    leaderImbalanceCheckIntervalSeconds: settings['leader.imbalance.check.interval.seconds'],
    uncleanLeaderElectionIntervalMs: settings['unclean.leader.election.interval.ms'],
    controllerServiceMicros: knobs.controllerServiceMicros,
  }
}

/**
 * A topic's overrides as the metadata log holds them: strings under Kafka's names, of what the file
 * sets for it and of what differs from the cluster's defaults.
 */
export function topicOverridesOf(
  topic: TopicSpec,
  defaults: TopicSettings,
): Record<string, string> {
  const overrides: Record<string, string> = {}
  for (const name of keysOf(topic.config)) {
    const value = topic.config[name]
    if (value !== defaults[name] || topic.written?.includes(name))
      overrides[name] = exactText(value)
  }
  if (topic.assignment?.some(({ observers }) => observers.length > 0)) {
    const { observerPromotionPolicy } = topic
    const placement = { version: 2, observerPromotionPolicy }
    overrides['confluent.placement.constraints'] = JSON.stringify(placement)
  }
  return overrides
}
