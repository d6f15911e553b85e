// Models: which Kafka settings have an effect in the model, with type, bounds and default.
// Leaves out: every other setting of known-settings.json; a scenario that sets one gets a note.
// Source: ConfigDef of Apache Kafka 4.1.0 (known-settings.json); earlier defaults: upgrade notes.

import { LONG_MAX } from '../../sim/long-text.ts'
import { BROKER_COMPRESSION_TYPES, COMPRESSION_TYPES } from '../compression.ts'
import { CLUSTER_LINK_SETTINGS } from './cluster-link.ts'
import { CLUSTER_MIRROR_SETTINGS } from './cluster-mirror.ts'
import { CONNECT_WORKER_SETTINGS, MIRROR_MAKER_SETTINGS } from './connect.ts'
import { FLINK_SETTINGS } from './flink.ts'
import { MIRUS_SETTINGS, MIRUS_WORKER_SETTINGS } from './mirus.ts'
import { REPLICATOR_SETTINGS } from './replicator.ts'
import {
  bool,
  choice,
  choiceOrNull,
  int,
  list,
  long,
  longOrNull,
  type ModelledSetting,
  short,
  word,
} from './rules.ts'
import { SCHEMA_CLIENT_SETTINGS, SCHEMA_REGISTRY_SETTINGS } from './schema-registry.ts'
import { UREPLICATOR_CONTROLLER_SETTINGS, UREPLICATOR_WORKER_SETTINGS } from './ureplicator.ts'

export const STANDARD_AUTHORIZER = 'org.apache.kafka.metadata.authorizer.StandardAuthorizer'

