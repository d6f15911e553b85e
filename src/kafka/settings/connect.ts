// Models: which settings of Connect workers and of MirrorMaker 2 have an effect in the model.
// Leaves out: every other one of known-settings.json; a scenario that sets one gets a note.
// Source: ConfigDef of Apache Kafka 4.1.0: DistributedConfig, MirrorSourceConfig,
// MirrorCheckpointConfig, MirrorHeartbeatConfig, SourceConnectorConfig.

import { bool, choice, int, list, long, short, word } from './rules.ts'

/** Settings of a Connect worker, also of MirrorMaker's own. */
export const CONNECT_WORKER_SETTINGS = {
  'config.storage.replication.factor': short(3, { min: -1 }),
  'heartbeat.interval.ms': int(3000, { min: 1 }),
  // What a task has copied since the last flush is copied again after a crash.
  'offset.flush.interval.ms': long(60_000, { min: 1 }),
  'offset.flush.timeout.ms': long(5000, { min: 1 }),
  'offset.storage.partitions': int(25, { min: 1 }),
  'offset.storage.replication.factor': short(3, { min: -1 }),
  'rebalance.timeout.ms': int(60_000, { min: 1 }),
  // A worker that is gone may come back so long before its tasks go to others (KIP-415).
  'scheduled.rebalance.max.delay.ms': int(300_000),
  'session.timeout.ms': int(10_000, { min: 1 }),
  'status.storage.replication.factor': short(3, { min: -1 }),
  // Longer than that nobody waits for a task that stops: its last offsets may not be flushed.
  'task.shutdown.graceful.timeout.ms': long(5000, { min: 1 }),
  // A worker that cannot read on in the config topic for so long leaves its group.
  'worker.sync.timeout.ms': int(3000),
} as const

/** DefaultConfigPropertyFilter: regular expressions. */
const NEVER_COPIED = [
  'follower\\.replication\\.throttled\\.replicas',
  'leader\\.replication\\.throttled\\.replicas',
  'message\\.timestamp\\.difference\\.max\\.ms',
  'message\\.timestamp\\.type',
  'unclean\\.leader\\.election\\.enable',
  'min\\.insync\\.replicas',
]

const PACKAGE = 'org.apache.kafka.connect.mirror'

/** Settings of a flow of MirrorMaker 2: of its source, checkpoint and heartbeat connectors. */
export const MIRROR_MAKER_SETTINGS = {
  'admin.timeout.ms': long(60_000, { min: 1 }),
  'checkpoints.topic.replication.factor': short(3, { min: 1 }),
  'config.properties.exclude': list(NEVER_COPIED.join(',')),
  'consumer.poll.timeout.ms': long(1000, { min: 1 }),
  'dedicated.mode.enable.internal.rest': bool(false),
  'emit.checkpoints.enabled': bool(true),
  'emit.checkpoints.interval.seconds': long(60, { min: 1 }),
  'emit.heartbeats.enabled': bool(true),
  'emit.heartbeats.interval.seconds': long(1, { min: 1 }),
  'emit.offset-syncs.enabled': bool(true),
  'errors.tolerance': choice('none', ['none', 'all']),
  groups: list('.*'),
  'groups.exclude': list('console-consumer-.*,connect-.*,__.*'),
  'heartbeats.replication.enabled': bool(true),
  'heartbeats.topic.replication.factor': short(3, { min: 1 }),
  'offset-syncs.topic.location': choice('source', ['source', 'target']),
  'offset-syncs.topic.replication.factor': short(3, { min: 1 }),
  // A sync is written when the copy has grown by so many records since the last one.
  'offset.lag.max': long(100),
  'refresh.groups.enabled': bool(true),
  'refresh.groups.interval.seconds': long(600, { min: 1 }),
  'refresh.topics.enabled': bool(true),
  // A new topic, or a new partition, is not copied before the next look.
  'refresh.topics.interval.seconds': long(600, { min: 1 }),
  'replication.factor': int(2, { min: 1, max: 100 }),
  'replication.policy.class': choice(`${PACKAGE}.DefaultReplicationPolicy`, [
    `${PACKAGE}.DefaultReplicationPolicy`,
    `${PACKAGE}.IdentityReplicationPolicy`,
  ]),
  'replication.policy.internal.topic.separator.enabled': bool(true),
  'replication.policy.separator': word('.'),
  // Off by default: a group that fails over must then translate the checkpoints itself.
  'sync.group.offsets.enabled': bool(false),
  'sync.group.offsets.interval.seconds': long(60, { min: 1 }),
  'sync.topic.acls.enabled': bool(true),
  'sync.topic.acls.interval.seconds': long(600, { min: 1 }),
  'sync.topic.configs.enabled': bool(true),
  'sync.topic.configs.interval.seconds': long(600, { min: 1 }),
  'tasks.max': int(1, { min: 1, max: 1000 }),
  topics: list('.*'),
  'topics.exclude': word(null),
  'use.defaults.from': choice('target', ['source', 'target']),
} as const

/** Of every source connector, read by its worker and not by MirrorMaker; without effect here. */
export const MIRROR_MAKER_UNMODELLED: readonly string[] = [
  'exactly.once.support',
  'offsets.storage.topic',
  'topic.creation.groups',
  'transaction.boundary',
  'transaction.boundary.interval.ms',
]
