// Models: which settings of a cluster mirror have an effect in the model, with type and default:
// the mirror's own, those that its brokers have for mirrors, and one of its topics, for all.
// Leaves out: security, mirror.socket.timeout.ms beside request.timeout.ms; changes while it runs.
// Source: KIP-1279's implementation of 2026 (ClusterMirrorConfig, ClusterMirrorConfigs): no release
// has them, and earlier drafts have other defaults (30 s between refreshes, 10 attempts).

import { bool, int, list, long } from './rules.ts'

/** What a mirror decides for itself: how it is replicated, throttled and elected. */
const EXCLUDED =
  'follower.replication.throttled.replicas,leader.replication.throttled.replicas,' +
  'message.timestamp.difference.max.ms,log.message.timestamp.before.max.ms,' +
  'log.message.timestamp.after.max.ms,message.timestamp.type,unclean.leader.election.enable,' +
  'min.insync.replicas,mirror.name'

export const CLUSTER_MIRROR_SETTINGS = {
  'connections.max.idle.ms': long(600_000, { min: -1 }),
  'mirror.acl.include': list('*'),
  // A failed partition is tried again by itself, later and later up to the maximum below.
  'mirror.failed.retry.initial.backoff.ms': long(100, { min: 1 }),
  'mirror.failed.retry.max.attempts': int(20, { min: 0, max: 32_767 }),
  'mirror.failed.retry.max.backoff.ms': long(300_000, { min: 1 }),
  'mirror.fetch.backoff.ms': long(1000),
  'mirror.fetch.max.bytes': int(1_048_576),
  'mirror.fetch.min.bytes': int(1),
  'mirror.fetch.response.max.bytes': int(10_485_760),
  'mirror.fetch.wait.max.ms': int(1000),
  'mirror.groups.exclude': list(''),
  'mirror.groups.include': list('.*'),
  'mirror.metadata.refresh.interval.ms': long(60_000, { min: 1 }),
  'mirror.num.replica.fetchers': int(1, { min: 1, max: 64 }),
  'mirror.socket.receive.buffer.bytes': int(65_536, { min: 0 }),
  'mirror.support.unclean.leader.election': bool(false),
  'mirror.topic.properties.exclude': list(EXCLUDED),
  'mirror.topics.exclude': list('__.*'),
  'mirror.topics.include': list(''),
  'request.timeout.ms': int(30_000),
  'socket.connection.setup.timeout.max.ms': long(30_000),
  'socket.connection.setup.timeout.ms': long(10_000),
} as const

/** Known to the implementation and without effect here. */
export const CLUSTER_MIRROR_UNMODELLED: readonly string[] = [
  'bootstrap.servers',
  'mirror.coordinator.append.linger.ms',
  'mirror.coordinator.load.buffer.size',
  'mirror.coordinator.threads',
  'mirror.coordinator.write.timeout.ms',
  'mirror.socket.timeout.ms',
  'mirror.state.topic.num.partitions',
  'mirror.state.topic.replication.factor',
  'sasl.jaas.config',
  'sasl.mechanism',
  'security.protocol',
  'ssl.keystore.location',
  'ssl.truststore.location',
]