/** Settings of brokers and controllers. */
export const BROKER_SETTINGS = {
  'allow.everyone.if.no.acl.found': bool(false),
  // Without an authorizer everybody may do everything, and no list is looked at.
  'authorizer.class.name': choice('', ['', STANDARD_AUTHORIZER]),
  'auto.create.topics.enable': bool(true),
  'auto.leader.rebalance.enable': bool(true),
  // A broker is fenced when the controller has not heard of it for the session; the heartbeats
  // between are chances to be heard. The session is the floor of every automatic failover.
  'broker.heartbeat.interval.ms': int(2000, { min: 1 }),
  'broker.session.timeout.ms': int(9000, { min: 1 }),
  'compression.type': choice('producer', BROKER_COMPRESSION_TYPES),
  'connections.max.idle.ms': long(600_000, { min: -1 }),
  // How long the active controller gathers records before it writes them: a part of the latency
  // of every change of leadership.
  'controller.quorum.append.linger.ms': int(25),
  // A split vote is followed by a random wait up to this; a candidate without a majority gives up
  // after the election time-out.
  'controller.quorum.election.backoff.max.ms': int(1000),
  'controller.quorum.election.timeout.ms': int(1000, { min: 1 }),
  // A follower that cannot fetch for so long stands for election.
  'controller.quorum.fetch.timeout.ms': int(2000, { min: 1 }),
  'controller.quorum.request.timeout.ms': int(2000, { min: 1 }),
  'controller.quorum.retry.backoff.ms': int(20),
  'controller.socket.timeout.ms': int(30_000, { min: 1 }),
  // Of topics that a broker makes by itself; others are told theirs.
  'default.replication.factor': int(1, { min: 1, max: 32_767 }),
  'fetch.max.bytes': int(57_671_680, { min: 1024 }),
  // Under KIP-848 the coordinator says how often and how long; under the classic protocol members
  // do, within group.min and group.max.session.timeout.ms.
  'group.consumer.heartbeat.interval.ms': int(5000, { min: 1 }),
  'group.consumer.session.timeout.ms': int(45_000, { min: 1 }),
  // What members wrote meanwhile is one batch, and so is answered together (KIP-848).
  'group.coordinator.append.linger.ms': int(5, { min: 0, before: { version: '4.0', value: 0 } }),
  // Many members that start together make one generation and not one each.
  'group.initial.rebalance.delay.ms': int(3000),
  'group.max.session.timeout.ms': int(1_800_000, { min: 1 }),
  'group.min.session.timeout.ms': int(6000, { min: 1 }),
  // A broker that no controller takes in by then gives up and ends.
  'initial.broker.registration.timeout.ms': int(60_000, { min: 1 }),
  // Leadership goes back to the first replica only at such a check: the second, planned pause after
  // a failover.
  'leader.imbalance.check.interval.seconds': long(300, { min: 1 }),
  // Kafka trusts replicas, not disks: by default nothing is flushed before a segment is full.
  'log.flush.interval.messages': long(LONG_MAX, { min: 1 }),
  'log.retention.bytes': long(-1, { min: -1 }),
  'log.retention.check.interval.ms': long(300_000, { min: 1 }),
  'log.retention.hours': int(168, { min: -1 }),
  'log.retention.ms': longOrNull(-1),
  'log.segment.bytes': int(1_073_741_824, { min: 1_048_576 }),
  // Records without content keep the metadata log’s high watermark moving (KIP-835).
  'metadata.max.idle.interval.ms': int(500),
  'min.insync.replicas': int(1, { min: 1 }),
  'num.partitions': int(1, { min: 1 }),
  'num.replica.fetchers': int(1, { min: 1, max: 64 }),
  // How long a commit waits for the followers of __consumer_offsets before it is refused.
  'offsets.commit.timeout.ms': int(5000, { min: 1 }),
  'offsets.topic.num.partitions': int(50, { min: 1, max: 1000 }),
  'offsets.topic.replication.factor': short(3, { min: 1, max: 100 }),
  'offsets.topic.segment.bytes': int(104_857_600, { min: 1_048_576 }),
  // How often it looks whom to forget.
  'producer.id.expiration.check.interval.ms': int(600_000, { min: 1 }),
  // A broker forgets the sequences of a producer that was silent for so long.
  'producer.id.expiration.ms': int(86_400_000, { min: 1 }),
  // After a failed fetch the whole fetcher thread waits, all of its partitions with it.
  'replica.fetch.backoff.ms': int(1000),
  'replica.fetch.max.bytes': int(1_048_576),
  'replica.fetch.min.bytes': int(1),
  'replica.fetch.response.max.bytes': int(10_485_760),
  // Longest parked fetch of a follower; it may not exceed replica.lag.time.max.ms.
  'replica.fetch.wait.max.ms': int(500),
  // What a restarted broker knows of its high watermark is as old as that.
  'replica.high.watermark.checkpoint.interval.ms': long(5000, { min: 1 }),
  // A follower that has not caught up for so long leaves the ISR: until then acks=all waits for it,
  // and that is the write outage of a cut link.
  'replica.lag.time.max.ms': long(30_000, { min: 1 }),
  // KIP-392: unset, consumers read from leaders only, whatever rack they name.
  'replica.selector.class': word(null),
  'replica.socket.receive.buffer.bytes': int(65_536, { min: -1 }),
  'request.timeout.ms': int(30_000, { min: 1 }),
  'socket.connection.setup.timeout.max.ms': long(30_000),
  'socket.connection.setup.timeout.ms': long(10_000),
  'socket.receive.buffer.bytes': int(102_400, { min: -1 }),
  'socket.send.buffer.bytes': int(102_400, { min: -1 }),
  'super.users': word(''),
  'unclean.leader.election.enable': bool(false),
  'unclean.leader.election.interval.ms': long(300_000, { min: 1 }),
} as const

