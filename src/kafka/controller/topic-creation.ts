// Models: the records of a new topic whose replicas are given (by hand or by the placer).
// Leaves out: creation policies, quotas, internal topics' own rules, added partitions.
// Source: ReplicationControlManager.createTopic.

import type { KafkaError } from '../errors.ts'
import type { NodeId } from '../ids.ts'
import type { CreateTopicRequest } from '../messages.ts'
import type { MetadataRecord } from '../metadata/records.ts'
import type { ControllerState } from './controller-state.ts'

export interface TopicCreation {
  readonly records: readonly MetadataRecord[]
  readonly error: KafkaError
  readonly message: string
}

/** The first ISR is the active part of the assignment, observers apart; its first member leads. */
export function createTopic(state: ControllerState, request: CreateTopicRequest): TopicCreation {
  const { name: topic, configs, assignments } = request
  if (state.topics.has(topic)) return refused('TOPIC_ALREADY_EXISTS', `topic '${topic}' exists`)
  const records: MetadataRecord[] = [{ type: 'Topic', name: topic, configs }]
  for (const [number, replicas] of assignments.entries()) {
    const invalid = assignmentError(state, replicas, assignments[0]?.length)
    if (invalid !== null) return refused('INVALID_REPLICA_ASSIGNMENT', invalid)
    const observers = request.observers[number] ?? []
    const isr = replicas.filter((id) => state.cluster.isActive(id) && !observers.includes(id))
    const leader = isr[0]
    if (leader === undefined) {
      return refused(
        'INVALID_REPLICA_ASSIGNMENT',
        `all brokers of partition ${number} are fenced or shutting down`,
      )
    }
    records.push({
      type: 'Partition',
      partition: request.firstPartition + number,
      topic,
      number,
      replicas,
      observers,
      isr,
      leader,
      leaderEpoch: 0,
      partitionEpoch: 0,
      recovery: 'RECOVERED',
    })
  }
  return { records, error: 'NONE', message: '' }
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
