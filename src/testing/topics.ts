// One or two topics: by replication factor, by a written assignment, or placed with observers.

import fc from 'fast-check'
import type { ScenarioInput } from '../scenario/document/document.ts'
import { type ClusterChoices, nodesOf, type PlacedNode } from './cluster.ts'
import type { Geography } from './geography.ts'
import { choice, chosen, filledRecord, seldom, simplestOf, sometimes } from './plain.ts'

const PARTITIONS_MAX = 4
const FACTOR_MAX = 5

type TopicInput = ScenarioInput['topics'][number]

const POLICIES = ['under-min-isr', 'under-replicated', 'leader-is-observer', 'none'] as const

export const topic = fc.record({
  partitions: fc.integer({ min: 1, max: PARTITIONS_MAX }),
  factor: simplestOf(2, fc.constant(3), fc.integer({ min: 1, max: FACTOR_MAX })),
  /** Where the replicas of each partition begin in the list of brokers; absent: placed by Kafka. */
  firstReplicas: seldom(fc.array(choice, { minLength: 1, maxLength: PARTITIONS_MAX })),
  /** Regions with replicas and with observers, and when these are promoted (Confluent only). */
  placement: sometimes(
    fc.record({ home: choice, away: choice, policy: fc.constantFrom(...POLICIES) }),
  ),
  minIsr: sometimes(fc.integer({ min: 1, max: 3 })),
  unclean: seldom(fc.boolean()),
  flushMessages: seldom(fc.constantFrom(10, 1)),
})
export type TopicChoices = typeof topic extends fc.Arbitrary<infer T> ? T : never

export const TOPICS = ['orders', 'audit'] as const

/** Replicas of each partition are counted with its observers. */
export function topicOf(
  of: TopicChoices,
  name: string,
  around: {
    readonly cluster: ClusterChoices
    readonly geography: Geography
    readonly isConfluent: boolean
  },
): TopicInput {
  const { cluster, geography, isConfluent } = around
  const brokers = nodesOf(cluster, geography).filter(({ roles }) => roles.includes('broker'))
  const config = filledRecord({
    'min.insync.replicas': of.minIsr,
    'unclean.leader.election.enable': of.unclean,
    'flush.messages': of.flushMessages,
  })
  const placement = isConfluent && cluster.hasRacks ? placementOf(of, brokers) : undefined
  const replicas = placement === undefined ? replicasOf(of, brokers) : { placement }
  const partitions = 'assignment' in replicas ? {} : { partitions: of.partitions }
  return {
    name,
    ...partitions,
    ...replicas,
    ...(config === undefined ? {} : { config }),
  }
}

/** How many partitions the topic gets, whichever way it is written. */
export function partitionsOf(of: TopicChoices): number {
  return of.partitions
}

function replicasOf(of: TopicChoices, brokers: readonly PlacedNode[]) {
  const factor = Math.min(of.factor, brokers.length)
  const { firstReplicas } = of
  if (firstReplicas === undefined) return { replicationFactor: factor }
  const ids = brokers.map(({ id }) => id)
  const assignment = Array.from({ length: of.partitions }, (_, partition) => {
    const first = chosen(firstReplicas, partition) + partition
    return Array.from({ length: factor }, (_, i) => chosen(ids, first + i))
  })
  return { assignment }
}

/** Replicas in one region, observers in another; undefined where there is no other with brokers. */
function placementOf(of: TopicChoices, brokers: readonly PlacedNode[]) {
  if (of.placement === undefined) return undefined
  const { home, away, policy } = of.placement
  const regions = [...new Set(brokers.map(({ region }) => region))]
  const first = chosen(regions, home)
  const others = regions.filter((region) => region !== first)
  if (others.length === 0) return undefined
  const second = chosen(others, away)
  const countIn = (rack: string) => brokers.filter(({ region }) => region === rack).length
  const constraint = (rack: string, max: number) => ({
    count: Math.min(max, countIn(rack)),
    constraints: { rack },
  })
  return {
    version: 2 as const,
    replicas: [constraint(first, of.factor)],
    observers: [constraint(second, 2)],
    observerPromotionPolicy: policy,
  }
}