/** Settings of a topic; where a topic has none, the cluster's value of the same meaning counts. */
const TOPIC_SETTINGS = {
  'compression.type': choice('producer', BROKER_COMPRESSION_TYPES),
  'flush.messages': long(LONG_MAX, { min: 1 }),
  'min.insync.replicas': int(1, { min: 1 }),
  'retention.bytes': long(-1, { min: -1 }),
  'retention.ms': long(604_800_000, { min: -1 }),
  'segment.bytes': int(1_073_741_824, { min: 1_048_576 }),
  'unclean.leader.election.enable': bool(false),
} as const

const RECOVERY_STRATEGIES = ['none', 'rebootstrap'] as const

/** What producers and consumers have in common. */
const CLIENT_SETTINGS = {
  'connections.max.idle.ms': long(540_000, { min: -1 }),
  'metadata.max.age.ms': long(300_000),
  'metadata.recovery.rebootstrap.trigger.ms': long(300_000),
  'metadata.recovery.strategy': choice('rebootstrap', RECOVERY_STRATEGIES, {
    version: '4.0',
    value: 'none',
  }),
  'reconnect.backoff.max.ms': long(1000),
  'reconnect.backoff.ms': long(50),
  'request.timeout.ms': int(30_000),
  'retry.backoff.max.ms': long(1000),
  'retry.backoff.ms': long(100),
  'send.buffer.bytes': int(131_072, { min: -1 }),
  'socket.connection.setup.timeout.max.ms': long(30_000),
  'socket.connection.setup.timeout.ms': long(10_000),
} as const

/** Settings of a producer. */
const PRODUCER_SETTINGS = {
  ...CLIENT_SETTINGS,
  // Since 3.0 all by default, and with it idempotence: a producer's retries make no duplicates.
  acks: choice('all', ['all', '-1', '0', '1']),
  'batch.size': int(16_384),
  'buffer.memory': long(33_554_432),
  'compression.type': choice('none', COMPRESSION_TYPES),
  // The end of every batch: an outage that is longer loses what was handed over, and says so.
  'delivery.timeout.ms': int(120_000),
  'enable.idempotence': bool(true),
  'linger.ms': long(5, { min: 0, before: { version: '4.0', value: 0 } }),
  // How long an application stands in send() when the buffer is full or a topic unknown.
  'max.block.ms': long(60_000),
  'max.in.flight.requests.per.connection': int(5, { min: 1 }),
  'max.request.size': int(1_048_576),
  'partitioner.adaptive.partitioning.enable': bool(true),
  'partitioner.availability.timeout.ms': long(0, { min: 0 }),
  'receive.buffer.bytes': int(32_768, { min: -1 }),
  retries: int(2_147_483_647),
} as const

/** Settings of a consumer. */
const CONSUMER_SETTINGS = {
  ...CLIENT_SETTINGS,
  'auto.commit.interval.ms': int(5000),
  'auto.offset.reset': choice('latest', ['latest', 'earliest', 'none']),
  'client.id': word(''),
  // With a rack-aware broker, reads stay in the region, and their bytes are not paid for.
  'client.rack': word(''),
  'default.api.timeout.ms': int(60_000),
  // What was handed over since the last commit is handed over again after a crash.
  'enable.auto.commit': bool(true),
  'fetch.max.bytes': int(52_428_800),
  'fetch.max.wait.ms': int(500),
  'fetch.min.bytes': int(1),
  'group.id': word(null),
  'group.instance.id': word(null),
  'group.protocol': choice('classic', ['classic', 'consumer']),
  'group.remote.assignor': choiceOrNull(['uniform', 'range']),
  'heartbeat.interval.ms': int(3000, { min: 1 }),
  'interceptor.classes': list(''),
  'isolation.level': choice('read_uncommitted', ['read_uncommitted', 'read_committed']),
  'max.partition.fetch.bytes': int(1_048_576),
  // An application that takes longer over its records loses its place, whoever else is well.
  'max.poll.interval.ms': int(300_000, { min: 1 }),
  'max.poll.records': int(500, { min: 1 }),
  'partition.assignment.strategy': list(
    'org.apache.kafka.clients.consumer.RangeAssignor,' +
      'org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
  ),
  'receive.buffer.bytes': int(65_536, { min: -1 }),
  'session.timeout.ms': int(45_000, { min: 1 }),
} as const

