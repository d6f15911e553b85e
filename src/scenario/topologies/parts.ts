// Pieces that patterns share: a cluster in one region, its topic, its clients, and faults that
// several of them try.

import type {
  ClusterInput,
  ConsumerInput,
  Entry,
  FaultInput,
  Flow,
  Idea,
  LinkSystem,
  LinksPart,
  Part,
  Place,
  Plan,
  ProducerInput,
  TopicInput,
} from './topology.ts'

export const TOPIC = 'orders'
export const PARTITIONS = 6
/** When the first fault strikes: late enough that everything runs evenly. */
export const FAULT_AT = '30s'
/** When applications have moved to another cluster. */
export const MOVED_AT = '60s'

const REPLICAS_MAX = 3
const VOTERS = 3

/** Replicas of each partition in a cluster of `brokers`. */
export function replicasOf(brokers: number): number {
  return Math.min(REPLICAS_MAX, brokers)
}

/** As many as may be told of before acks=all answers: one replica may be gone. */
function minInSyncOf(brokers: number): number {
  return Math.max(1, replicasOf(brokers) - 1)
}

/** `min.insync.replicas`, and what the offsets topic needs where brokers are few. */
export function clusterConfig(brokers: number): NonNullable<ClusterInput['config']> {
  const replicas = replicasOf(brokers)
  return {
    'min.insync.replicas': minInSyncOf(brokers),
    ...(replicas < REPLICAS_MAX ? { 'offsets.topic.replication.factor': replicas } : {}),
  }
}

/** A cluster that stands in one region, and bears its name. */
function regionalCluster({ name }: Place, { brokers }: Plan): readonly [string, ClusterInput] {
  return [
    name,
    {
      brokers: { [name]: brokers },
      controllers: { [name]: VOTERS },
      config: clusterConfig(brokers),
    },
  ]
}

/** One cluster in each region. */
export function regionalClusters(plan: Plan): Part<readonly [string, ClusterInput]> {
  return {
    why:
      'One cluster a region, each with brokers, controllers and an in-sync set of its own: ' +
      'what happens to one stops at its border, and no write waits for another region.',
    entries: plan.regions.map((place) => ({ item: regionalCluster(place, plan) })),
  }
}

/** Three replicas, or as many as there are brokers. */
export function ordersIn(cluster: string, { brokers }: Plan): TopicInput {
  return {
    name: TOPIC,
    cluster,
    partitions: PARTITIONS,
    replicationFactor: replicasOf(brokers),
  }
}

/** An application that writes to the cluster of its own region. */
export function shopIn(
  { name }: Place,
  { rate }: Plan,
  more: Partial<ProducerInput> = {},
): ProducerInput {
  return {
    name: `shop-${name}`,
    region: name,
    cluster: name,
    topic: TOPIC,
    rate,
    config: { acks: 'all' },
    ...more,
  }
}

/** An application that reads in its own region, from the first record on. */
export function readerIn({ name }: Place, label: string, topic: string): ConsumerInput {
  return {
    name: label,
    region: name,
    cluster: name,
    topic,
    config: { 'auto.offset.reset': 'earliest' },
  }
}

/** The links of some flows, with what there is to say of their system. */
export function linksOf(flows: readonly Flow[], { system }: Plan, why: string): LinksPart {
  return {
    why: `${why} ${system.why}`,
    entries: flows.map((flow) => ({ item: system.link(flow) })),
    renames: flows.some(({ isAlone }) => isAlone !== true),
    copies: system.copies === undefined ? [] : flows.map((flow) => copyTopic(flow, system)),
  }
}

function copyTopic(flow: Flow, { copyOf }: LinkSystem): TopicInput {
  const [source, target] = endsOf(flow)
  return {
    name: copyOf(source, flow.topic, flow.isAlone),
    cluster: target,
    partitions: PARTITIONS,
    replicationFactor: flow.replicas,
  }
}

/** The clusters that a flow leads from and to. */
export function endsOf({ from, to, clusters }: Flow): readonly [from: string, to: string] {
  return clusters ?? [from.name, to.name]
}

/** A flow of `orders` as it is called in the source, between clusters named after regions. */
export function flowOf(
  [from, to]: readonly [from: Place, to: Place],
  { brokers }: Plan,
  { topic = TOPIC, carriesGroups = false, isAlone = false } = {},
): Flow {
  return { from, to, topic, carriesGroups, isAlone, replicas: replicasOf(brokers) }
}

/** A region is silent for a while; its disks keep what they hold. */
export function outage({ name }: Place, at: string, length: string): FaultInput {
  return { at, 'region-loss': { target: `region ${name}`, model: 'stop' }, for: length }
}

/** A region is gone with its disks, and does not come back while there is load. */
export function destroyed({ name }: Place, at: string): FaultInput {
  return { at, 'region-loss': { target: `region ${name}`, model: 'disks' } }
}

/** Two regions do not hear one another. */
export function cut([a, b]: readonly [Place, Place], at: string, length: string): FaultInput {
  const between = [`region ${a.name}`, `region ${b.name}`]
  return { at, partition: { between }, for: length }
}

/** The way between two regions gets slow: what a link is behind grows with it. */
export function brownOut([a, b]: readonly [Place, Place], at: string): Idea {
  const between = [`region ${a.name}`, `region ${b.name}`]
  return {
    why: 'A brown-out in place of a cut: the way is there, slow and lossy, and nothing is down.',
    fault: { at, 'slow-link': { between, delay: '200ms', loss: '1%' }, for: '30s' },
  }
}

/** The first worker of a link on Connect goes and comes back; `prefix` as its system names it. */
export function workerDies(prefix: string, flow: Flow, at: string): Idea {
  const [source, target] = endsOf(flow)
  return {
    why:
      'The worker dies and is started again: what it had copied since its last offset ' +
      'flush is copied twice.',
    fault: { at, crash: `${prefix}-${source}-${target}-1`, for: '10s' },
  }
}

/** An entry without a reason of its own. */
export function bare<T>(item: T): Entry<T> {
  return { item }
}

const STORED = ['config', 'offset', 'status'] as const

/** What Connect's workers need where brokers are few: their topics want three replicas. */
export function storageOf({ replicas }: Pick<Flow, 'replicas'>) {
  if (replicas >= REPLICAS_MAX) return {}
  const factors = STORED.map((name) => [`${name}.storage.replication.factor`, replicas] as const)
  return { worker: Object.fromEntries(factors) }
}
