// An edge of a graph of clusters, and what it takes to lay a link of some system along it. Topics
// are followed from edge to edge, so that a copy may be copied on, whatever system made it.

import type fc from 'fast-check'
import type { ScenarioInput } from '../../scenario/document/document.ts'
import type { BrokerLinkSpec, LinkSpec } from '../../scenario/links.ts'
import type { Site } from './clusters.ts'

export type LinkInput = NonNullable<ScenarioInput['links']>[number]
export type TopicInput = ScenarioInput['topics'][number]

/** A topic where an edge begins. */
export interface StandingTopic {
  readonly name: string
  readonly partitions: number
  /** Null where the topic is somebody's copy that no file lists. */
  readonly listedIn: 'topics' | 'mirrors' | null
}

/** From cluster to cluster, with what may be carried over. */
export interface Edge {
  readonly from: Site
  readonly to: Site
  /** In front of a copy's name; '' where copies keep theirs. */
  readonly prefix: string
  readonly topics: readonly StandingTopic[]
  /** Names that other topics bear at the target. */
  readonly taken: ReadonlySet<string>
  /** Where processes may run: beside the target first. */
  readonly regions: readonly string[]
}

/** What stands in a file for an edge. */
export interface Laid {
  readonly links: readonly LinkInput[]
  /** Copies that are created before their link. */
  readonly copies: readonly TopicInput[]
  /** What stands at the target by this edge, as the next edges find it. */
  readonly standing: readonly StandingTopic[]
  /** Names of the processes that it brings along. */
  readonly processes: readonly string[]
  /** Absent where it has none. */
  readonly mirrors?: MirrorSet
}

/** Mirror topics of one link, which people command. */
export interface MirrorSet {
  readonly system: BrokerLinkSpec['system']
  readonly link: string
  readonly from: string
  readonly to: string
  /** At the source; what they are called at the target is `copyName`'s. */
  readonly topics: readonly string[]
  /** By which their source may become their mirror; null: by none. */
  readonly back: string | null
}

/** A system with settings of its own, to be laid along any edge. */
export interface Carrier {
  readonly system: LinkSpec['system']
  lay(edge: Edge): Laid
}

/** One file a system. */
export type AnyCarrier = fc.Arbitrary<Carrier>

/** Topics at home in the source, of a name that nobody bears at the target. */
export function free({ topics, taken }: Edge): StandingTopic[] {
  // A name that tells of its source is left to the links that give such names.
  return topics.filter(
    ({ name, listedIn }) => listedIn !== null && !name.includes('.') && !taken.has(name),
  )
}

/** The keys that every kind of link begins with. */
export function endsOf({ from, to }: Edge): { from: string; to: string } {
  return { from: from.name, to: to.name }
}

/** `prefix-FROM-TO-1` and so on, as the resolver names the processes of a link. */
export function processNames(prefix: string, { from, to }: Edge, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}-${from.name}-${to.name}-${i + 1}`)
}

/** Copies by their names at the target, listed by nobody. */
export function copiesOf({ prefix, topics }: Edge): StandingTopic[] {
  return topics.map(({ name, partitions }) => {
    return { name: `${prefix}${name}`, partitions, listedIn: null }
  })
}

/** The copies as entries of `topics`, for systems that leave topics to people or to brokers. */
export function listed(edge: Edge): TopicInput[] {
  const { to } = edge
  const replicationFactor = Math.min(2, to.brokers)
  return copiesOf(edge).map(({ name, partitions }) => {
    return { name, cluster: to.name, partitions, replicationFactor }
  })
}

/** What `listed` leaves at the target. */
export function asListed(topics: readonly TopicInput[]): StandingTopic[] {
  return topics.map(({ name, partitions = 1 }) => ({ name, partitions, listedIn: 'topics' }))
}

/** Names as one expression of Java's. */
export function anyOf(topics: readonly StandingTopic[]): string {
  return topics.map(({ name }) => name.replaceAll('.', '\\.')).join('|')
}
