// Topics: partitions, replicas and settings. Placement constraints become assignments here;
// a plain replication factor is left to the controller.

import { OFFSETS_TOPIC } from '../../kafka/ids.ts'
import type { BrokerSettings, TopicSettings } from '../../kafka/settings/modelled.ts'
import { topicDefaults } from '../../kafka/settings/resolve.ts'
import type { TopicDocument } from '../document/load.ts'
import { keepsGroups, type LinkSpec } from '../links.ts'
import type {
  ClusterSpec,
  ConsumerSpec,
  NodeSpec,
  RegionSpec,
  ReplicaAssignment,
  TopicSpec,
} from '../model.ts'
import type { Path } from '../problem.ts'
import type { RegistrySpec } from '../registries.ts'
import { brokersOf, clusterNamed } from './clusters.ts'
import type { Findings } from './findings.ts'
import { placeByConstraints, takePlacement } from './placement.ts'
import { checkedSettings, type Release } from './release.ts'

/** The topics of a file, and those in which clusters keep groups where they have any. */
export function withOffsetsTopics(
  topics: readonly TopicSpec[],
  consumers: readonly ConsumerSpec[],
  links: readonly LinkSpec[],
  registries: readonly RegistrySpec[],
  clusters: readonly ClusterSpec[],
): readonly TopicSpec[] {
  const added = clusters.filter(({ name }) => {
    const isWritten = topics.some((one) => one.name === OFFSETS_TOPIC && one.cluster === name)
    const members = consumers.filter(({ config }) => config['group.id'] !== null)
    // MirrorMaker's workers are a group at the target; those that only beat, one at the source.
    const ends = links.filter(keepsGroups).flatMap(({ from, to }) => [from, to])
    const keepers = [...members, ...registries].map(({ cluster }) => cluster)
    const hasGroups = [...keepers, ...ends]
    return !isWritten && hasGroups.includes(name)
  })
  return [...topics, ...added.map(offsetsTopic)]
}

function offsetsTopic({ name: cluster, config }: ClusterSpec): TopicSpec {
  return {
    name: OFFSETS_TOPIC,
    cluster,
    partitions: config['offsets.topic.num.partitions'],
    replicationFactor: config['offsets.topic.replication.factor'],
    assignment: null,
    observerPromotionPolicy: 'none',
    config: offsetsTopicDefaults(config),
  }
}

/** It is compacted: nothing of it grows too old. */
function offsetsTopicDefaults(config: BrokerSettings): TopicSettings {
  return {
    ...topicDefaults(config),
    'retention.ms': -1,
    'retention.bytes': -1,
    'segment.bytes': config['offsets.topic.segment.bytes'],
  }
}

/**
 * In the order of the file; topics are told apart by cluster and name. More replicas than the
 * cluster has brokers is a finding.
 */
export function resolveTopics(
  topics: readonly TopicDocument[],
  clusters: readonly [ClusterSpec, ...ClusterSpec[]],
  release: Release,
  findings: Findings,
): TopicSpec[] {
  const seen = new Set<string>()
  return topics.map((topic, index) => {
    const path = ['topics', index]
    const cluster = clusterNamed(path, topic.cluster, clusters, findings)
    const key = `${cluster.name}:${topic.name}`
    if (seen.has(key)) {
      findings.error(
        [...path, 'name'],
        `topic ${topic.name} is there twice`,
        'give it another name',
      )
    }
    seen.add(key)
    return resolveTopic(path, topic, cluster, release, findings)
  })
}

