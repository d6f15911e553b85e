// Replication between clusters: one entry a link, by the system that carries it.

import { z } from 'zod'
import { ANONYMOUS, principal } from '../../faults/acl-rules.ts'
import { duration } from '../../faults/quantity.ts'
import {
  MM2_GUARD_NAMES,
  MM2_GUARD_RULES,
  type Mm2GuardName,
} from '../../mirror/mirror-maker2/guards.ts'
import { counts } from './cluster.ts'
import { moment, name, onOff, settings, topicName } from './words.ts'

const MIRRORS_MAX = 1_000

const common = {
  name: name.optional().meta({ description: 'FROM->TO unless it is written.' }),
  from: name.meta({ description: 'The cluster that is copied.' }),
  to: name.meta({ description: 'The cluster that holds the copy.' }),
  principal: principal
    .default(ANONYMOUS)
    .meta({ description: 'As whom it comes to both clusters.' }),
}

/** One guard of MirrorMaker's release, with its meaning and source for the editor. */
function guard(key: Mm2GuardName) {
  const { doc, source } = MM2_GUARD_RULES[key]
  return onOff.optional().meta({ description: `${doc} (${source})` })
}

const guards = z
  .strictObject(Object.fromEntries(MM2_GUARD_NAMES.map((key) => [key, guard(key)] as const)))
  .meta({ description: 'Single repairs of MirrorMaker 2 switched on or off.' })

const mirrorMaker2 = z.strictObject({
  system: z.literal('mirror-maker2'),
  ...common,
  start: duration.default(0).meta({ description: 'When it starts; 0: before the clients do.' }),
  standby: z.boolean().default(false).meta({ description: 'A runbook starts it.' }),
  guards: guards.default({}),
  workers: counts.meta({ description: 'Connect workers by region or zone: {eu-west: 2}.' }),
  config: settings.default({}).meta({ description: 'Properties of the flow FROM->TO.' }),
  worker: settings.default({}).meta({ description: 'Settings of the Connect workers.' }),
  producer: settings.default({}).meta({ description: 'Of the producer that writes the copy.' }),
  consumer: settings.default({}).meta({ description: 'Of the consumer that reads the source.' }),
})

const clusterLink = z.strictObject({
  system: z.literal('cluster-link'),
  ...common,
  mirrors: z
    .array(topicName)
    .max(MIRRORS_MAX)
    .default([])
    .meta({ description: 'Topics of the source that are mirrored from the start.' }),
  replicationFactor: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'Of mirror topics; the destination’s default unless it is written.' }),
  sourceFlavour: z
    .enum(['apache', 'confluent'])
    .default('confluent')
    .meta({ description: 'An Apache source cannot dial out: only connection.mode OUTBOUND.' }),
  config: settings.default({}).meta({ description: 'Link properties under Confluent’s names.' }),
  source: settings
    .optional()
    .meta({ description: 'Of the link at the source, where connection.mode INBOUND has it dial.' }),
  knobs: z
    .strictObject({
      clampOffsets: z
        .boolean()
        .default(true)
        .meta({ description: 'At failover synced offsets come down to the mirror’s end.' }),
      epochNotBelowSource: z
        .boolean()
        .default(true)
        .meta({ description: 'A mirror’s leader epoch is never below its source’s (KIP-1279).' }),
      cutsOpenTransactions: z.boolean().default(false).meta({
        description: 'A mirror that stops is cut back to its last stable offset.',
      }),
      onSourceTruncation: z
        .enum(['fail', 'truncate'])
        .default('fail')
        .meta({ description: 'What a mirror does whose source has lost records that it has.' }),
      restoreTakes: moment.default([30_000_000, 60_000_000]).meta({
        description: 'From truncate-and-restore until a log is cut: [from, to], as a demo showed.',
      }),
    })
    .prefault({})
    .meta({ description: 'What Confluent leaves open, as the model takes it.' }),
})

