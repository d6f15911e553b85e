// Topics that links will create: nobody lists them, and clients and faults may name them.

import { type LinkFilter, passes } from '../../../kafka/settings/cluster-link-filters.ts'
import { SourceTopics } from '../../../mirror/brooklin/config.ts'
import { mirrorFilters } from '../../../mirror/cluster-mirror/filters.ts'
import { IncludeList } from '../../../mirror/mirror-maker1/options.ts'
import { NameFilter } from '../../../mirror/mirror-maker2/name-filter.ts'
import { destinationTopic, TopicChoice } from '../../../mirror/mirus/topic-list.ts'
import { PLACEHOLDER, ReplicatedTopics } from '../../../mirror/replicator/replicated-topics.ts'
import type { ConnectSpec, LinkSpec, MirrorMaker2Spec, ReplicatorSpec } from '../../links.ts'
import type { ClusterSpec, TopicSpec } from '../../model.ts'

/** A topic as far as a reference to it is checked. */
export type KnownTopic = Pick<TopicSpec, 'cluster' | 'name' | 'partitions'>

/** Names that a link takes. */
interface TopicPattern {
  accepts(topic: string): boolean
}

/** Systems whose copies are created by the target’s brokers, when they are first asked for them. */
export const LEFT_TO_BROKERS: readonly LinkSpec['system'][] = [
  ...(['mirror-maker1', 'brooklin', 'ureplicator', 'flink'] as const),
]

/** A chain of links copies a copy; longer ones than this are circles. */
const HOPS_MAX = 8

/** What the links make of `topics`, and of one another's copies. */
export function remoteTopics(
  topics: readonly KnownTopic[],
  links: readonly LinkSpec[],
  clusters: readonly ClusterSpec[],
): KnownTopic[] {
  const known = new Map(topics.map((topic) => [keyOf(topic), topic]))
  const makers = links.filter(makesTopics)
  const takes = makers.map((link) => takenBy(link))
  let last: readonly KnownTopic[] = topics
  for (let hop = 0; hop < HOPS_MAX && last.length > 0; hop++) {
    const copies = makers.flatMap((link, index) => {
      const own = last.filter(({ cluster }) => cluster === link.from)
      return own
        .filter(({ name }) => takes[index]?.(name))
        .map((topic) => copyOf(topic, link, clusters))
    })
    last = copies.filter((copy) => !known.has(keyOf(copy)))
    for (const copy of last) known.set(keyOf(copy), copy)
  }
  return [...known.values()].slice(topics.length)
}

/** The topics of Mirus's copies must be there before it. */
function makesTopics(link: LinkSpec): boolean {
  if (link.system === 'replicator') return link.config['topic.auto.create']
  return link.system !== 'mirus'
}

function keyOf({ cluster, name }: KnownTopic): string {
  return `${cluster}:${name}`
}

/** Which topics of its source a link copies. */
export function takenBy(link: LinkSpec): (topic: string) => boolean {
  switch (link.system) {
    case 'mirror-maker2':
    case 'connect':
      return mirrored(link)
    case 'mirror-maker1':
      return acceptedBy(() => new IncludeList(link.options.include))
    case 'brooklin':
      return acceptedBy(() => new SourceTopics(link.config.topics))
    case 'replicator':
      return replicated(link)
    case 'cluster-link':
      return (topic) => link.mirrors.includes(topic) || mirrorsItself(link.autoMirrors, topic)
    case 'cluster-mirror': {
      const { topics } = mirrorFilters(link.config)
      return (topic) => link.mirrors.includes(topic) || topics?.(topic) === true
    }
    case 'flink':
      return (topic) => topic === link.topic
    case 'ureplicator':
      return (topic) => link.topics.includes(topic)
    case 'mirus': {
      const choice = new TopicChoice(link.config)
      return (topic) => choice.accepts(topic)
    }
  }
}

/** Internal topics are never mirrored, whatever the filters name. */
export function mirrorsItself(filters: readonly LinkFilter[], topic: string): boolean {
  return !topic.startsWith('__') && passes(filters, topic)
}

/**
 * In a mesh links copy one another’s copies: the filter ends that, or a name that comes home; names
 * that are kept do not tell where a topic comes from.
 */
function mirrored(link: MirrorMaker2Spec | ConnectSpec): (topic: string) => boolean {
  const { config } = link
  const filter = filterOf(config.topics, config['topics.exclude'] ?? '')
  return (topic) => {
    return !topic.startsWith('__') && filter.accepts(topic) && !isTakenForCopy(link, topic)
  }
}

/** Whether a name tells MirrorMaker 2 that the topic has come through the target of a flow. */
export function isTakenForCopy(
  { config, to }: MirrorMaker2Spec | ConnectSpec,
  topic: string,
): boolean {
  const separator = config['replication.policy.separator']
  return !keepsNames(config) && topic.split(separator).slice(0, -1).includes(to)
}

function keepsNames(config: MirrorMaker2Spec['config']): boolean {
  return config['replication.policy.class'].endsWith('IdentityReplicationPolicy')
}

/** A list that is no regular expression matches everything here: it is not for here to judge. */
export function filterOf(include: string, exclude: string): NameFilter {
  try {
    return new NameFilter(include, exclude)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return new NameFilter('.*', '')
  }
}

/** As replicator.ts says where it is no regular expression. */
function replicated({ config }: ReplicatorSpec): (topic: string) => boolean {
  try {
    const topics = new ReplicatedTopics(config)
    return (topic) => topics.accepts(topic)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return () => true
  }
}

/** What is no regular expression takes nothing: the link itself is told so. */
function acceptedBy(filter: () => TopicPattern): (topic: string) => boolean {
  try {
    const pattern = filter()
    return (topic) => pattern.accepts(topic)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return () => false
  }
}

/** Its partitions are as many as the link asks for, or as a broker creates by itself. */
function copyOf(
  { name, partitions }: KnownTopic,
  link: LinkSpec,
  clusters: readonly ClusterSpec[],
): KnownTopic {
  const copy = { cluster: link.to, name: nameOf(link, name) }
  if (!LEFT_TO_BROKERS.includes(link.system)) return { ...copy, partitions }
  const target = clusters.find((cluster) => cluster.name === link.to)
  return { ...copy, partitions: target?.config['num.partitions'] ?? partitions }
}

/** What a link calls its copy of a topic, before any transform of a Connect cluster. */
export function nameOf(link: LinkSpec, topic: string): string {
  switch (link.system) {
    case 'mirror-maker2':
    case 'connect': {
      const { config, from } = link
      return keepsNames(config) ? topic : `${from}${config['replication.policy.separator']}${topic}`
    }
    case 'mirror-maker1':
      return `${link.options.handler.prefix}${topic}`
    case 'brooklin':
      return `${link.config.destinationTopicPrefix}${topic}`
    case 'cluster-link':
      return `${link.config['cluster.link.prefix'] ?? ''}${topic}`
    case 'cluster-mirror':
      return topic
    case 'flink':
      return link.sinkTopic
    case 'ureplicator':
      return link.topicMapping[topic] ?? topic
    case 'mirus':
      return destinationTopic(link.config, topic)
    case 'replicator':
      return link.config['topic.rename.format'].replaceAll(PLACEHOLDER, topic)
  }
}