function resolveTopic(
  path: Path,
  topic: TopicDocument,
  cluster: ClusterSpec,
  release: Release,
  findings: Findings,
): TopicSpec {
  const brokers = brokersOf(cluster)
  const { placement, config: user } = takePlacement(path, topic, release, findings)
  const isOffsets = topic.name === OFFSETS_TOPIC
  const base = isOffsets ? offsetsTopicDefaults(cluster.config) : topicDefaults(cluster.config)
  const config = checkedSettings('topic', [...path, 'config'], user, base, release, findings)
  const partitions = partitionsOf(path, topic, cluster.config, findings)
  checkOneSource(path, topic, placement !== null, findings)
  const assignment =
    placement !== null
      ? placeByConstraints(path, placement, partitions, brokers, findings)
      : writtenAssignment(path, topic, brokers, findings)
  const written = topic.replicationFactor
  const factor =
    assignment?.[0]?.replicas.length ??
    (written === undefined || written < 1 ? cluster.config['default.replication.factor'] : written)
  checkFactor(path, factor, brokers, findings)
  if (config['min.insync.replicas'] > factor) {
    findings.note(path, `min.insync.replicas exceeds the replicas and acts as ${factor}`)
  }
  return {
    name: topic.name,
    cluster: cluster.name,
    partitions,
    replicationFactor: factor,
    assignment,
    observerPromotionPolicy: placement?.observerPromotionPolicy ?? 'none',
    config,
    written: Object.keys(user),
    ...(topic.residency === undefined ? {} : { residency: topic.residency }),
  }
}

/** Records may stay in regions that exist, and in no others. */
export function checkResidency(
  topics: readonly TopicSpec[],
  regions: readonly RegionSpec[],
  findings: Findings,
): void {
  const known = regions.map(({ name }) => name)
  for (const [index, { residency = [] }] of topics.entries()) {
    for (const [place, region] of residency.entries()) {
      if (known.includes(region)) continue
      findings.unknown(['topics', index, 'residency', place], 'region', region, known)
    }
  }
}

function partitionsOf(
  path: Path,
  topic: TopicDocument,
  config: BrokerSettings,
  findings: Findings,
): number {
  const assigned = topic.assignment?.length
  if (assigned !== undefined && topic.partitions !== undefined && topic.partitions !== assigned) {
    const message = `${topic.partitions} partitions, but replicas for ${assigned}`
    const fix = 'leave partitions out, or list the replicas of each'
    findings.error([...path, 'partitions'], message, fix, topic.partitions)
  }
  return assigned ?? topic.partitions ?? config['num.partitions']
}

function checkOneSource(
  path: Path,
  topic: TopicDocument,
  hasPlacement: boolean,
  findings: Findings,
): void {
  const factor = topic.replicationFactor
  const ways = [
    topic.assignment !== undefined ? 'assignment' : '',
    hasPlacement ? 'placement' : '',
    factor !== undefined && factor !== -1 ? 'replicationFactor' : '',
  ].filter((way) => way !== '')
  if (ways.length > 1) {
    const fix = 'keep one of replicationFactor, assignment and placement'
    findings.error(path, `${ways.join(' and ')} exclude each other`, fix)
  }
}

function writtenAssignment(
  path: Path,
  topic: TopicDocument,
  brokers: readonly NodeSpec[],
  findings: Findings,
): ReplicaAssignment[] | null {
  if (topic.assignment === undefined) return null
  const first = topic.assignment[0]?.length
  return topic.assignment.map((replicas, partition) => {
    const here = [...path, 'assignment', partition]
    for (const id of replicas) {
      if (!brokers.some((broker) => broker.id === id)) {
        const known = brokers.map((broker) => String(broker.id))
        findings.unknown(here, 'broker', String(id), known)
      }
    }
    if (new Set(replicas).size < replicas.length) {
      findings.error(here, 'a broker is there twice', 'name each broker once a partition')
    }
    if (replicas.length !== first) {
      const message = `${replicas.length} replicas where the first partition has ${first}`
      findings.error(here, message, 'give every partition the same number of replicas')
    }
    return { replicas, observers: [] }
  })
}

function checkFactor(
  path: Path,
  factor: number,
  brokers: readonly NodeSpec[],
  findings: Findings,
): void {
  if (factor <= brokers.length) return
  const message = `${factor} replicas need ${factor} brokers; there are ${brokers.length}`
  const fix = 'add brokers or ask for fewer replicas'
  findings.error([...path, 'replicationFactor'], message, fix, factor)
}
