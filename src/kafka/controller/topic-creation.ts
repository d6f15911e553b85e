// Models: the records of a new topic whose replicas are given (by hand or by the placer).
// Leaves out: creation policies, quotas, internal topics' own rules.
// Source: ReplicationControlManager.createTopic.

import { invariant } from '../../sim/invariant.ts'
import type { KafkaError } from '../errors.ts'
import type { NodeId, PartitionIndex } from '../ids.ts'
import type { CreateTopicRequest } from '../messages.ts'
import type { NewMirror } from '../metadata/mirror-records.ts'
import type { MetadataRecord, PartitionRecord } from '../metadata/records.ts'
import type { ControllerState } from './controller-state.ts'

/** The records of a topic in the order in which they are replayed; none with an error. */
export interface TopicCreation {
  readonly records: readonly MetadataRecord[]
  readonly error: KafkaError
  readonly message: string
}

/** A topic whose replicas are known, with the indices of its partitions by number. */
export interface PlacedTopic {
  readonly name: string
  readonly configs: Readonly<Record<string, string>>
  /** By number; as many as there are `assignments`. */
  readonly partitions: readonly PartitionIndex[]
  /** One list a partition, the preferred leader first, observers last. */
  readonly assignments: readonly (readonly NodeId[])[]
  /** Absent: none. */
  readonly observers?: readonly (readonly NodeId[])[]
  /** Where it is a mirror topic: its link, and whose copy it is. */
  readonly mirror?: NewMirror
}

/** Refused where a replica list is not a proper one, or has no active member. */
export function createTopic(state: ControllerState, request: CreateTopicRequest): TopicCreation {
  const { name, assignments, observers } = request
  if (state.topics.has(name)) return refused('TOPIC_ALREADY_EXISTS', `topic '${name}' exists`)
  for (const [number, replicas] of assignments.entries()) {
    const invalid = assignmentError(state, replicas, assignments[0]?.length)
    if (invalid !== null) return refused('INVALID_REPLICA_ASSIGNMENT', invalid)
    if (firstIsr(state, replicas, observers[number]).length === 0) {
      return refused(
        'INVALID_REPLICA_ASSIGNMENT',
        `all brokers of partition ${number} are fenced or shutting down`,
      )
    }
  }
  const partitions = assignments.map((_, number) => request.firstPartition + number)
  const records = newTopicRecords(state, { ...request, partitions })
  return { records, error: 'NONE', message: '' }
}

/** Every partition has an active replica: the first one leads. */
export function newTopicRecords(state: ControllerState, topic: PlacedTopic): MetadataRecord[] {
  const { name, configs, partitions, assignments } = topic
  const [wanted, given] = [partitions.length, assignments.length]
  invariant(wanted === given, 'each partition of a topic has its replicas', { name, wanted, given })
  // The settings first: the size of an ISR is judged by min.insync.replicas from the first record
  // on.
  const records: MetadataRecord[] = [{ type: 'Topic', name, configs }]
  if (topic.mirror !== undefined) {
    // Before its partitions, so that nobody takes them for those of a topic to write to.
    const { link, sourceTopic, state = 'ACTIVE' } = topic.mirror
    const mirror = { topic: name, link, sourceTopic, state, reversal: null }
    records.push({ type: 'MirrorTopic', ...mirror })
  }
  for (const [number, partition] of partitions.entries()) {
    const place = { topic: name, number, partition, first: partitions[0] ?? partition }
    const [replicas, observers] = [assignments[number], topic.observers?.[number]]
    records.push(newPartitionRecord(state, place, replicas ?? [], observers ?? []))
  }
  return records
}

/** A partition with an active replica: the first of those leads. */
export function newPartitionRecord(
  state: ControllerState,
  place: Pick<PartitionRecord, 'topic' | 'number' | 'partition' | 'first'>,
  replicas: readonly NodeId[],
  observers: readonly NodeId[],
): PartitionRecord {
  const isr = firstIsr(state, replicas, observers)
  const leader = isr[0]
  invariant(leader !== undefined, 'a new partition has an active replica', { ...place })
  return {
    type: 'Partition',
    ...place,
    replicas,
    observers,
    isr,
    leader,
    // No election has been held: the first one that is, after a fence, begins epoch 1.
    leaderEpoch: 0,
    partitionEpoch: 0,
    recovery: 'RECOVERED',
  }
}

/** The active part of the assignment, observers apart. */
function firstIsr(
  state: ControllerState,
  replicas: readonly NodeId[],
  observers: readonly NodeId[] = [],
): NodeId[] {
  return replicas.filter((id) => state.cluster.isActive(id) && !observers.includes(id))
}

/** What is wrong with a replica list, or null. */
export function assignmentError(
  state: ControllerState,
  replicas: readonly NodeId[],
  replicationFactor: number | undefined,
): string | null {
  if (replicas.length === 0) return 'the replica list is empty'
  if (new Set(replicas).size !== replicas.length) return 'a broker is named more than once'
  const unknown = replicas.find((id) => state.cluster.broker(id) === undefined)
  if (unknown !== undefined) return `broker ${unknown} is not registered`
  if (replicationFactor !== undefined && replicas.length !== replicationFactor) {
    return 'partitions have different numbers of replicas'
  }
  return null
}

function refused(error: KafkaError, message: string): TopicCreation {
  return { records: [], error, message }
}
