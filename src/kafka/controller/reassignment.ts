// Models: the start and the cancelling of a partition reassignment.
// Leaves out: listing of reassignments; throttles; changes of the replication factor's policy.
// Source: ReplicationControlManager, PartitionReassignmentReplicas, PartitionReassignmentRevert.

import type { AlterReassignmentRequest } from '../admin-messages.ts'
import type { KafkaError } from '../errors.ts'
import type { NodeId } from '../ids.ts'
import type { MetadataRecord } from '../metadata/records.ts'
import type { ControlledPartition, ControllerState } from './controller-state.ts'
import type { PartitionChangeWish } from './partition-change.ts'
import { isReassigning } from './partition-registration.ts'
import { assignmentError } from './topic-creation.ts'

/** No record and no error: the partition is as wanted already. Its end comes with an ISR change. */
export interface ReassignmentDecision {
  readonly record: MetadataRecord | null
  readonly error: KafkaError
  readonly message: string
}

/** Starts a reassignment to `replicas`, or cancels the one under way where they are null. */
export function alterReassignment(
  state: ControllerState,
  request: AlterReassignmentRequest,
): ReassignmentDecision {
  const partition = state.partitions.get(request.partition)
  if (partition === undefined) return refused('UNKNOWN_TOPIC_OR_PARTITION', 'no such partition')
  if (request.replicas === null) return cancel(state, partition)
  // Fenced brokers may be asked for: the move then waits until they are back and have caught up.
  const invalid = assignmentError(state, request.replicas, undefined)
  if (invalid !== null) return refused('INVALID_REPLICA_ASSIGNMENT', invalid)
  return start(state, partition, request.replicas, request.observers)
}

/**
 * Replicas to be removed stay, at the end of the list, until all others are in sync. A change of
 * who is an observer needs no copying and holds at once.
 */
function start(
  state: ControllerState,
  partition: ControlledPartition,
  target: readonly NodeId[],
  observers: readonly NodeId[] | undefined,
): ReassignmentDecision {
  const current = partition.registration.replicas
  // Both lists come out of Java's sets, in ascending order, whatever the order of the lists.
  const removing = ascending(current.filter((id) => !target.includes(id)))
  const adding = ascending(target.filter((id) => !current.includes(id)))
  const replicas = [...target, ...removing]
  if (failsForStranger(state, partition, replicas)) {
    return refused('UNKNOWN_SERVER_ERROR', 'a replica to be added is eligible already')
  }
  const wish: PartitionChangeWish = {
    replicas,
    ...(removing.length > 0 && { removingReplicas: removing }),
    ...(adding.length > 0 && { addingReplicas: adding }),
    ...(observers !== undefined && { observers }),
  }
  return { record: state.change(partition, wish), error: 'NONE', message: '' }
}

/**
 * Whoever may lead is asked for its log directory, and 4.1.0 throws where that is no replica yet.
 * One that is none may be eligible: a reassignment that ends below min.insync.replicas leaves those
 * whom it removes in the ELR (LeaderAcceptor, PartitionRegistration.directory).
 */
function failsForStranger(
  state: ControllerState,
  { registration }: ControlledPartition,
  target: readonly NodeId[],
): boolean {
  const { isr, elr, leader, replicas } = registration
  const candidates = isr.length > 0 ? isr : elr
  const mayLead = (id: NodeId) => candidates.includes(id) && state.cluster.isActive(id)
  const first = mayLead(leader) ? leader : target.find(mayLead)
  return first !== undefined && !replicas.includes(first)
}

/** Takes the added replicas out again and keeps the others. */
function cancel(state: ControllerState, partition: ControlledPartition): ReassignmentDecision {
  const { registration, topic } = partition
  if (!isReassigning(registration)) {
    return refused('NO_REASSIGNMENT_IN_PROGRESS', 'no reassignment is in progress')
  }
  // An added replica that is in sync goes as well: going back means the assignment as it was.
  const isAdded = (id: NodeId) => registration.addingReplicas.includes(id)
  const replicas = registration.replicas.filter((id) => !isAdded(id))
  const isr = registration.isr.filter((id) => !isAdded(id))
  const first = replicas[0]
  if (first === undefined) {
    return refused('INVALID_REPLICA_ASSIGNMENT', 'all replicas are being added')
  }
  if (isr.length === 0) {
    // Only added replicas are in sync: going back would be an unclean election.
    if (!state.configs.uncleanLeaderElectionEnable(topic)) {
      return refused('INVALID_REPLICA_ASSIGNMENT', 'going back would need an unclean election')
    }
    isr.push(first)
  }
  const record = state.change(partition, {
    // The leader may be one of those that were added, so that another has to be found.
    election: state.electionFor(topic),
    isr,
    replicas,
    removingReplicas: [],
    addingReplicas: [],
  })
  return { record, error: 'NONE', message: '' }
}

function refused(error: KafkaError, message: string): ReassignmentDecision {
  return { record: null, error, message }
}

function ascending(ids: NodeId[]): NodeId[] {
  return ids.sort((a, b) => a - b)
}