export const MODELLED_SETTINGS = {
  broker: BROKER_SETTINGS,
  topic: TOPIC_SETTINGS,
  producer: PRODUCER_SETTINGS,
  consumer: CONSUMER_SETTINGS,
  connectWorker: CONNECT_WORKER_SETTINGS,
  mirrorMaker2: MIRROR_MAKER_SETTINGS,
  clusterLink: CLUSTER_LINK_SETTINGS,
  clusterMirror: CLUSTER_MIRROR_SETTINGS,
  mirus: MIRUS_SETTINGS,
  mirusWorker: MIRUS_WORKER_SETTINGS,
  replicator: REPLICATOR_SETTINGS,
  flink: FLINK_SETTINGS,
  schemaRegistry: SCHEMA_REGISTRY_SETTINGS,
  schemaClient: SCHEMA_CLIENT_SETTINGS,
  ureplicatorController: UREPLICATOR_CONTROLLER_SETTINGS,
  ureplicatorWorker: UREPLICATOR_WORKER_SETTINGS,
} as const

export type Component = keyof typeof MODELLED_SETTINGS

type Rules<C extends Component> = (typeof MODELLED_SETTINGS)[C]
type ValueOf<R> = R extends ModelledSetting<infer V> ? V : never

/** The values of a component's modelled settings, by Kafka's names. */
export type SettingsOf<C extends Component> = {
  readonly [K in keyof Rules<C>]: ValueOf<Rules<C>[K]>
}

export type BrokerSettings = SettingsOf<'broker'>
export type TopicSettings = SettingsOf<'topic'>
export type ProducerSettings = SettingsOf<'producer'>
export type ConsumerSettings = SettingsOf<'consumer'>
export type ConnectWorkerSettings = SettingsOf<'connectWorker'>
export type MirrorMaker2Settings = SettingsOf<'mirrorMaker2'>
export type ClusterLinkSettings = SettingsOf<'clusterLink'>
export type ClusterMirrorSettings = SettingsOf<'clusterMirror'>
export type MirusSettings = SettingsOf<'mirus'>
export type ReplicatorSettings = SettingsOf<'replicator'>
export type MirusWorkerSettings = SettingsOf<'mirusWorker'>
export type FlinkSettings = SettingsOf<'flink'>
export type SchemaRegistrySettings = SettingsOf<'schemaRegistry'>
export type SchemaClientSettings = SettingsOf<'schemaClient'>
export type UReplicatorControllerSettings = SettingsOf<'ureplicatorController'>
export type UReplicatorWorkerSettings = SettingsOf<'ureplicatorWorker'>

/** The broker setting that gives a topic its default, by topic setting. */
export const TOPIC_DEFAULT_FROM_BROKER = {
  'compression.type': 'compression.type',
  'flush.messages': 'log.flush.interval.messages',
  'min.insync.replicas': 'min.insync.replicas',
  'retention.bytes': 'log.retention.bytes',
  'retention.ms': 'log.retention.ms',
  'segment.bytes': 'log.segment.bytes',
  'unclean.leader.election.enable': 'unclean.leader.election.enable',
} as const satisfies Record<keyof TopicSettings, keyof BrokerSettings>

/** The unit that a setting's name ends in, or '' where it has none. */
export function unitOf(name: string): 'ms' | 's' | 'h' | 'bytes' | '' {
  if (name.endsWith('.ms')) return 'ms'
  if (name.endsWith('.seconds')) return 's'
  if (name.endsWith('.hours')) return 'h'
  if (name.endsWith('.bytes') || name === 'batch.size' || name === 'buffer.memory') return 'bytes'
  return name === 'max.request.size' ? 'bytes' : ''
}
