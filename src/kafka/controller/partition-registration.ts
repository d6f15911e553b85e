// Models: a partition as the controller and every broker's metadata image know it; immutable.
// Leaves out: directory ids and topic ids.
// Source: org.apache.kafka.metadata.PartitionRegistration.

import { invariant } from '../../sim/invariant.ts'
import { areDistinct } from '../../sim/state-checks.ts'
import { type LeaderEpoch, NO_NODE, type NodeId, type PartitionEpoch } from '../ids.ts'
import type {
  LeaderRecoveryState,
  PartitionChangeRecord,
  PartitionRecord,
} from '../metadata/records.ts'

/** Never changed in place: a change makes a new one, so that images and pending states share. */
export interface PartitionRegistration {
  /** Assignment order; replicas[0] is the preferred leader, observers are the tail. */
  readonly replicas: readonly NodeId[]
  /** Confluent's; empty with Apache Kafka. They follow, and join the ISR by their policy only. */
  readonly observers: readonly NodeId[]
  /** Part of `replicas` already: they fetch, and the reassignment ends when they are in sync. */
  readonly addingReplicas: readonly NodeId[]
  /** Still part of `replicas`, at its end: they serve until the others are in sync. */
  readonly removingReplicas: readonly NodeId[]
  /** Empty only with ELR; without it the last member stays named when its broker is fenced. */
  readonly isr: readonly NodeId[]
  /** Out of the ISR, and yet with all that is committed (KIP-966); never a member of both. */
  readonly elr: readonly NodeId[]
  /** With ELR: the last leader, once the ISR has become empty. */
  readonly lastKnownElr: readonly NodeId[]
  /** -1 for none. */
  readonly leader: NodeId
  /** Begins at 0 and rises with each election, and with each removal of a replica. */
  readonly leaderEpoch: LeaderEpoch
  /** Begins at 0 and rises with each record: an ISR proposal names the one that it starts from. */
  readonly partitionEpoch: PartitionEpoch
  /** RECOVERING after an unclean election, until its leader's next ISR change says RECOVERED. */
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

/** States what every registration is, whoever wrote it. */
export function assertRegistrationWhole(partition: PartitionRegistration): void {
  const { replicas, observers, isr, elr, leader, leaderEpoch, partitionEpoch } = partition
  invariant(replicas.length > 0, 'a partition has replicas')
  for (const ids of [replicas, observers, isr, elr]) areDistinct(ids, 'each broker is named once')
  const inBoth = elr.filter((id) => isr.includes(id))
  invariant(inBoth.length === 0, 'who is in sync is not only eligible', { inBoth })
  const hasLeader = leader === NO_NODE || isr.includes(leader)
  invariant(hasLeader, 'a leader is in the ISR', { leader, isr })
  const isPlaced = observers.every((id) => replicas.includes(id))
  invariant(isPlaced, 'an observer is a replica', { replicas, observers })
  const adding = partition.addingReplicas.every((id) => replicas.includes(id))
  invariant(adding, 'a replica that is added is assigned', { replicas })
  const removing = partition.removingReplicas.every((id) => replicas.includes(id))
  invariant(removing, 'a replica that is removed is assigned till then', { replicas })
  const hasEpochs = leaderEpoch >= 0 && partitionEpoch >= 0
  invariant(hasEpochs, 'a partition’s epochs begin at 0', { leaderEpoch, partitionEpoch })
}

/** Whether a reassignment is under way. */
export function isReassigning(partition: PartitionRegistration): boolean {
  return partition.addingReplicas.length > 0 || partition.removingReplicas.length > 0
}
