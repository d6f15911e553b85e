// Links between the clusters, of every system, in any graph: chains, fans, meshes and rings. What
// would make a ring go round for ever is left out, as the systems' own documents tell to: mirrors
// without a prefix and copies that keep their names are for trees.

import fc from 'fast-check'
import type { ScenarioInput } from '../../scenario/document/document.ts'
import { choice, chosen, filledRecord, seldom, simplestOf, sometimes } from '../plain.ts'
import type { HomeTopic, Site } from './clusters.ts'

type LinkInput = NonNullable<ScenarioInput['links']>[number]

const LINKS_MAX = 4
const IDENTITY = 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy'

const mirrorMaker2 = fc.record({
  workers: simplestOf(2, fc.constant(1), fc.constant(2)),
  /** Beside the target, or wherever. */
  workerRegion: sometimes(choice),
  tasks: simplestOf(2, fc.constant(1), fc.integer({ min: 2, max: 4 })),
  offsetLagMax: sometimes(fc.constantFrom(0, 10, 1_000)),
  flushSeconds: sometimes(fc.constantFrom(60, 2)),
  refreshSeconds: fc.constantFrom(5, 10),
  checkpointSeconds: fc.constantFrom(2, 5),
  syncsGroups: simplestOf(1, fc.constant(true), fc.constant(false)),
  rebalanceDelayMs: sometimes(fc.constantFrom(0, 5_000)),
  pollMs: seldom(fc.constantFrom(100)),
  startSeconds: seldom(fc.integer({ min: 1, max: 10 })),
  isSyncsAtTarget: seldom(fc.constant(true)),
})

const clusterLink = fc.record({
  fetchers: seldom(fc.constant(2)),
  syncsGroups: fc.boolean(),
  isPrefixed: fc.boolean(),
  /** The source dials, and notices soon that nobody is there any more. */
  isDialled: seldom(fc.constant(true)),
})

export const links = fc.record({
  isConfluent: fc.boolean(),
  keepsNames: seldom(fc.constant(true)),
  edges: fc.array(
    fc.record({
      from: choice,
      to: choice,
      isMirrored: fc.boolean(),
      maker: mirrorMaker2,
      link: clusterLink,
    }),
    { minLength: 1, maxLength: LINKS_MAX },
  ),
})
export type Links = typeof links extends fc.Arbitrary<infer T> ? T : never

/** What links are laid between. */
export interface Around {
  readonly sites: readonly Site[]
  readonly topics: readonly HomeTopic[]
}

/** An edge between two of the clusters, and what carries it. */
export interface Edge {
  readonly from: Site
  readonly to: Site
  readonly system: 'mirror-maker2' | 'cluster-link'
  readonly of: Links['edges'][number]
}

/** Each pair of clusters once in each direction. */
export function edgesOf({ edges, isConfluent }: Links, { sites, topics }: Around): Edge[] {
  const known = new Set<string>()
  const homes = sites.filter(({ name }) => topics.some(({ cluster }) => cluster === name))
  return edges.flatMap((of): Edge[] => {
    // Twice as often from where records are at home.
    const from = chosen([...homes, ...homes, ...sites], of.from)
    const to = chosen(
      sites.filter((site) => site !== from),
      of.to,
    )
    const key = `${from.name}->${to.name}`
    if (known.has(key)) return []
    known.add(key)
    const system = isConfluent && of.isMirrored ? 'cluster-link' : 'mirror-maker2'
    return [{ from, to, system, of }]
  })
}

export function linksOf(of: Links, around: Around): LinkInput[] {
  const edges = edgesOf(of, around)
  const keepsNames = of.keepsNames === true && isTree(edges) && haveOwnNames(around)
  return edges.map((edge) =>
    edge.system === 'mirror-maker2'
      ? makerInput(edge, around, keepsNames)
      : linkInput(edge, around, edges),
  )
}

