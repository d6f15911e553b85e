// Links that copy nothing, or not all, in silence: no topic of the source is among those that they
// take, or the target has no place for what they would write. What writes there waits for ever.

import type { LinkSpec } from '../../links.ts'
import type { ClusterSpec, Scenario } from '../../model.ts'
import type { Path } from '../../problem.ts'
import type { Findings } from '../findings.ts'
import {
  filterOf,
  type KnownTopic,
  LEFT_TO_BROKERS,
  nameOf,
  remoteTopics,
  takenBy,
} from './remote-topics.ts'

const NAMED_MAX = 5

type Parts = Pick<Scenario, 'topics' | 'links' | 'clusters'>

/** One note a link and topic; what a link does after a runbook has made topics is not known. */
export function noteUnservedLinks({ topics, links, clusters }: Parts, findings: Findings): void {
  const all = [...topics, ...remoteTopics(topics, links, clusters)]
  const makers = links.filter((link) => !leavesToBrokers(link))
  const made = [...topics, ...remoteTopics(topics, makers, clusters)]
  for (const [index, link] of links.entries()) {
    const path = ['links', index]
    const target = clusters.find(({ name }) => name === link.to)
    const takes = takenBy(link)
    const taken = ownOf(link, all).filter(({ name }) => takes(name))
    noteIdle(path, link, ownOf(link, topics), findings)
    if (target === undefined) continue
    for (const topic of taken) {
      const name = nameOf(link, topic.name)
      const copy = made.find((one) => one.cluster === link.to && one.name === name)
      noteTarget(path, { link, topic, copy, target }, findings)
    }
  }
}

/** Topics of its source, but for those that are Kafka's own. */
function ownOf({ from }: LinkSpec, topics: readonly KnownTopic[]): readonly KnownTopic[] {
  return topics.filter(({ cluster, name }) => cluster === from && !name.startsWith('__'))
}

/** Whether somebody tells it, while it runs, what to mirror. */
function isTold(link: LinkSpec): boolean {
  if (link.system === 'cluster-mirror') return true
  return link.system === 'cluster-link' && link.autoMirrors.length === 0
}

/** Whether it relies on somebody else for the topics that it writes to. */
function leavesToBrokers(link: LinkSpec): boolean {
  if (link.system === 'replicator') return !link.config['topic.auto.create']
  return link.system === 'mirus' || LEFT_TO_BROKERS.includes(link.system)
}

/** A standby that has no topic of its own yet has nothing to send back, as it should. */
function noteIdle(
  path: Path,
  link: LinkSpec,
  topics: readonly KnownTopic[],
  findings: Findings,
): void {
  const own = topics.map(({ name }) => name)
  const isWanted = wantedBy(link)
  if (own.length === 0 || own.some(isWanted) || isTold(link)) return
  const names = own.slice(0, NAMED_MAX).join(', ') + (own.length > NAMED_MAX ? ', …' : '')
  const message = `none of the topics of ${link.from} is among those that it takes: ${names}`
  findings.note(path, `copies nothing: ${message}`)
}

/** What its filter takes, also where a name stands in the way: that is told by itself. */
function wantedBy(link: LinkSpec): (topic: string) => boolean {
  if (link.system !== 'mirror-maker2' && link.system !== 'connect') return takenBy(link)
  const filter = filterOf(link.config.topics, link.config['topics.exclude'] ?? '')
  return (topic) => filter.accepts(topic)
}

interface Copying {
  readonly link: LinkSpec
  readonly topic: KnownTopic
  /** Where it would write; undefined: nobody has made it. */
  readonly copy: KnownTopic | undefined
  readonly target: ClusterSpec
}

function noteTarget(path: Path, { link, topic, copy, target }: Copying, findings: Findings): void {
  if (!leavesToBrokers(link)) return
  const name = nameOf(link, topic.name)
  const isChecked = link.system === 'mirus' && link.config['enable.destination.topic.checking']
  if (copy === undefined && (isChecked || !target.config['auto.create.topics.enable'])) {
    const reason = isChecked ? 'Mirus makes none' : 'auto.create.topics.enable is false'
    const message = `topic ${topic.name} is never copied: ${link.to} has no topic ${name}`
    findings.note(path, `${message}, and ${reason}`)
    return
  }
  const places = copy?.partitions ?? target.config['num.partitions']
  if (!keepsPartitions(link) || places >= topic.partitions) return
  const found = `${name} has ${places} of ${topic.partitions} partitions in ${link.to}`
  findings.note(path, `${found}: the link keeps numbers, and waits in send() for the others`)
}

function keepsPartitions(link: LinkSpec): boolean {
  switch (link.system) {
    case 'replicator':
      return link.config['topic.preserve.partitions']
    case 'mirror-maker1':
      return link.options.handler.keepsPartition
    case 'brooklin':
      return link.config.identityPartitioningEnabled
    default:
      return false
  }
}
