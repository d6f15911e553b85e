// Models: which settings of a schema registry's instances and of the serializers that ask it have
// an effect in the model, with type and default.
// Leaves out: listeners, security, caches of versions, compatibility; a file that sets one is told.
// Source: rest.SchemaRegistryConfig, client.SchemaRegistryClientConfig, serializers.
// AbstractKafkaSchemaSerDeConfig of confluentinc/schema-registry (8.x).

import { bool, int, long, word } from './rules.ts'

/** Of every instance of a registry. */
export const SCHEMA_REGISTRY_SETTINGS = {
  'kafkagroup.heartbeat.interval.ms': int(3_000, { min: 1 }),
  'kafkagroup.rebalance.timeout.ms': int(300_000, { min: 1 }),
  'kafkagroup.session.timeout.ms': int(10_000, { min: 1 }),
  'kafkastore.init.timeout.ms': int(60_000, { min: 1 }),
  // A write to the registry's topic that is not acknowledged by then fails the request.
  'kafkastore.timeout.ms': int(500, { min: 1 }),
  'kafkastore.topic': word('_schemas'),
  'kafkastore.topic.replication.factor': int(3, { min: 1, max: 100 }),
  'leader.connect.timeout.ms': int(60_000, { min: 1 }),
  'leader.election.sticky': bool(false),
  // A follower hands writes on to the leader, and waits so long for its answer.
  'leader.read.timeout.ms': int(60_000, { min: 1 }),
  'schema.registry.group.id': word('schema-registry'),
} as const

/** Known to a registry and without effect here. */
export const SCHEMA_REGISTRY_UNMODELLED: readonly string[] = [
  'host.name',
  'inter.instance.protocol',
  'kafkastore.bootstrap.servers',
  'kafkastore.checkpoint.dir',
  'kafkastore.group.id',
  'kafkastore.init.wait.for.reader',
  'kafkastore.topic.skip.validation',
  'kafkastore.write.max.retries',
  'leader.election.delay',
  'leader.eligibility',
  'listeners',
  'mode.mutability',
  'schema.compatibility.level',
]

/** Of a serializer or deserializer, and of the client in it. */
export const SCHEMA_CLIENT_SETTINGS = {
  // A producer with a new schema has the registry write: an outage of its leader holds up send().
  'auto.register.schemas': bool(true),
  'http.connect.timeout.ms': int(60_000, { min: 1 }),
  'http.read.timeout.ms': int(60_000, { min: 1 }),
  'max.retries': int(3),
  'retries.max.wait.ms': long(20_000),
  'retries.wait.ms': long(1_000),
} as const

export const SCHEMA_CLIENT_UNMODELLED: readonly string[] = [
  'key.subject.name.strategy',
  'latest.cache.ttl.sec',
  'latest.compatibility.strict',
  'missing.id.cache.ttl.sec',
  'missing.schema.cache.ttl.sec',
  'schema.registry.url',
  'schema.registry.url.randomize',
  'use.latest.version',
  'use.schema.id',
  'value.subject.name.strategy',
]
