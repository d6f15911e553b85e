// Models: a partition as the controller and every broker's metadata image know it; immutable.
// Leaves out: directory ids and topic ids.
// Source: org.apache.kafka.metadata.PartitionRegistration.

import type { LeaderEpoch, NodeId, PartitionEpoch } from '../ids.ts'
import type {
  LeaderRecoveryState,
  PartitionChangeRecord,
  PartitionRecord,
} from '../metadata/records.ts'

/** Never changed in place: a change makes a new one, so that images and pending states share. */
export interface PartitionRegistration {
  /** Assignment order; replicas[0] is the preferred leader, observers are the tail. */
  readonly replicas: readonly NodeId[]
  readonly observers: readonly NodeId[]
  readonly addingReplicas: readonly NodeId[]
  readonly removingReplicas: readonly NodeId[]
  readonly isr: readonly NodeId[]
  readonly elr: readonly NodeId[]
  /** With ELR: the last leader, once the ISR has become empty. */
  readonly lastKnownElr: readonly NodeId[]
  /** -1 for none. */
  readonly leader: NodeId
  readonly leaderEpoch: LeaderEpoch
  readonly partitionEpoch: PartitionEpoch
  readonly recovery: LeaderRecoveryState
}

const NONE: readonly NodeId[] = []

/** The registration that a partition's first record describes. */
export function registrationOf(record: PartitionRecord): PartitionRegistration {
  return {
    replicas: record.replicas,
    observers: record.observers,
    addingReplicas: NONE,
    removingReplicas: NONE,
    isr: record.isr,
    elr: NONE,
    lastKnownElr: NONE,
    leader: record.leader,
    leaderEpoch: record.leaderEpoch,
    partitionEpoch: record.partitionEpoch,
    recovery: record.recovery,
  }
}

/**
 * The registration after a change record: absent fields stay, the partition epoch rises by one,
 * and the leader epoch rises when the record names a leader, be it the old one or none (-1).
 */
export function mergeChange(
  before: PartitionRegistration,
  change: Omit<PartitionChangeRecord, 'type' | 'partition'>,
): PartitionRegistration {
  const newTerm = change.leader !== undefined
  return {
    replicas: change.replicas ?? before.replicas,
    observers: change.observers ?? before.observers,
    addingReplicas: change.addingReplicas ?? before.addingReplicas,
    removingReplicas: change.removingReplicas ?? before.removingReplicas,
    isr: change.isr ?? before.isr,
    elr: change.elr ?? before.elr,
    lastKnownElr: change.lastKnownElr ?? before.lastKnownElr,
    leader: change.leader ?? before.leader,
    leaderEpoch: newTerm
      ? Math.max(before.leaderEpoch + 1, change.leaderEpoch ?? 0)
      : before.leaderEpoch,
    partitionEpoch: before.partitionEpoch + 1,
    recovery: change.recovery ?? before.recovery,
  }
}

/** Whether a reassignment is under way. */
export function isReassigning(partition: PartitionRegistration): boolean {
  return partition.addingReplicas.length > 0 || partition.removingReplicas.length > 0
}
