// Mirror topics that exist from the start: each has the partitions of its source, and its settings.

import { CLUSTER_LINK_SETTINGS } from '../../../kafka/settings/cluster-link.ts'
import { CLUSTER_MIRROR_SETTINGS } from '../../../kafka/settings/cluster-mirror.ts'
import type { TopicSettings } from '../../../kafka/settings/modelled.ts'
import { topicDefaults, wholeSettings } from '../../../kafka/settings/resolve.ts'
import type { SettingValue } from '../../../kafka/settings/rules.ts'
import { takesSetting } from '../../../mirror/cluster-mirror/filters.ts'
import type {
  ClusterLinkDocument,
  ClusterMirrorDocument,
  LinkDocument,
} from '../../document/links.ts'
import { isInBrokers } from '../../links.ts'
import type { ClusterSpec, TopicSpec } from '../../model.ts'
import type { Path } from '../../problem.ts'
import { brokersOf } from '../clusters.ts'
import type { Findings } from '../findings.ts'

/**
 * Only those that links list under `mirrors`. A mirror whose source is no topic and no other
 * mirror, or that waits for itself in a circle, is a finding.
 */
export function resolveMirrorTopics(
  links: readonly LinkDocument[],
  topics: readonly TopicSpec[],
  clusters: readonly ClusterSpec[],
  findings: Findings,
): TopicSpec[] {
  const mirrors: TopicSpec[] = []
  let open = askedFor(links, clusters)
  // A mirror may be another's source, whatever the order of the links.
  for (let isNew = true; isNew && open.length > 0; ) {
    const known = [...topics, ...mirrors]
    const found = open.filter((asked) => sourceOf(asked, known) !== undefined)
    for (const asked of found) addMirror(asked, [...topics, ...mirrors], mirrors, findings)
    open = open.filter((asked) => !found.includes(asked))
    isNew = found.length > 0
  }
  for (const { path, link, sourceTopic } of open) {
    const known = [...topics, ...mirrors].filter(({ cluster }) => cluster === link.from)
    const names = known.map(({ name }) => name)
    findings.unknown(path, 'topic', sourceTopic, names)
  }
  return mirrors
}

/** One entry of a link's `mirrors`. */
interface Asked {
  readonly path: Path
  readonly link: ClusterLinkDocument | ClusterMirrorDocument
  readonly sourceTopic: string
  readonly to: ClusterSpec
}

function askedFor(links: readonly LinkDocument[], clusters: readonly ClusterSpec[]): Asked[] {
  return links.flatMap((link, index) => {
    const to = clusters.find(({ name }) => name === link.to)
    if (!isInBrokers(link) || to === undefined) return []
    return link.mirrors.map((sourceTopic, place) => {
      return { path: ['links', index, 'mirrors', place], link, sourceTopic, to }
    })
  })
}

function sourceOf({ link, sourceTopic }: Asked, topics: readonly TopicSpec[]) {
  return topics.find(({ name, cluster }) => cluster === link.from && name === sourceTopic)
}

function addMirror(
  asked: Asked,
  topics: readonly TopicSpec[],
  mirrors: TopicSpec[],
  findings: Findings,
): void {
  const { path, sourceTopic, to } = asked
  const source = sourceOf(asked, topics)
  if (source === undefined) return
  const mirror = mirrorOf(asked, source, findings)
  const taken = topics.some(({ name, cluster }) => name === mirror.name && cluster === to.name)
  if (taken) {
    const message = `topic ${mirror.name} exists in ${to.name} already`
    findings.error(path, message, 'set cluster.link.prefix, or leave the topic out', sourceTopic)
  } else mirrors.push(mirror)
}

function mirrorOf(
  { path, link, sourceTopic, to }: Asked,
  source: TopicSpec,
  findings: Findings,
): TopicSpec {
  const isLink = link.system === 'cluster-link'
  const carrier = { link: link.name ?? `${link.from}->${link.to}`, sourceTopic }
  return {
    name: `${isLink ? (link.config['cluster.link.prefix'] ?? '') : ''}${sourceTopic}`,
    cluster: to.name,
    partitions: source.partitions,
    replicationFactor: factorOf(path, isLink ? link.replicationFactor : undefined, to, findings),
    assignment: null,
    observerPromotionPolicy: 'none',
    config: mirroredConfig(takenSettings(link), source.config, topicDefaults(to.config)),
    mirror: { ...carrier, state: isLink ? 'ACTIVE' : 'LOG_ALIGNMENT' },
  }
}

function factorOf(
  path: Path,
  written: number | undefined,
  { nodes, config }: ClusterSpec,
  findings: Findings,
): number {
  const brokers = brokersOf({ nodes }).length
  const factor = written ?? config['default.replication.factor']
  if (factor > brokers) {
    const message = `${factor} replicas need ${factor} brokers; there are ${brokers}`
    findings.error(path, message, 'add brokers or ask for fewer replicas', factor)
  }
  return factor
}

/** The settings that a link takes over; the others are the destination's own. */
function takenSettings(
  link: ClusterLinkDocument | ClusterMirrorDocument,
): (name: string) => boolean {
  if (link.system === 'cluster-link') {
    const written = link.config['topic.config.sync.include']
    const include = String(written ?? CLUSTER_LINK_SETTINGS['topic.config.sync.include'].default)
    const names = include.split(',').map((name) => name.trim())
    return (name) => names.includes(name)
  }
  const name = 'mirror.topic.properties.exclude'
  const excluded = link.config[name] ?? CLUSTER_MIRROR_SETTINGS[name].default
  try {
    return takesSetting(String(excluded))
  } catch (error) {
    // The link itself is told that it is no regular expression.
    if (!(error instanceof SyntaxError)) throw error
    return () => true
  }
}

function mirroredConfig(
  takes: (name: string) => boolean,
  source: TopicSettings,
  defaults: TopicSettings,
): TopicSettings {
  const values: Record<string, SettingValue> = { ...defaults }
  for (const [name, value] of Object.entries(source)) if (takes(name)) values[name] = value
  return wholeSettings('topic', values)
}
