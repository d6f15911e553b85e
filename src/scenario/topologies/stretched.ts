// One cluster over several regions: its nodes, and the clients around it.

import { clusterConfig, PARTITIONS, replicasOf, TOPIC } from './parts.ts'
import type {
  ClusterInput,
  ConsumerInput,
  Place,
  Plan,
  ProducerInput,
  TopicInput,
} from './topology.ts'

/** Brokers in each region, and an odd number of voters: with an even one the last has none. */
export function stretchedCluster(regions: readonly Place[], brokers: number): ClusterInput {
  const voters = regions.length - 1 + (regions.length % 2)
  return {
    brokers: Object.fromEntries(regions.map(({ name }) => [name, brokers])),
    controllers: Object.fromEntries(regions.slice(0, voters).map(({ name }) => [name, 1])),
    config: clusterConfig(regions.length * brokers),
  }
}

/** Replicas over as many regions: a broker’s rack is its region where a region has one zone. */
export function stretchedTopic(regions: readonly Place[], brokers: number): TopicInput {
  return {
    name: TOPIC,
    partitions: PARTITIONS,
    replicationFactor: replicasOf(regions.length * brokers),
  }
}

/** Time-outs of clients that are to find the new leader before half a minute is over. */
export const QUICK = { acks: 'all', 'request.timeout.ms': 5_000 }

/** Writers in the regions, each with the whole rate. */
export function stretchedShop(regions: readonly Place[], { rate }: Plan): ProducerInput {
  return { name: 'shop', regions: namesOf(regions), topic: TOPIC, rate, config: QUICK }
}

/** One process in each region, every one of which reads all of the topic: they are in no group. */
export function stretchedReader(regions: readonly Place[]): ConsumerInput {
  return {
    name: 'billing',
    regions: namesOf(regions),
    topic: TOPIC,
    config: { 'auto.offset.reset': 'earliest' },
  }
}

function namesOf(regions: readonly Place[]): string[] {
  return regions.map(({ name }) => name)
}
