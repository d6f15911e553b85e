// Models: how the controller turns a wish (a new ISR, an election, a reassignment) into one record.
// Leaves out: directory assignment; metadata versions other than through the guards passed in.
// Source: org.apache.kafka.controller.PartitionChangeBuilder; KIP-841, KIP-966; rule 5.3.

import { inHashOrder } from '../hash-order.ts'
import { NO_NODE, type NodeId, type PartitionIndex } from '../ids.ts'
import { sameList } from '../list-equality.ts'
import type { LeaderRecoveryState, PartitionChangeRecord } from '../metadata/records.ts'
import { completeReassignment, type TargetAssignment } from './completed-reassignment.ts'
import { type Elected, type ElectionType, electLeader } from './leader-election.ts'
import type { PartitionRegistration } from './partition-registration.ts'

/** What the controller knows and has decided beside the partition itself. */
export interface PartitionChangeRules {
  /** Registered, unfenced and not in controlled shutdown. */
  readonly isAcceptableLeader: (id: NodeId) => boolean
  /** Effective: the topic’s min.insync.replicas, at most its replication factor. */
  readonly minIsr: number
  readonly elrEnabled: boolean
  /** True as shipped: last known leaders are kept and may be elected when all else is empty. */
  readonly useLastKnownLeader: boolean
  /** KAFKA-19522, from 4.1: the last known leader must be acceptable to be elected. */
  readonly lastKnownLeaderMustBeActive: boolean
  /** Metadata versions below 3.6 (before KAFKA-15021). */
  readonly bumpLeaderEpochOnIsrShrink: boolean
}

/** What is asked of the partition; absent fields ask for no change. */
export interface PartitionChangeWish {
  /** ONLINE when absent: elect only where the leader is not valid any more. */
  readonly election?: ElectionType
  /** An empty list is a real target: all members leave. */
  readonly isr?: readonly NodeId[]
  readonly replicas?: readonly NodeId[]
  readonly observers?: readonly NodeId[]
  readonly addingReplicas?: readonly NodeId[]
  readonly removingReplicas?: readonly NodeId[]
  readonly recovery?: LeaderRecoveryState
  /** Replicas that lost their log's tail for all the controller knows: never in the ELR. */
  readonly uncleanShutdownReplicas?: readonly NodeId[]
}

type MutableChange = { -readonly [K in keyof PartitionChangeRecord]: PartitionChangeRecord[K] }

/**
 * Builds the change record for a partition, or null where nothing would change.
 * The record holds only the fields that differ from the registration.
 */
export function buildPartitionChange(
  index: PartitionIndex,
  partition: PartitionRegistration,
  wish: PartitionChangeWish,
  rules: PartitionChangeRules,
): PartitionChangeRecord | null {
  const assignment = completeReassignment({
    replicas: wish.replicas ?? partition.replicas,
    isr: wish.isr ?? partition.isr,
    adding: wish.addingReplicas ?? partition.addingReplicas,
    removing: wish.removingReplicas ?? partition.removingReplicas,
    observers: wish.observers ?? partition.observers,
  })
  // In Kafka's order: each step sees what the one before has made of the targets.
  const eligible = targetElr(partition, wish, rules, assignment)
  const targets = { replicas: assignment.replicas, isr: assignment.isr, elr: eligible.elr }
  const elected = electLeader(partition, targets, wish.election ?? 'ONLINE', rules)
  const change: MutableChange = { type: 'PartitionChange', partition: index }
  const targetIsr = applyElection(change, partition, elected, assignment.isr)
  const isUnclean = change.leader !== undefined && elected.kind === 'unclean'

  // A removed replica must not go on as if it belonged to this term.
  if (change.leader === undefined && !containsAll(assignment.replicas, partition.replicas))
    change.leader = partition.leader
  applyElr(change, partition, eligible, elected, isUnclean, rules)
  applyIsr(change, partition, targetIsr, rules)
  applyAssignment(change, partition, wish, assignment)
  applyLastKnownLeader(change, partition, rules)
  if (wish.recovery !== undefined && wish.recovery !== partition.recovery)
    change.recovery = wish.recovery
  return isNoChange(change) ? null : change
}

/** Completed or begun, a reassignment shows as the lists that differ from the registration's. */
function applyAssignment(
  change: MutableChange,
  partition: PartitionRegistration,
  wish: PartitionChangeWish,
  target: TargetAssignment,
): void {
  const { replicas, adding, removing } = target
  if (replicas.length > 0 && !sameList(replicas, partition.replicas)) change.replicas = replicas
  if (!sameList(adding, partition.addingReplicas)) change.addingReplicas = adding
  if (!sameList(removing, partition.removingReplicas)) change.removingReplicas = removing
  const observers = (wish.observers ?? partition.observers).filter((id) => replicas.includes(id))
  if (!sameList(observers, partition.observers)) change.observers = observers
}

