// What an operator does to a cluster while it runs: elections, reassignments, settings.

import { z } from 'zod'
import { exactText } from '../sim/long-text.ts'
import { faultKind, type Heal, type Stage } from './fault.ts'

const NODE_ID_MAX = 2_147_483_647
const NAME_MAX = 249
const PARTITION_MAX = 100_000
const id = z.int().min(0).max(NODE_ID_MAX)
const topic = z.string().min(1).max(NAME_MAX)
const partition = z.int().min(0).max(PARTITION_MAX)

export const electLeaders = faultKind({
  kind: 'elect-leaders',
  doc: 'kafka-leader-election: preferred or unclean, for a topic or for all of a cluster.',
  schema: z.strictObject({
    type: z.enum(['preferred', 'unclean']),
    topic: topic.optional(),
    cluster: topic.optional().meta({
      description: 'Where topic is absent; of a single cluster it needs no name.',
    }),
    partitions: z.array(partition).max(1000).optional(),
  }),
  inject(stage: Stage, params): Heal | null {
    const { type, topic, cluster, partitions } = params
    const scope = topic === undefined ? { cluster: cluster ?? null } : { topic }
    stage.operator.electLeaders(type, scope, partitions ?? null)
    return null
  },
})

export const reassign = faultKind({
  kind: 'reassign',
  doc: 'kafka-reassign-partitions: a partition gets other replicas.',
  schema: z.strictObject({
    topic,
    partition,
    replicas: z.array(id).min(1).max(100),
    observers: z.array(id).max(100).default([]),
  }),
  inject(stage: Stage, params): Heal | null {
    const { topic, partition, replicas, observers } = params
    stage.operator.reassign(topic, partition, replicas, observers)
    return null
  },
})

const settingValue = z.union([z.string().max(1000), z.number(), z.boolean(), z.null()])

export const alterConfig = faultKind({
  kind: 'alter-config',
  doc:
    'kafka-configs: settings of a topic, of one node, or of all nodes of a cluster; null removes ' +
    'one. A topic’s own stands above a node’s, that above the cluster’s, and that above the files.',
  schema: z.strictObject({
    topic: topic.optional(),
    broker: id.optional().meta({ description: 'Id of a broker or a controller.' }),
    cluster: topic.optional().meta({
      description: 'Where topic and broker are absent; of a single cluster it needs no name.',
    }),
    set: z.record(z.string().max(NAME_MAX), settingValue),
  }),
  inject(stage: Stage, params): Heal | null {
    const settings = new Map<string, string | null>()
    for (const [key, value] of Object.entries(params.set)) {
      settings.set(key, value === null ? null : exactText(value))
    }
    if (params.topic !== undefined) stage.operator.alterConfig('topic', params.topic, settings)
    else if (params.broker !== undefined) {
      stage.operator.alterConfig('broker', String(params.broker), settings)
    } else stage.operator.alterConfig('cluster', params.cluster ?? '', settings)
    return null
  },
})

export const deleteTopic = faultKind({
  kind: 'delete-topic',
  doc: 'kafka-topics --delete: the topic, its records and what groups committed for it are gone.',
  schema: z.strictObject({ topic }),
  inject(stage: Stage, params): Heal | null {
    stage.operator.deleteTopic(params.topic)
    return null
  },
})

export const createTopic = faultKind({
  kind: 'create-topic',
  doc: 'kafka-topics --create: under the name of a deleted one it is another topic, and empty.',
  schema: z.strictObject({
    topic,
    partitions: z.int().min(1).max(PARTITION_MAX).default(1),
    replicationFactor: z.int().min(1).max(100).default(1),
  }),
  inject(stage: Stage, params): Heal | null {
    const { topic, partitions, replicationFactor } = params
    stage.operator.createTopic(topic, partitions, replicationFactor)
    return null
  },
})

export const addPartitions = faultKind({
  kind: 'add-partitions',
  doc: 'kafka-topics --alter --partitions: a topic has so many from now on, and keeps its records.',
  schema: z.strictObject({ topic, partitions: z.int().min(2).max(PARTITION_MAX) }),
  inject(stage: Stage, { topic, partitions }): Heal | null {
    stage.operator.addPartitions(topic, partitions)
    return null
  },
})

export const unregisterBroker = faultKind({
  kind: 'unregister-broker',
  doc: 'kafka-cluster unregister: the controller forgets a broker that is gone.',
  schema: z.strictObject({ id }),
  inject(stage: Stage, params): Heal | null {
    stage.operator.unregisterBroker(params.id)
    return null
  },
})
