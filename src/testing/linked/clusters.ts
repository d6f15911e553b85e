// Two to four clusters, each in one region, and the topics that are theirs: small ones, for what
// happens between them is what a run of these is about.

import fc from 'fast-check'
import type { ScenarioInput } from '../../scenario/document/document.ts'
import { choice, chosen, filled, seldom, simplestOf, sometimes, time } from '../plain.ts'

const NAMES = ['A', 'B', 'C', 'D'] as const
const REGIONS = ['r1', 'r2', 'r3'] as const
const TOPICS = ['orders', 'audit', 'bills'] as const
export const PARTITIONS_MAX = 3
const RETENTION_CHECK_MS = 5_000
const SEGMENT_MS = 2_000

type TopicInput = ScenarioInput['topics'][number]
type Policy = 'under-min-isr' | 'under-replicated' | 'none'

const site = fc.record({
  region: choice,
  brokers: simplestOf(1, fc.constant(1), fc.integer({ min: 2, max: 3 })),
  voters: simplestOf(2, fc.constant(1), fc.constant(3)),
  /** Over all regions, one broker and one voter in each at least. */
  isStretched: seldom(fc.constant(true)),
  sessionMs: sometimes(fc.constant(6_000)),
  lagTimeMs: sometimes(fc.constantFrom(10_000, 4_000)),
})

const topic = fc.record({
  cluster: choice,
  partitions: fc.integer({ min: 1, max: PARTITIONS_MAX }),
  minIsr: sometimes(fc.integer({ min: 1, max: 2 })),
  /** So little that a link that stands still for a while finds less than it left. */
  retentionMs: seldom(fc.constantFrom(3_000, 10_000)),
  /** In a stretched cluster of Confluent’s: replicas in its region, observers in another. */
  observers: sometimes(fc.constantFrom('under-min-isr', 'under-replicated', 'none')),
})

/** Choices about clusters, their regions and topics. */
export const sites = fc.record({
  regions: fc.integer({ min: 1, max: REGIONS.length }),
  rtts: fc.array(fc.integer({ min: 5, max: 150 }), { minLength: 3, maxLength: 3 }),
  lossPerMille: seldom(fc.integer({ min: 1, max: 10 })),
  clusters: fc.array(site, { minLength: 2, maxLength: NAMES.length }),
  topics: fc.array(topic, { minLength: 1, maxLength: TOPICS.length }),
  /** All topics have one name, as in active-active; a cluster has the first of them only. */
  isOneName: fc.boolean(),
})
export type Sites = typeof sites extends fc.Arbitrary<infer T> ? T : never

/** A cluster as a link sees it. */
export interface Site {
  readonly name: string
  readonly region: string
  readonly brokers: number
  readonly isStretched: boolean
}

/** A topic that producers write to. */
export interface HomeTopic {
  readonly name: string
  readonly cluster: string
  readonly partitions: number
}

/**
 * Clusters by their letters. A stretched one gets as many brokers in each region: its count is
 * rounded up.
 */
export function sitesOf({ clusters, regions }: Sites): Site[] {
  return clusters.map(({ region, brokers, isStretched }, index) => ({
    name: NAMES[index] ?? 'A',
    region: chosen(REGIONS.slice(0, regions), region),
    brokers: isStretched === true ? regions * Math.ceil(brokers / regions) : brokers,
    isStretched: isStretched === true,
  }))
}

/** What is written of places and clusters. */
export function clustersOf(
  of: Sites,
): Pick<ScenarioInput, 'regions' | 'network'> & Required<Pick<ScenarioInput, 'clusters'>> {
  const names = REGIONS.slice(0, of.regions)
  const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b) => `${a} ~ ${b}`))
  const rtt = Object.fromEntries(pairs.map((pair, i) => [pair, time(of.rtts[i] ?? 10)]))
  const network = filled({
    rtt: pairs.length === 0 ? undefined : rtt,
    loss: of.lossPerMille === undefined ? undefined : `${of.lossPerMille / 10}%`,
  })
  const written = sitesOf(of).map(({ name, region, brokers, isStretched }, index) => {
    const one = of.clusters[index]
    const config = {
      'offsets.topic.num.partitions': 2,
      'offsets.topic.replication.factor': Math.min(3, brokers),
      'default.replication.factor': Math.min(2, brokers),
      'broker.session.timeout.ms': one?.sessionMs ?? 9_000,
      'replica.lag.time.max.ms': one?.lagTimeMs ?? 30_000,
      'log.retention.check.interval.ms': RETENTION_CHECK_MS,
    }
    const everywhere = (count: number) => Object.fromEntries(names.map((place) => [place, count]))
    const nodes = isStretched
      ? { brokers: everywhere(brokers / names.length), controllers: everywhere(1) }
      : { brokers: { [region]: brokers }, controllers: { [region]: one?.voters ?? 1 } }
    return [name, { ...nodes, config }] as const
  })
  return {
    regions: Object.fromEntries(names.map((name) => [name, {}])),
    ...(network === undefined ? {} : { network }),
    clusters: Object.fromEntries(written),
  }
}

/** Topics with a home; where all have one name a cluster has one. */
export function homeTopics(of: Sites): HomeTopic[] {
  const clusters = sitesOf(of)
  const all = of.topics.map(({ cluster, partitions }, index) => ({
    name: of.isOneName ? TOPICS[0] : (TOPICS[index] ?? TOPICS[0]),
    cluster: chosen(clusters, cluster).name,
    partitions,
  }))
  const isFirst = (one: HomeTopic, index: number) =>
    all.findIndex(({ name, cluster }) => name === one.name && cluster === one.cluster) === index
  return all.filter(isFirst)
}

/**
 * The `topics:` block: three replicas or as many as the cluster has brokers. Observers are drawn
 * only where the clusters are Confluent's.
 */
export function topicInputs(of: Sites, isConfluent: boolean): TopicInput[] {
  const clusters = sitesOf(of)
  return homeTopics(of).map(({ name, cluster, partitions }, index) => {
    const brokers = clusters.find((one) => one.name === cluster)?.brokers ?? 1
    const replicationFactor = Math.min(3, brokers)
    const minIsr = Math.min(of.topics[index]?.minIsr ?? 1, replicationFactor)
    const { retentionMs } = of.topics[index] ?? {}
    const config = {
      'min.insync.replicas': minIsr,
      ...(retentionMs === undefined
        ? {}
        : { 'retention.ms': retentionMs, 'segment.ms': SEGMENT_MS }),
    }
    const policy = isConfluent ? of.topics[index]?.observers : undefined
    const placement = policy === undefined ? undefined : placementIn(of, cluster, policy)
    if (placement !== undefined) return { name, cluster, partitions, placement, config }
    return { name, cluster, partitions, replicationFactor, config }
  })
}

/** Undefined where the cluster is in one region; a broker's rack is its region. */
function placementIn(of: Sites, cluster: string, observerPromotionPolicy: Policy) {
  const site = sitesOf(of).find(({ name }) => name === cluster)
  const away = REGIONS.slice(0, of.regions).find((region) => region !== site?.region)
  if (site === undefined || !site.isStretched || away === undefined) return undefined
  const count = site.brokers / of.regions
  const constraint = (rack: string) => ({ count, constraints: { rack } })
  return {
    version: 2 as const,
    replicas: [constraint(site.region)],
    observers: [constraint(away)],
    observerPromotionPolicy,
  }
}
