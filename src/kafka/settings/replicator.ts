// Models: which settings of Confluent Replicator have an effect here, with type and default.
// Leaves out: converters, schemas, security, licences; a scenario that sets one gets a note.
// Source: Confluent's docs (Replicator configuration), its log of ReplicatorSourceTaskConfig.

import { bool, choice, int, list, long, word } from './rules.ts'

/** What a consumer's interceptor.classes must hold for its offsets to be translated. */
export const TIMESTAMPS_INTERCEPTOR =
  'io.confluent.connect.replicator.offsets.ConsumerTimestampsInterceptor'

export const REPLICATOR_SETTINGS = {
  'dest.topic.replication.factor': int(0),
  'fetch.offset.expiry.ms': long(600_000),
  'errors.tolerance': choice('none', ['none', 'all']),
  'offset.start': choice('connect', ['connect', 'consumer']),
  'offset.timestamps.commit': bool(true),
  'offset.topic.commit': bool(true),
  // Groups' offsets are translated once in so long.
  'offset.translator.batch.period.ms': long(60_000, { min: 1 }),
  // What two Replicators in opposite directions need, or each copies the other's copies back.
  'provenance.header.enable': bool(false),
  'src.kafka.timestamps.topic.num.partitions': int(50, { min: 1 }),
  'src.kafka.timestamps.topic.replication.factor': int(3, { min: 1 }),
  'tasks.max': int(1, { min: 1, max: 1000 }),
  'topic.auto.create': bool(true),
  'topic.blacklist': list(''),
  'topic.config.sync': bool(true),
  'topic.config.sync.interval.ms': int(120_000, { min: 1 }),
  'topic.create.backoff.ms': int(120_000, { min: 1 }),
  // A new topic, or a new partition, waits for the next look.
  'topic.poll.interval.ms': int(120_000, { min: 1 }),
  'topic.preserve.partitions': bool(true),
  'topic.regex': word(null),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Replicator's own placeholder
  'topic.rename.format': word('${topic}'),
  'topic.whitelist': list(''),
} as const

/** Known to Replicator and without effect here. */
export const REPLICATOR_UNMODELLED: readonly string[] = [
  'confluent.license',
  'confluent.topic',
  'connector.class',
  'dest.kafka.bootstrap.servers',
  'fetch.offset.retry.backoff.ms',
  'header.converter',
  'key.converter',
  'offset.translator.batch.size',
  'offset.translator.tasks.max',
  'offset.translator.tasks.separate',
  'provenance.header.filter.overrides',
  'schema.registry.topic',
  'schema.registry.url',
  'src.header.converter',
  'src.kafka.bootstrap.servers',
  'src.key.converter',
  'src.value.converter',
  'topic.timestamp.type',
  'transforms',
  'value.converter',
]