/** Writes an election's outcome into the record. @returns the ISR that it leaves */
function applyElection(
  change: MutableChange,
  partition: PartitionRegistration,
  elected: Elected,
  targetIsr: readonly NodeId[],
): readonly NodeId[] {
  if (elected.leader === partition.leader) return targetIsr
  change.leader = elected.leader
  switch (elected.kind) {
    case 'in-sync':
    case 'none':
      return targetIsr
    case 'eligible':
      return [elected.leader]
    case 'unclean':
      // Whatever the others hold beyond the new leader's log is lost: it alone is in sync.
      if (partition.recovery !== 'RECOVERING') change.recovery = 'RECOVERING'
      change.isr = [elected.leader]
      return change.isr
  }
}

/**
 * Without ELR an ISR never becomes empty: the last member stays named, and may lead again. Up to
 * metadata version 3.5 a shrink was also a new term.
 */
function applyIsr(
  change: MutableChange,
  partition: PartitionRegistration,
  isr: readonly NodeId[],
  rules: PartitionChangeRules,
): void {
  if ((isr.length > 0 || rules.elrEnabled) && !sameList(isr, partition.isr)) change.isr = isr
  if (!rules.bumpLeaderEpochOnIsrShrink || change.leader !== undefined) return
  if (change.isr !== undefined && !containsAll(change.isr, partition.isr))
    change.leader = partition.leader
}

interface EligibleReplicas {
  readonly elr: readonly NodeId[]
  readonly lastKnown: readonly NodeId[]
}

/**
 * Below min.insync.replicas every member that leaves the ISR keeps all committed records, because
 * the high watermark stands still: it stays eligible. At or above it the ELR is emptied.
 */
function targetElr(
  partition: PartitionRegistration,
  wish: PartitionChangeWish,
  rules: PartitionChangeRules,
  target: { readonly isr: readonly NodeId[] },
): EligibleReplicas {
  if (!rules.elrEnabled) return { elr: partition.elr, lastKnown: partition.lastKnownElr }
  // With enough members the high watermark moves: who is not among them falls behind it.
  if (target.isr.length >= rules.minIsr) return { elr: [], lastKnown: [] }
  const unclean = wish.uncleanShutdownReplicas ?? []
  const candidates = new Set([...partition.elr, ...partition.isr])
  const elr = asHashSet(candidates).filter(
    (id) => !target.isr.includes(id) && !unclean.includes(id),
  )
  // Read only without useLastKnownLeader, which no release switches off.
  const known = asHashSet(new Set([...candidates, ...partition.lastKnownElr]))
  const lastKnown = known.filter((id) => !target.isr.includes(id) && !elr.includes(id))
  return { elr, lastKnown }
}

function applyElr(
  change: MutableChange,
  partition: PartitionRegistration,
  eligible: EligibleReplicas,
  elected: Elected,
  isUnclean: boolean,
  rules: PartitionChangeRules,
): void {
  let { elr, lastKnown } = eligible
  if (isUnclean || !rules.elrEnabled) {
    elr = []
    lastKnown = []
  } else if (elected.kind === 'eligible' && elected.leader !== partition.leader) {
    elr = elr.filter((id) => id !== elected.leader)
  }
  if (!sameList(elr, partition.elr)) change.elr = elr
  if (!rules.useLastKnownLeader && !sameList(lastKnown, partition.lastKnownElr))
    change.lastKnownElr = lastKnown
}

/** The last leader is noted when the ISR first becomes empty, and forgotten with a new leader. */
function applyLastKnownLeader(
  change: MutableChange,
  partition: PartitionRegistration,
  rules: PartitionChangeRules,
): void {
  if (!rules.elrEnabled || !rules.useLastKnownLeader) return
  const { lastKnownElr, leader } = partition
  const known = lastKnownElr.length === 1 && lastKnownElr[0] === leader
  if (change.isr?.length === 0 && !known) {
    change.lastKnownElr = [leader]
    return
  }
  const willHaveLeader = (change.leader ?? leader) !== NO_NODE
  if (willHaveLeader && lastKnownElr.length > 0) change.lastKnownElr = []
}

/** Type and partition are always there. */
function isNoChange(change: PartitionChangeRecord): boolean {
  return Object.keys(change).length === 2
}

function containsAll(list: readonly NodeId[], members: readonly NodeId[]): boolean {
  return members.every((id) => list.includes(id))
}

/** Kafka keeps both lists as sets of integers. */
function asHashSet(ids: ReadonlySet<NodeId>): NodeId[] {
  return inHashOrder(ids, (id) => id)
}