const clusterMirror = z.strictObject({
  system: z.literal('cluster-mirror'),
  ...common,
  mirrors: z
    .array(topicName)
    .max(MIRRORS_MAX)
    .default([])
    .meta({ description: 'Topics of the source that are mirrored from the start.' }),
  config: settings
    .default({})
    .meta({ description: 'Of the mirror, and what its brokers have for mirrors (KIP-1279).' }),
})

/** What every link on Connect's workers has. */
const onConnect = {
  ...common,
  start: duration.default(0).meta({ description: 'When it starts; 0: before the clients do.' }),
  standby: z.boolean().default(false).meta({ description: 'A runbook starts it.' }),
  workers: counts.meta({ description: 'Connect workers by region or zone: {eu-west: 2}.' }),
  worker: settings.default({}).meta({ description: 'Settings of the Connect workers.' }),
  producer: settings.default({}).meta({ description: 'Of the producer that writes the copy.' }),
  consumer: settings.default({}).meta({ description: 'Of the consumer that reads the source.' }),
}

const mirus = z.strictObject({
  system: z.literal('mirus'),
  ...onConnect,
  config: settings.default({}).meta({ description: 'Properties of Mirus’s source connector.' }),
})

const replicator = z.strictObject({
  system: z.literal('replicator'),
  ...onConnect,
  config: settings.default({}).meta({ description: 'Properties of Confluent Replicator.' }),
})

const TEXT_MAX = 1_000
const transform = z.union([
  z.strictObject({
    filter: z
      .number()
      .min(0)
      .max(1)
      .meta({ description: 'Share of the records that the predicate of a Filter drops.' }),
  }),
  z.strictObject({
    route: z
      .strictObject({ regex: z.string().max(TEXT_MAX), replacement: z.string().max(TEXT_MAX) })
      .meta({ description: 'RegexRouter: another name for topics that match as a whole.' }),
  }),
  z.strictObject({
    work: duration.meta({ description: 'Time that a transform of one’s own takes for a record.' }),
  }),
])

const connect = z.strictObject({
  system: z.literal('connect'),
  ...onConnect,
  guards: guards.default({}),
  config: settings.default({}).meta({ description: 'Of the mirror connectors of the flow.' }),
  transforms: z
    .array(transform)
    .max(20)
    .default([])
    .meta({ description: 'Single message transforms of the source connector, in their order.' }),
})

const STREAMS_MAX = 100

const mirrorMaker1 = z.strictObject({
  system: z.literal('mirror-maker1'),
  ...common,
  start: duration.default(0).meta({ description: 'When it starts; 0: before the clients do.' }),
  workers: counts.meta({ description: 'Processes by region or zone: {eu-west: 2}.' }),
  options: z
    .strictObject({
      'num.streams': z.int().min(1).max(STREAMS_MAX).default(1),
      include: z.string().max(10_000).meta({ description: 'Topics: a regular expression.' }),
      'offset.commit.interval.ms': z.int().min(0).default(60_000),
      'abort.on.send.failure': z.boolean().default(true),
    })
    .meta({ description: 'Of MirrorMaker’s command line.' }),
  handler: z
    .strictObject({
      prefix: z.string().max(100).default(''),
      keepsPartition: z.boolean().default(false),
    })
    .prefault({})
    .meta({ description: 'A message.handler of one’s own, which renames or keeps partitions.' }),
  producer: settings.default({}).meta({ description: 'producer.config' }),
  consumer: settings.default({}).meta({ description: 'consumer.config' }),
})

const brooklin = z.strictObject({
  system: z.literal('brooklin'),
  ...common,
  start: duration.default(0).meta({ description: 'When it starts; 0: before the clients do.' }),
  workers: counts.meta({ description: 'Instances by region or zone: {eu-west: 2}.' }),
  config: z
    .strictObject({
      topics: z.string().max(10_000).meta({ description: 'A regular expression.' }),
      tasks: z.int().min(1).max(STREAMS_MAX).default(1),
      destinationTopicPrefix: z.string().max(100).default(''),
      identityPartitioningEnabled: z.boolean().default(false),
      isFlushlessModeEnabled: z.boolean().default(false),
      commitIntervalMs: z.int().min(0).default(60_000),
      commitTimeoutMs: z.int().min(0).default(30_000),
      pollTimeoutMs: z.int().min(0).default(30_000),
      pausePartitionOnError: z.boolean().default(false),
      pauseErrorPartitionDurationMs: z.int().min(0).default(600_000),
    })
    .meta({ description: 'Of the connector and its datastream; tasks: of each instance.' }),
  producer: settings.default({}).meta({ description: 'Of the transport provider’s producer.' }),
  consumer: settings.default({}).meta({ description: 'Of the tasks’ consumers.' }),
})

