// Models: which settings of a cluster link have an effect in the model, with type and default.
// Leaves out: security, changes of a link's own settings while it runs; a scenario that sets
// one of those gets a note.
// Source: Confluent's docs (link properties); a link's replica.* are the broker's unless it says.

import { bool, choice, int, list, long, type ModelledSetting, word } from './rules.ts'

/** Unset, a link does as the brokers that it lives in. */
function intOrNull(min: number): ModelledSetting<number | null> {
  return { type: 'int', default: null, min }
}

/** What links take over from a topic unless they say otherwise. */
const TOPIC_CONFIGS =
  'cleanup.policy,max.compaction.lag.ms,max.message.bytes,message.timestamp.difference.max.ms,' +
  'message.timestamp.type,min.compaction.lag.ms,retention.bytes,retention.ms'

/** null in a replica.* or request setting: as the destination's brokers have it. */
export const CLUSTER_LINK_SETTINGS = {
  'acl.filters': word(''),
  'acl.sync.enable': bool(false),
  'acl.sync.ms': int(5000, { min: 1000 }),
  'auto.create.mirror.topics.enable': bool(false),
  'auto.create.mirror.topics.filters': word(''),
  // So many checks must fail before the link counts its source as unavailable.
  'availability.check.consecutive.failure.threshold': int(5, { min: 1 }),
  'availability.check.ms': int(60_000, { min: 1 }),
  'cluster.link.paused': bool(false),
  'cluster.link.prefix': word(null),
  // How long a mirror topic's errors are retried before the topic fails for good.
  'cluster.link.retry.timeout.ms': long(300_000, { min: 0 }),
  'connection.mode': choice('OUTBOUND', ['OUTBOUND', 'INBOUND']),
  'connections.max.idle.ms': long(600_000, { min: -1 }),
  'consumer.group.prefix.enable': bool(false),
  'consumer.offset.group.filters': word(''),
  // Off by default: after a failover groups begin where auto.offset.reset has them begin.
  'consumer.offset.sync.enable': bool(false),
  'consumer.offset.sync.ms': int(30_000, { min: 1000 }),
  'link.mode': choice('DESTINATION', ['DESTINATION', 'SOURCE', 'BIDIRECTIONAL']),
  'metadata.max.age.ms': long(300_000),
  // Of a new mirror topic alone: one that is there goes on from its own end.
  'mirror.start.offset.spec': word('earliest'),
  'num.cluster.link.fetchers': int(1, { min: 1, max: 64 }),
  'reconnect.backoff.max.ms': long(1000),
  'reconnect.backoff.ms': long(50),
  'replica.fetch.backoff.ms': intOrNull(0),
  'replica.fetch.max.bytes': intOrNull(0),
  'replica.fetch.min.bytes': intOrNull(0),
  'replica.fetch.response.max.bytes': intOrNull(0),
  'replica.fetch.wait.max.ms': intOrNull(0),
  'replica.socket.receive.buffer.bytes': intOrNull(-1),
  'request.timeout.ms': int(30_000),
  'retry.backoff.max.ms': long(1000),
  'retry.backoff.ms': long(100),
  'socket.connection.setup.timeout.max.ms': long(30_000),
  'socket.connection.setup.timeout.ms': long(10_000),
  // Everything else a mirror topic keeps as its own cluster has it.
  'topic.config.sync.include': list(TOPIC_CONFIGS),
  'topic.config.sync.ms': int(5000, { min: 1 }),
} as const

/** What the source's side of a link reads of its own properties, where that side dials. */
export const DIALLING_SETTINGS: readonly string[] = [
  'availability.check.ms',
  'connection.mode',
  'connections.max.idle.ms',
  'link.mode',
  'metadata.max.age.ms',
  'reconnect.backoff.max.ms',
  'reconnect.backoff.ms',
  'request.timeout.ms',
  'retry.backoff.max.ms',
  'retry.backoff.ms',
  'socket.connection.setup.timeout.max.ms',
  'socket.connection.setup.timeout.ms',
]

/** Known to Confluent and without effect here. */
export const CLUSTER_LINK_UNMODELLED: readonly string[] = [
  'bootstrap.servers',
  'client.dns.lookup',
  'cluster.link.fetcher.auto.tune.enable',
  'local.listener.name',
  'local.sasl.jaas.config',
  'local.sasl.mechanism',
  'local.security.protocol',
  'sasl.jaas.config',
  'sasl.mechanism',
  'security.protocol',
  'ssl.keystore.location',
  'ssl.keystore.password',
  'ssl.truststore.location',
  'ssl.truststore.password',
]
