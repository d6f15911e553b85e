// Mirror topics that exist from the start: each has the partitions of its source, and its settings.

import { CLUSTER_LINK_SETTINGS } from '../../../kafka/settings/cluster-link.ts'
import type { TopicSettings } from '../../../kafka/settings/modelled.ts'
import { topicDefaults } from '../../../kafka/settings/resolve.ts'
import type { SettingValue } from '../../../kafka/settings/rules.ts'
import type { ClusterLinkDocument, LinkDocument } from '../../document/links.ts'
import type { ClusterSpec, TopicSpec } from '../../model.ts'
import type { Path } from '../../problem.ts'
import type { Findings } from '../findings.ts'

export function resolveMirrorTopics(
  links: readonly LinkDocument[],
  topics: readonly TopicSpec[],
  clusters: readonly ClusterSpec[],
  findings: Findings,
): TopicSpec[] {
  const mirrors: TopicSpec[] = []
  for (const [index, link] of links.entries()) {
    if (link.system !== 'cluster-link') continue
    const to = clusters.find(({ name }) => name === link.to)
    if (to === undefined) continue
    for (const [place, source] of link.mirrors.entries()) {
      const path = ['links', index, 'mirrors', place]
      const mirror = mirrorOf(path, link, source, topics, to, findings)
      if (mirror === null) continue
      const taken = [...topics, ...mirrors].some(
        ({ name, cluster }) => name === mirror.name && cluster === mirror.cluster,
      )
      if (taken) {
        const message = `topic ${mirror.name} exists in ${to.name} already`
        findings.error(path, message, 'set cluster.link.prefix, or leave the topic out', source)
      } else mirrors.push(mirror)
    }
  }
  return mirrors
}

function mirrorOf(
  path: Path,
  link: ClusterLinkDocument,
  sourceTopic: string,
  topics: readonly TopicSpec[],
  to: ClusterSpec,
  findings: Findings,
): TopicSpec | null {
  const known = topics.filter(({ cluster }) => cluster === link.from)
  const source = known.find(({ name }) => name === sourceTopic)
  if (source === undefined) {
    const names = known.map(({ name }) => name)
    findings.unknown(path, 'topic', sourceTopic, names)
    return null
  }
  return {
    name: `${link.config['cluster.link.prefix'] ?? ''}${sourceTopic}`,
    cluster: to.name,
    partitions: source.partitions,
    replicationFactor: factorOf(path, link, to, findings),
    assignment: null,
    observerPromotionPolicy: 'none',
    config: mirroredConfig(link, source.config, topicDefaults(to.config)),
    mirror: { link: link.name ?? `${link.from}->${link.to}`, sourceTopic },
  }
}

function factorOf(
  path: Path,
  { replicationFactor }: ClusterLinkDocument,
  { nodes, config }: ClusterSpec,
  findings: Findings,
): number {
  const brokers = nodes.filter(({ roles }) => roles.includes('broker')).length
  const factor = replicationFactor ?? config['default.replication.factor']
  if (factor > brokers) {
    const message = `${factor} replicas need ${factor} brokers; there are ${brokers}`
    findings.error(path, message, 'add brokers or ask for fewer replicas', factor)
  }
  return factor
}

/** The settings that a link takes over; the others are the destination's own. */
function mirroredConfig(
  { config }: ClusterLinkDocument,
  source: TopicSettings,
  defaults: TopicSettings,
): TopicSettings {
  const written = config['topic.config.sync.include']
  const include = String(written ?? CLUSTER_LINK_SETTINGS['topic.config.sync.include'].default)
  const names = include.split(',').map((name) => name.trim())
  const values: Record<string, SettingValue> = { ...defaults }
  for (const [name, value] of Object.entries(source)) if (names.includes(name)) values[name] = value
  return values as TopicSettings
}