const ureplicator = z.strictObject({
  system: z.literal('ureplicator'),
  ...common,
  start: duration.default(0).meta({ description: 'When it starts; 0: before the clients do.' }),
  workers: counts.meta({ description: 'Workers by region or zone: {eu-west: 2}.' }),
  controllers: counts.meta({ description: 'Controllers by region or zone; one of them leads.' }),
  zookeeper: z
    .strictObject({
      helix: name.meta({ description: 'Region or zone of the ZooKeeper that Helix works with.' }),
      commit: name
        .optional()
        .meta({ description: 'Of the one that keeps offsets; Helix’s unless it is written.' }),
    })
    .meta({ description: 'ZooKeeper as uReplicator needs it, a service in one place each.' }),
  topics: z
    .array(topicName)
    .min(1)
    .max(MIRRORS_MAX)
    .meta({ description: 'Topics that are whitelisted when all workers are there.' }),
  topicMapping: z
    .record(topicName, topicName)
    .default({})
    .meta({ description: 'Names at the target, where they differ: {orders: us.orders}.' }),
  controller: settings.default({}).meta({ description: 'Settings of the controllers.' }),
  worker: settings.default({}).meta({ description: 'Settings of the workers.' }),
  producer: settings.default({}).meta({ description: 'producer.properties: Kafka’s own.' }),
  consumer: settings.default({}).meta({ description: 'consumer.properties: Kafka’s own.' }),
})

const flink = z.strictObject({
  system: z.literal('flink'),
  ...common,
  start: duration.default(0).meta({ description: 'When it starts; 0: before the clients do.' }),
  workers: counts.meta({ description: 'Task managers by region or zone: {eu-west: 2}.' }),
  jobManager: name.meta({ description: 'Region or zone of the job manager.' }),
  checkpoints: name.meta({ description: 'Region or zone of the service that keeps checkpoints.' }),
  topic: topicName.meta({ description: 'The one topic of this router.' }),
  sinkTopic: topicName.optional().meta({ description: 'At the target; the same name if absent.' }),
  startingOffsets: z
    .enum(['earliest', 'committed', 'latest'])
    .default('earliest')
    .meta({ description: 'Where a job begins that has no checkpoint.' }),
  deliveryGuarantee: z
    .enum(['none', 'at-least-once', 'exactly-once'])
    .default('none')
    .meta({ description: 'Of the KafkaSink; exactly-once is refused: no transactions yet.' }),
  config: settings.default({}).meta({ description: 'Of Flink and of its Kafka source.' }),
  producer: settings.default({}).meta({ description: 'Of the KafkaSink’s producers.' }),
  consumer: settings.default({}).meta({ description: 'Of the KafkaSource’s consumers.' }),
})

export const link = z.discriminatedUnion('system', [
  mirrorMaker2,
  clusterLink,
  clusterMirror,
  mirus,
  mirrorMaker1,
  replicator,
  brooklin,
  connect,
  ureplicator,
  flink,
])

export type LinkDocument = z.output<typeof link>
export type MirrorMaker2Document = z.output<typeof mirrorMaker2>
export type ClusterLinkDocument = z.output<typeof clusterLink>
export type ClusterMirrorDocument = z.output<typeof clusterMirror>
export type ReplicatorDocument = z.output<typeof replicator>
export type ConnectDocument = z.output<typeof connect>
export type MirusDocument = z.output<typeof mirus>
export type MirrorMaker1Document = z.output<typeof mirrorMaker1>
export type FlinkDocument = z.output<typeof flink>
export type UReplicatorDocument = z.output<typeof ureplicator>
export type BrooklinDocument = z.output<typeof brooklin>
