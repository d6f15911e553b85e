// Models: what the source connector makes of the topics it finds at both ends: which partitions to
// copy, and what must be created at the target.
// Leaves out: topics that disappear at the source stay at the target (as in Kafka).
// Source: MirrorSourceConnector (findSourceTopicPartitions, findTargetTopicPartitions,
// computeAndCreateTopicPartitions, taskConfigs).

import { dealInTurn, type NamedPartition, partitionsOf } from '../connect/deal-in-turn.ts'
import type { Flow } from './flow.ts'
import type { TopicListing } from './mirror-admin.ts'

/** Topics at both ends, as last listed. */
export interface KnownTopics {
  readonly source: readonly TopicListing[]
  readonly target: readonly TopicListing[]
}

export const NOTHING_KNOWN: KnownTopics = { source: [], target: [] }

/** What of the listings concerns the flow. */
export function topicsOfFlow(flow: Flow, listed: KnownTopics): KnownTopics {
  const { policy, source, checkpointsTopic } = flow
  return {
    source: listed.source.filter(({ name }) => flow.shouldReplicateTopic(name)),
    target: listed.target.filter(({ name }) => {
      return policy.topicSource(name) === source.name && name !== checkpointsTopic
    }),
  }
}

export interface ToCreate {
  readonly topics: readonly TopicListing[]
  /** Topics that exist with fewer partitions, and how many they get. */
  readonly grown: readonly TopicListing[]
}

/**
 * What the target lacks: whole topics, and partitions of copies whose source has grown since.
 * Copies never shrink, as a topic of Kafka cannot.
 */
export function toCreate(flow: Flow, { source, target }: KnownTopics): ToCreate {
  const there = new Map(target.map(({ name, partitions }) => [name, partitions]))
  const wanted = source.map(({ name, partitions }) => {
    return { name: flow.remoteTopic(name), partitions }
  })
  return {
    topics: wanted.filter(({ name }) => !there.has(name)),
    grown: wanted.filter(({ name, partitions }) => (there.get(name) ?? partitions) < partitions),
  }
}

/** Whether a refresh found work: partitions that are new or gone, or missing in the copy. */
export function isChanged(flow: Flow, before: KnownTopics, now: KnownTopics): boolean {
  const listOf = ({ source }: KnownTopics) =>
    source
      .map(({ name, partitions }) => `${name}/${partitions}`)
      .sort()
      .join()
  const { topics, grown } = toCreate(flow, now)
  return listOf(before) !== listOf(now) || topics.length + grown.length > 0
}

/** Deals the partitions to tasks in turn. */
export function dealPartitions(
  topics: readonly TopicListing[],
  tasksMax: number,
): NamedPartition[][] {
  return dealInTurn(partitionsOf(topics), tasksMax)
}
