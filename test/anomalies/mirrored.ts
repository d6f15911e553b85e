// What the cases of MirrorMaker 2 share: a cluster in each of two regions and a flow from A to B,
// its intervals short so that a minute shows what a day would.

import type { RunResult } from '../../src/contract.ts'
import type { History } from '../../src/history.ts'
import { completed } from '../../src/lab/run.ts'
import type { Simulation } from '../../src/lab/simulation.ts'
import type { Mm2GuardName } from '../../src/mirror/mirror-maker2/guards.ts'
import type { CheckpointRecord } from '../../src/mirror/mirror-maker2/mirror-checkpoint-task.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

/** Fewer than the other cases take: a run of two clusters and their workers is longer. */
export const MIRROR_SEEDS = ['1', '2'] as const

type Part = Readonly<Record<string, unknown>>

export interface MirrorStory {
  readonly duration: string
  readonly settle?: string
  readonly rtt?: string
  /** Of topic orders in A. */
  readonly topic?: Part
  /** Settings of A's brokers. */
  readonly broker?: Part
  /** Clusters in which orders exists from the start. */
  readonly homes?: readonly string[]
  readonly config?: Part
  readonly worker?: Part
  /** Of the tasks' consumers. */
  readonly consumer?: Part
  readonly guards?: Partial<Record<Mm2GuardName, boolean>>
  /** When the flow starts. */
  readonly start?: string
  /** A second flow from B to A. */
  readonly bothWays?: boolean
  readonly producers: readonly Part[]
  readonly consumers?: readonly Part[]
  readonly faults?: readonly Part[]
}

const FACTORS = {
  'replication.factor': 1,
  'offset-syncs.topic.replication.factor': 1,
  'heartbeats.topic.replication.factor': 1,
  'checkpoints.topic.replication.factor': 1,
}

/** Groups cross within seconds. */
export const TIMELY = {
  'sync.group.offsets.enabled': true,
  'sync.group.offsets.interval.seconds': 2,
  'emit.checkpoints.interval.seconds': 2,
  'refresh.groups.interval.seconds': 2,
}

/** In A; commits twice a second. */
export const BILLING = {
  ...{ name: 'billing', region: 'us', cluster: 'A', topic: 'orders' },
  config: {
    ...{ 'group.id': 'billing', 'auto.offset.reset': 'earliest' },
    'auto.commit.interval.ms': 500,
  },
}

/** The same group where it goes on. */
export const MOVED = { ...BILLING, name: 'moved', region: 'eu', cluster: 'B', topic: 'A.orders' }

/** A run and what it left behind. */
export interface Mirrored {
  readonly result: RunResult
  readonly history: History
  /** What the checkpoint task wrote down, in order. */
  readonly checkpoints: readonly CheckpointRecord[]
}

export function playMirrored(story: MirrorStory, seed: string): Mirrored {
  let checkpoints: readonly CheckpointRecord[] = []
  const onEnd = (simulation: Simulation) => {
    checkpoints = valuesOf(simulation, 'A.checkpoints.internal')
  }
  const scenario = scenarioOf(JSON.stringify(documentOf(story)), 'mirrored')
  const { result, history } = completed(scenario, seed, { onEnd })
  return { result, history, checkpoints }
}

function documentOf(story: MirrorStory) {
  const { duration, settle = '20s', rtt = '50ms', homes = ['A'] } = story
  const small = { 'offsets.topic.num.partitions': 1, 'offsets.topic.replication.factor': 1 }
  const cluster = (region: string, more: Part = {}) => ({
    ...{ brokers: { [region]: 1 }, controllers: { [region]: 1 } },
    config: { ...small, ...more },
  })
  const flow = (from: string, to: string, region: string) => ({
    ...{ system: 'mirror-maker2', from, to, workers: { [region]: 1 }, start: story.start ?? 0 },
    config: { topics: 'orders', ...FACTORS, ...story.config },
    consumer: story.consumer ?? {},
    worker: {
      ...{ 'config.storage.replication.factor': 1, 'offset.storage.replication.factor': 1 },
      ...story.worker,
    },
    guards: story.guards ?? {},
  })
  return {
    ...{ version: '4.1', duration, settle, regions: { us: {}, eu: {} } },
    network: { rtt: { 'us ~ eu': rtt } },
    clusters: { A: cluster('us', story.broker), B: cluster('eu') },
    topics: homes.map((home) => ({
      ...{ name: 'orders', cluster: home, replicationFactor: 1, config: story.topic ?? {} },
    })),
    producers: story.producers.map((one) => ({
      ...{ region: 'us', cluster: 'A', topic: 'orders', recordBytes: 500, ...one },
    })),
    consumers: story.consumers ?? [],
    links: [flow('A', 'B', 'eu'), ...(story.bothWays === true ? [flow('B', 'A', 'us')] : [])],
    faults: story.faults ?? [],
  }
}

/** Records of an internal topic of B, which has one partition on one broker. */
function valuesOf(simulation: Simulation, topic: string): CheckpointRecord[] {
  const { cluster } = simulation.clusterOf('B')
  const [index] = cluster.topics.partitionsOf(topic)
  const logs = [...cluster.nodes.values()].map(({ brokerStore }) => brokerStore.logs)
  const log = logs.flatMap((of) => (index === undefined ? [] : (of.get(index) ?? [])))[0]
  return (log?.batches() ?? []).flatMap(({ values }) => values ?? []) as CheckpointRecord[]
}

/** Where the log of a topic's only partition ends. */
export function endOf({ history }: Mirrored, name: string): number {
  const found = history.finalLogs.find((log) => history.partitionName(log.partition) === name)
  return found?.logEnd ?? -1
}

/** How far a group has come in a cluster, by the table of its groups. */
export function committedOf(
  { result: { clusters } }: Mirrored,
  cluster: string,
  group: string,
): number {
  const own = clusters.find(({ name }) => name === cluster)?.groups.find((g) => g.group === group)
  return own?.rows[0]?.currentOffset ?? -1
}

/** The group's first move to the other cluster. */
export function moveOf({ result: { groups } }: Mirrored, group: string) {
  return groups.find((one) => one.group === group)?.moves[0]
}
