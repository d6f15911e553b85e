// Models: topics that clients order or have deleted: names, numbers of partitions and replicas,
// each judged alone.
// Leaves out: creation policies, quotas, checks of settings, replicas that the client assigns,
// delete.topic.enable.
// Source: ReplicationControlManager.createTopics, deleteTopics; common.internals.Topic.

import type {
  CreatePartitionsRequest,
  CreateTopicsRequest,
  DeleteTopicsRequest,
  ForwardedResponse,
  NewTopic,
  TopicOutcome,
} from '../admin-messages.ts'
import type { KafkaError } from '../errors.ts'
import type { NodeId } from '../ids.ts'
import type { MetadataRecord } from '../metadata/records.ts'
import type { TopicNumbering } from '../metadata/topic-partitions.ts'
import type { ControllerState } from './controller-state.ts'
import { sortOutDuplicates } from './duplicate-topics.ts'
import { type PlacementRandom, placeReplicas } from './replica-placer.ts'
import { newPartitionRecord, newTopicRecords } from './topic-creation.ts'

/** What one request comes to: its topics share a batch of records and one answer, no fate. */
interface TopicsDecision {
  readonly records: readonly MetadataRecord[]
  readonly reply: ForwardedResponse
}

/** Why a topic is not made or not grown; the others of the request are. */
interface Refusal {
  readonly error: KafkaError
  readonly message: string
}

/** Topic.LEGAL_CHARS; with '-' and a partition's number it must name a directory of the log. */
const NAME = /^[a-zA-Z0-9._-]{1,249}$/

/** The records of all that can be created, and an answer for each topic. */
export function createTopics(
  state: ControllerState,
  { topics }: CreateTopicsRequest,
  numbering: TopicNumbering,
  random: PlacementRandom,
): TopicsDecision {
  const records: MetadataRecord[] = []
  const { once, refused } = sortOutDuplicates(topics)
  const answers = once.map((topic) => {
    const { name } = topic
    const assignments = placed(state, topic, random)
    if ('error' in assignments) return { name, ...assignments }
    // Names are numbered by the lab's list: a topic that is made again after its deletion gets new
    // numbers, as Kafka gives it a new id (KIP-516).
    const partitions = numbering.numbered(name, topic.partitions)
    records.push(...newTopicRecords(state, { ...topic, partitions, assignments }))
    return { name, error: 'NONE' as const, message: '' }
  })
  return { records, reply: { api: 'CreateTopics', topics: [...answers, ...refused] } }
}

/** More partitions for topics that exist, with as many replicas as the first one has. */
export function createPartitions(
  state: ControllerState,
  { topics }: CreatePartitionsRequest,
  numbering: TopicNumbering,
  random: PlacementRandom,
): TopicsDecision {
  const records: MetadataRecord[] = []
  const { once, refused } = sortOutDuplicates(topics)
  const answers = once.map(({ name, partitions: wanted }): TopicOutcome => {
    const present = state.topics.get(name)
    const [first] = present ?? []
    if (present === undefined || first === undefined) {
      return { name, error: 'UNKNOWN_TOPIC_OR_PARTITION', message: `no topic '${name}'` }
    }
    if (wanted <= present.length) {
      const message = `'${name}' has ${present.length} partitions already`
      return { name, error: 'INVALID_PARTITIONS', message }
    }
    // As many as the first partition has now: in a reassignment also those that are on their way
    // out.
    const { replicas } = state.partition(first).registration
    const more = wanted - present.length
    const brokers = state.cluster.usableBrokers()
    const placement = placeReplicas(brokers, more, replicas.length, random)
    if (placement.error !== 'NONE') return { name, ...placement }
    const { assignments } = placement
    if (!hasActive(state, assignments)) return { name, ...NONE_ACTIVE }
    const indices = numbering.numbered(name, wanted, present).slice(present.length)
    for (const [i, partition] of indices.entries()) {
      const place = { topic: name, number: present.length + i, partition, first }
      records.push(newPartitionRecord(state, place, assignments[i] ?? [], []))
    }
    return { name, error: 'NONE', message: '' }
  })
  return { records, reply: { api: 'CreatePartitions', topics: [...answers, ...refused] } }
}

/** Topics that are to go, each judged for itself. */
export function deleteTopics(
  state: ControllerState,
  { topics }: DeleteTopicsRequest,
): TopicsDecision {
  const records: MetadataRecord[] = []
  const { once, refused } = sortOutDuplicates(topics)
  const answers = once.map(({ name }): TopicOutcome => {
    if (!state.topics.has(name)) {
      return { name, error: 'UNKNOWN_TOPIC_OR_PARTITION', message: `no topic '${name}'` }
    }
    records.push({ type: 'RemoveTopic', topic: name })
    return { name, error: 'NONE', message: '' }
  })
  return { records, reply: { api: 'DeleteTopics', topics: [...answers, ...refused] } }
}

/** One replica list a partition, each with a live member; or why there can be none. */
function placed(
  state: ControllerState,
  topic: NewTopic,
  random: PlacementRandom,
): readonly (readonly NodeId[])[] | Refusal {
  const { name, partitions, replicationFactor } = topic
  const invalid = nameError(state, name)
  if (invalid !== null) return { error: 'INVALID_TOPIC_EXCEPTION', message: invalid }
  if (state.topics.has(name)) {
    return { error: 'TOPIC_ALREADY_EXISTS', message: `topic '${name}' exists` }
  }
  // Kafka takes -1 for the cluster's default (KIP-464); whoever orders here has filled that in.
  if (replicationFactor < 1) {
    return { error: 'INVALID_REPLICATION_FACTOR', message: 'must be larger than 0' }
  }
  if (partitions < 1) return { error: 'INVALID_PARTITIONS', message: 'must be larger than 0' }
  const brokers = state.cluster.usableBrokers()
  const placement = placeReplicas(brokers, partitions, replicationFactor, random)
  if (placement.error !== 'NONE') return placement
  const { assignments } = placement
  return hasActive(state, assignments) ? assignments : NONE_ACTIVE
}

/** Placed, but nobody could lead: the placer takes fenced brokers where nothing else is left. */
const NONE_ACTIVE: Refusal = {
  error: 'INVALID_REPLICATION_FACTOR',
  message: 'all brokers are fenced or in controlled shutdown',
}

/** The first members of the ISR are the active ones: without any there would be no leader. */
function hasActive(state: ControllerState, assignments: readonly (readonly NodeId[])[]): boolean {
  return assignments.every((replicas) => replicas.some((id) => state.cluster.isActive(id)))
}

/** Names that differ only in '.' and '_' would share the names of their metrics. */
function nameError(state: ControllerState, name: string): string | null {
  if (!NAME.test(name) || name === '.' || name === '..') return `'${name}' is no legal name`
  if (!/[._]/.test(name) || state.topics.has(name)) return null
  const unified = name.replaceAll('.', '_')
  for (const other of state.topics.keys()) {
    if (other.replaceAll('.', '_') === unified) return `'${name}' collides with '${other}'`
  }
  return null
}