/** Nothing comes to a cluster by two ways, and nothing home. */
function isTree(edges: readonly Edge[]): boolean {
  const parents = new Map(edges.map(({ from, to }) => [to.name, from.name]))
  if (parents.size < edges.length || edges.some(({ system }) => system !== 'mirror-maker2')) {
    return false
  }
  // Whoever goes up from parent to parent comes to a root before all edges are used up.
  return edges.every(({ to }) => {
    let at: string | undefined = to.name
    for (let step = 0; step <= edges.length && at !== undefined; step++) at = parents.get(at)
    return at === undefined
  })
}

function haveOwnNames({ topics }: Around): boolean {
  return new Set(topics.map(({ name }) => name)).size === topics.length
}

// ---- one link -----------------------------------------------------------------------------------

function makerInput({ from, to, of }: Edge, { sites }: Around, keepsNames: boolean): LinkInput {
  const { maker } = of
  const regions = [...new Set([to.region, ...sites.map(({ region }) => region)])]
  const atTarget = Math.min(3, to.brokers)
  const syncs = Math.min(3, maker.isSyncsAtTarget === true ? to.brokers : from.brokers)
  const config = filledRecord({
    'tasks.max': maker.tasks,
    'replication.factor': Math.min(2, to.brokers),
    'checkpoints.topic.replication.factor': atTarget,
    // Each direction has heartbeats: the link back may be of the same process.
    'heartbeats.topic.replication.factor': Math.min(atTarget, from.brokers),
    'offset-syncs.topic.replication.factor': syncs,
    'offset-syncs.topic.location': maker.isSyncsAtTarget === true ? 'target' : undefined,
    'offset.lag.max': maker.offsetLagMax,
    'refresh.topics.interval.seconds': maker.refreshSeconds,
    'refresh.groups.interval.seconds': maker.refreshSeconds,
    'emit.checkpoints.interval.seconds': maker.checkpointSeconds,
    'sync.group.offsets.enabled': maker.syncsGroups,
    'sync.group.offsets.interval.seconds': maker.checkpointSeconds,
    'consumer.poll.timeout.ms': maker.pollMs,
    'replication.policy.class': keepsNames ? IDENTITY : undefined,
  })
  const atBoth = Math.min(atTarget, from.brokers)
  const worker = filledRecord({
    'config.storage.replication.factor': atBoth,
    'offset.storage.replication.factor': atBoth,
    'offset.storage.partitions': 2,
    'offset.flush.interval.ms':
      maker.flushSeconds === undefined ? 10_000 : maker.flushSeconds * 1_000,
    'scheduled.rebalance.max.delay.ms': maker.rebalanceDelayMs,
  })
  return {
    system: 'mirror-maker2',
    ...{ from: from.name, to: to.name },
    ...(maker.startSeconds === undefined ? {} : { start: `${maker.startSeconds}s` }),
    workers: { [chosen(regions, maker.workerRegion ?? 0)]: maker.workers },
    config,
    worker,
  }
}

/** Mirrors the topics that are at home at its source, under a name that is free. */
function linkInput({ from, to, of }: Edge, around: Around, edges: readonly Edge[]): LinkInput {
  const homes = around.topics.filter(({ cluster }) => cluster === from.name)
  const isAlone = edges.length === 1 && haveOwnNames(around)
  const prefix = isAlone && !of.link.isPrefixed ? undefined : `${from.name}.`
  const filter = { name: '*', patternType: 'LITERAL', filterType: 'INCLUDE' }
  const config = filledRecord({
    'cluster.link.prefix': prefix,
    'num.cluster.link.fetchers': of.link.fetchers,
    'consumer.offset.sync.enable': of.link.syncsGroups ? true : undefined,
    'consumer.offset.sync.ms': of.link.syncsGroups ? 3_000 : undefined,
    'consumer.offset.group.filters': of.link.syncsGroups
      ? JSON.stringify({ groupFilters: [filter] })
      : undefined,
    'connection.mode': of.link.isDialled === true ? 'INBOUND' : undefined,
  })
  const notices = { 'availability.check.ms': 10_000, 'request.timeout.ms': 10_000 }
  return {
    system: 'cluster-link',
    ...{ from: from.name, to: to.name, mirrors: homes.map(({ name }) => name) },
    ...(config === undefined ? {} : { config }),
    ...(of.link.isDialled === true ? { source: notices } : {}),
  }
}
