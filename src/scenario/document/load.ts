// Topics, and who writes and reads them.

import { z } from 'zod'
import { ANONYMOUS, principal } from '../../faults/acl-rules.ts'
import { duration, rate, size } from '../../faults/quantity.ts'
import { deserializer, serializer } from './registries.ts'
import { name, nodeId, PARTITIONS_MAX, partitionNumber, settings, topicName } from './words.ts'

const REPLICAS_MAX = 100
const CLIENTS_MAX = 1_000
const RECORD_BYTES_MIN = 1
const RECORD_BYTES_MAX = 104_857_600
const KEYS_MAX = 100_000_000
/** Of a JVM without a security manager. */
const DNS_CACHE_DEFAULT = 30_000_000

const replicaConstraint = z.strictObject({
  count: z.int().min(1).max(REPLICAS_MAX),
  constraints: z.strictObject({ rack: z.string().max(100) }),
})

const promotionPolicy = z.enum(['none', 'under-min-isr', 'under-replicated', 'leader-is-observer'])

const placementObject = z.strictObject({
  version: z.union([z.literal(1), z.literal(2)]),
  replicas: z.array(replicaConstraint).min(1).max(REPLICAS_MAX),
  observers: z.array(replicaConstraint).max(REPLICAS_MAX).optional(),
  observerPromotionPolicy: promotionPolicy.optional(),
})

/** Confluent's placement constraints, as an object or as the JSON text that its tools take. */
const placement = z
  .union([
    placementObject,
    z
      .string()
      .max(20_000)
      .transform((input, context): z.output<typeof placementObject> => {
        const result = placementObject.safeParse(jsonOf(input))
        if (result.success) return result.data
        const message = `not a placement: ${result.error.issues[0]?.message ?? 'no JSON'}`
        const fix = 'paste the JSON that confluent.placement.constraints takes'
        context.issues.push({ code: 'custom', message, input, params: { fix } })
        return z.NEVER
      }),
  ])
  .meta({ description: 'Confluent placement JSON, version 1 or 2, verbatim.' })

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const ofCluster = name
  .optional()
  .meta({ description: 'Name of its cluster, where there are several.' })

export const topic = z.strictObject({
  name: topicName,
  cluster: ofCluster,
  partitions: z.int().min(1).max(PARTITIONS_MAX).optional(),
  replicationFactor: z.int().min(-1).max(REPLICAS_MAX).optional(),
  assignment: z
    .array(z.array(nodeId).min(1).max(REPLICAS_MAX))
    .min(1)
    .max(PARTITIONS_MAX)
    .optional()
    .meta({ description: 'Replicas of each partition, preferred leader first.' }),
  placement: placement.optional(),
  residency: z
    .array(name)
    .min(1)
    .optional()
    .meta({ description: 'Regions in which its records, copies too, may be kept and read.' }),
  config: settings.default({}),
})

const rampStep = z.strictObject({ at: duration, rate })

const closedLoop = z.strictObject({
  inFlight: z.int().min(1).max(100_000).default(1),
  thinkTime: duration.default(0),
})

const client = {
  name,
  region: name.optional(),
  regions: z.array(name).min(1).max(100).optional(),
  zone: name.optional(),
  count: z.int().min(1).max(CLIENTS_MAX).default(1),
  cluster: ofCluster,
  bootstrap: z
    .union([name.transform((one) => [one]), z.array(name).min(1).max(100)])
    .optional()
    .meta({ description: 'Clusters and endpoints whose addresses it is given; else its cluster.' }),
  dnsCache: duration
    .default(DNS_CACHE_DEFAULT)
    .meta({ description: 'How long its resolver keeps an answer: networkaddress.cache.ttl.' }),
  principal: principal.default(ANONYMOUS).meta({ description: 'As whom it comes to its cluster.' }),
  standby: z.boolean().default(false).meta({ description: 'It waits until a runbook starts it.' }),
  topic: topicName,
  partitions: z.array(partitionNumber).min(1).max(PARTITIONS_MAX).optional(),
}

export const producer = z.strictObject({
  ...client,
  rate: rate.optional().meta({ description: 'Records a second of each client, sent on schedule.' }),
  ramp: z.array(rampStep).max(1_000).default([]),
  closedLoop: closedLoop.optional().meta({ description: 'Sends again when acknowledged.' }),
  recordBytes: z.union([z.int().min(RECORD_BYTES_MIN).max(RECORD_BYTES_MAX), size]).default(1_024),
  keys: z.int().min(1).max(KEYS_MAX).nullable().default(null),
  compressionRatio: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .meta({
      description:
        'Packed size / plain size of its records, whoever packs them: this producer, unless its ' +
        'compression.type is none, a replicator or a broker.',
    }),
  schemas: serializer.optional(),
  start: duration.default(0),
  stop: duration.optional(),
  config: settings.default({}),
})

const commit = z.strictObject({
  every: duration.meta({ description: 'At most once in this time; 0 = after each poll.' }),
  sync: z.boolean().default(false).meta({ description: 'commitSync: the application waits.' }),
})

const TRANSLATE_TIMEOUT_DEFAULT = 60_000_000
const MARGIN_DEFAULT = 30_000_000

const cameFrom = name
  .optional()
  .meta({ description: 'The cluster whose work it takes over; else the one that it was in.' })

const failover = z
  .discriminatedUnion('strategy', [
    z
      .strictObject({
        strategy: z.literal('translated-offsets'),
        from: cameFrom,
        timeout: duration.default(TRANSLATE_TIMEOUT_DEFAULT),
      })
      .meta({ description: 'RemoteClusterUtils.translateOffsets of MirrorMaker 2’s checkpoints.' }),
    z
      .strictObject({
        strategy: z.literal('timestamp'),
        from: cameFrom,
        margin: duration
          .default(MARGIN_DEFAULT)
          .meta({ description: 'Back from the newest record that the group has worked on.' }),
      })
      .meta({ description: 'offsetsForTimes: the first records that are not older than that.' }),
  ])
  .meta({ description: 'What it does before it joins its group in a cluster it has come to.' })

const dedup = z
  .strictObject({
    window: duration.meta({ description: 'How long it remembers what it has worked on.' }),
    state: z.enum(['memory', 'shared']).default('memory').meta({
      description: 'memory: of one process, and lost with it; shared: of the group, everywhere.',
    }),
  })
  .meta({ description: 'An idempotent consumer: it drops records whose id it remembers.' })

export const consumer = z.strictObject({
  ...client,
  processTime: duration.default(0).meta({ description: 'Work on what one poll returns.' }),
  processTimePerRecord: duration.default(0),
  commit: commit
    .optional()
    .meta({ description: 'Commits of the application; enable.auto.commit must be false.' }),
  failover: failover.optional(),
  dedup: dedup.optional(),
  schemas: deserializer.optional(),
  application: name.optional().meta({
    description:
      'Whose work it does: groups of one name in several clusters are one where all their ' +
      'members say the same, and several where they do not; unsaid, what they read tells.',
  }),
  start: duration.default(0),
  stop: duration.optional(),
  config: settings.default({}),
})

export type TopicDocument = z.output<typeof topic>
export type PlacementDocument = z.output<typeof placementObject>
export type ProducerDocument = z.output<typeof producer>
export type ConsumerDocument = z.output<typeof consumer>
