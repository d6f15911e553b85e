// Links between the clusters, of every system, in any graph: pairs, chains, fans, meshes and rings.
// Copies are called after their source, as the systems' own documents tell to, or keep their names
// where nothing can come home; and sometimes two links go to and fro under one name.

import fc from 'fast-check'
import { choice, chosen, seldom, simplestOf, sometimes } from '../plain.ts'
import type { HomeTopic, Site } from './clusters.ts'
import type {
  AnyCarrier,
  Carrier,
  Laid,
  LinkInput,
  MirrorSet,
  StandingTopic,
  TopicInput,
} from './edge.ts'
import { brooklin } from './systems/brooklin.ts'
import { clusterLink } from './systems/cluster-link.ts'
import { clusterMirror } from './systems/cluster-mirror.ts'
import { connect } from './systems/connect.ts'
import { flink } from './systems/flink.ts'
import { mirrorMaker1 } from './systems/mirror-maker1.ts'
import { mirrorMaker2 } from './systems/mirror-maker2.ts'
import { mirus } from './systems/mirus.ts'
import { replicator } from './systems/replicator.ts'
import { ureplicator } from './systems/ureplicator.ts'

const LINKS_MAX = 4

/** Those that run under every flavour; others shrink to MirrorMaker 2, which comes most often. */
const ANYWHERE: readonly AnyCarrier[] = [
  ...[mirrorMaker2, mirrorMaker2, mirrorMaker2, connect, mirrorMaker1, brooklin],
  ...[mirus, replicator, ureplicator, flink],
]

const carriers = fc.oneof({ withCrossShrink: true }, ...ANYWHERE)

const edge = fc.record({
  from: choice,
  to: choice,
  carrier: carriers,
  /** In its place, where brokers are Confluent's. */
  mirrors: sometimes(clusterLink),
  /** In its place, where they are Apache Kafka's. */
  apacheMirrors: simplestOf(2, fc.constant(undefined), clusterMirror),
})

export const links = fc.record({
  isConfluent: simplestOf(1, fc.constant(false), fc.constant(true)),
  keepsNames: seldom(fc.constant(true)),
  /** Copies what the first edge brings back under the same name, by this link. */
  echo: seldom(carriers),
  edges: fc.array(edge, { minLength: 1, maxLength: LINKS_MAX }),
})
export type Links = typeof links extends fc.Arbitrary<infer T> ? T : never

/** What links are laid between. */
export interface Around {
  readonly sites: readonly Site[]
  readonly topics: readonly HomeTopic[]
}

/** All that a file says of the links, and the processes that they bring. */
export interface Layout {
  readonly links: readonly LinkInput[]
  readonly copies: readonly TopicInput[]
  readonly processes: readonly string[]
  /** Of mirrors, which have commands. */
  readonly mirrors: readonly MirrorSet[]
  /** What stands in each cluster when the links have done their work. */
  readonly standing: ReadonlyMap<string, readonly StandingTopic[]>
  /** Two links go to and fro under one name: what nothing stops grows for as long as it runs. */
  readonly isEcho: boolean
}

interface Way {
  readonly from: Site
  readonly to: Site
  readonly carrier: Carrier
}

/**
 * Lays one edge after the other, so that what the first brought can be copied on. An edge to which
 * every topic has been before stays without a link.
 */
export function layoutOf(of: Links, around: Around): Layout {
  const ways = waysOf(of, around)
  const isEcho = of.echo !== undefined
  const keepsNames = isEcho || (of.keepsNames === true && isTree(ways) && haveOwnNames(around))
  const standing = new Map(around.sites.map(({ name }) => [name, homesIn(name, around)]))
  const laid = ways.map(({ from, to, carrier }): Laid => {
    const topics = (standing.get(from.name) ?? []).filter((one) => !hasBeenIn(one, to))
    if (topics.length === 0) return { links: [], copies: [], standing: [], processes: [] }
    const prefix = keepsNames ? '' : `${from.name}.`
    const regions = [...new Set([to.region, ...around.sites.map(({ region }) => region)])]
    const taken = new Set((standing.get(to.name) ?? []).map(({ name }) => name))
    const one = carrier.lay({ from, to, prefix, topics, taken, regions })
    standing.set(to.name, [...(standing.get(to.name) ?? []), ...one.standing])
    return one
  })
  const written = laid.flatMap(({ links: own }) => own)
  return {
    links: written,
    copies: newOnes(
      laid.flatMap(({ copies }) => copies),
      around,
    ),
    processes: laid.flatMap(({ processes }) => processes),
    mirrors: laid.flatMap(({ mirrors }) => mirrors ?? []),
    ...{ standing, isEcho },
  }
}

/** Each copy once, and none under the name of what is at home there. */
function newOnes(copies: readonly TopicInput[], { topics }: Around): TopicInput[] {
  const keyOf = ({ name, cluster = '' }: { name: string; cluster?: string | undefined }) => {
    return `${cluster}:${name}`
  }
  const known = new Set(topics.map(keyOf))
  return copies.filter((copy) => {
    const isNew = !known.has(keyOf(copy))
    known.add(keyOf(copy))
    return isNew
  })
}

function homesIn(cluster: string, { topics }: Around): StandingTopic[] {
  return topics
    .filter((topic) => topic.cluster === cluster)
    .map(({ name, partitions }) => ({ name, partitions, listedIn: 'topics' }))
}

/** A copy's name tells of the clusters that it has come through. */
function hasBeenIn({ name }: StandingTopic, { name: cluster }: Site): boolean {
  return name.split('.').slice(0, -1).includes(cluster)
}

/** Each pair of clusters once in each direction. */
function waysOf(of: Links, around: Around): Way[] {
  const ways = forthOf(of, around)
  const [first] = ways
  if (of.echo === undefined || first === undefined) return ways
  const { from, to } = first
  const [edge] = of.edges
  const there = edge === undefined ? first : { ...first, carrier: edge.carrier }
  return [there, { from: to, to: from, carrier: of.echo }]
}

function forthOf({ edges, isConfluent }: Links, { sites, topics }: Around): Way[] {
  const known = new Set<string>()
  const homes = sites.filter(({ name }) => topics.some(({ cluster }) => cluster === name))
  return edges.flatMap((of): Way[] => {
    // Twice as often from where records are at home.
    const from = chosen([...homes, ...homes, ...sites], of.from)
    const to = chosen(
      sites.filter((site) => site !== from),
      of.to,
    )
    const key = `${from.name}->${to.name}`
    if (known.has(key)) return []
    known.add(key)
    return [{ from, to, carrier: carrierOf(of, isConfluent) }]
  })
}

function carrierOf(of: Links['edges'][number], isConfluent: boolean): Carrier {
  return (isConfluent ? of.mirrors : of.apacheMirrors) ?? of.carrier
}

/** Nothing comes to a cluster by two ways, and nothing home. */
function isTree(ways: readonly Way[]): boolean {
  const parents = new Map(ways.map(({ from, to }) => [to.name, from.name]))
  if (parents.size < ways.length) return false
  // Whoever goes up from parent to parent comes to a root before all edges are used up.
  return ways.every(({ to }) => {
    let at: string | undefined = to.name
    for (let step = 0; step <= ways.length && at !== undefined; step++) at = parents.get(at)
    return at === undefined
  })
}

function haveOwnNames({ topics }: Around): boolean {
  return new Set(topics.map(({ name }) => name)).size === topics.length
}
