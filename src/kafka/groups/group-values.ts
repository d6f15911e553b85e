// Models: what a coordinator writes of its groups, and how much room it takes in the log.
// Leaves out: versions and encoding; expiry time stamps.
// Source: group-coordinator's OffsetCommitValue, GroupMetadataValue, ConsumerGroup*Value schemas.

import type { Assigned, JoinedMember } from '../group-messages.ts'
import type {
  GenerationId,
  GroupId,
  LeaderEpoch,
  MemberId,
  Offset,
  PartitionIndex,
} from '../ids.ts'

/** A group’s position in one partition; the newest record of a key counts (compaction). */
export interface OffsetCommitValue {
  readonly kind: 'offset'
  readonly group: GroupId
  readonly partition: PartitionIndex
  /** -1 takes back what was committed: a tombstone. */
  readonly offset: Offset
  /**
   * Of the last record consumed: whoever goes on from here can ask whether the log was cut
   * (KIP-320).
   */
  readonly leaderEpoch: LeaderEpoch
}

/** A member with what the leader gave it: a new coordinator deals nothing anew. */
export interface ClassicMemberValue extends JoinedMember, Assigned {
  readonly clientId: string
  readonly clientHost: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly protocols: readonly string[]
}

/** A classic group as a whole, written when a generation is complete or the group runs empty. */
export interface ClassicGroupValue {
  readonly kind: 'classic-group'
  readonly group: GroupId
  /** Commits and heartbeats that name another are refused by a new coordinator too. */
  readonly generation: GenerationId
  readonly protocol: string
  readonly leader: MemberId
  readonly members: readonly ClassicMemberValue[]
}

/** A member's subscription; null when it has left. */
export interface ConsumerMemberValue {
  readonly kind: 'consumer-member'
  readonly group: GroupId
  readonly member: MemberId
  readonly subscription: {
    readonly instance: string
    readonly rack: string
    readonly clientId: string
    readonly clientHost: string
    readonly rebalanceTimeoutMs: number
    readonly topics: readonly string[]
    readonly assignor: string | null
  } | null
}

/** Raised by every change; a target of an older epoch is due to be computed anew. */
export interface ConsumerGroupEpochValue {
  readonly kind: 'consumer-group-epoch'
  readonly group: GroupId
  readonly epoch: GenerationId
}

/** What a member is to own under the target's epoch; null when it has left. */
export interface TargetAssignmentValue {
  readonly kind: 'target-assignment'
  readonly group: GroupId
  readonly member: MemberId
  readonly partitions: readonly PartitionIndex[] | null
}

/** The group epoch that the stored target was computed for. */
export interface TargetEpochValue {
  readonly kind: 'target-epoch'
  readonly group: GroupId
  readonly epoch: GenerationId
}

/**
 * `unrevoked-partitions`: it has something to give back first. `unreleased-partitions`: it waits
 * for what others have not given back yet. `stable`: it has all of its target.
 */
export type ReconciliationState = 'stable' | 'unrevoked-partitions' | 'unreleased-partitions'

/** What a member owns, and what it has still to give back; null when it has left. */
export interface CurrentAssignmentValue {
  readonly kind: 'current-assignment'
  readonly group: GroupId
  readonly member: MemberId
  readonly current: {
    readonly epoch: GenerationId
    readonly previousEpoch: GenerationId
    readonly state: ReconciliationState
    readonly assigned: readonly PartitionIndex[]
    readonly pendingRevocation: readonly PartitionIndex[]
  } | null
}

/** One record of __consumer_offsets; a shard’s state is the replay of them in order. */
export type CoordinatorValue =
  | OffsetCommitValue
  | ClassicGroupValue
  | ConsumerMemberValue
  | ConsumerGroupEpochValue
  | TargetAssignmentValue
  | TargetEpochValue
  | CurrentAssignmentValue

const KINDS: Readonly<Record<CoordinatorValue['kind'], true>> = {
  offset: true,
  'classic-group': true,
  'consumer-member': true,
  'consumer-group-epoch': true,
  'target-assignment': true,
  'target-epoch': true,
  'current-assignment': true,
}

/** Whether a value of the offsets topic is one that a coordinator wrote. */
export function isCoordinatorValue(value: object): value is CoordinatorValue {
  return 'kind' in value && typeof value.kind === 'string' && Object.hasOwn(KINDS, value.kind)
}

const OFFSET_BYTES = 60
const GROUP_BYTES = 60
const MEMBER_BYTES = 120
const PARTITION_BYTES = 4

/** Key and value of one record of the offsets topic; names count as they are. */
export function payloadBytesOf(value: CoordinatorValue): number {
  return value.group.length + bodyBytes(value)
}

/** Estimates of Kafka’s encoding: enough for how long a log takes to load and to replicate. */
function bodyBytes(value: CoordinatorValue): number {
  switch (value.kind) {
    case 'offset':
      return OFFSET_BYTES
    case 'classic-group': {
      let bytes = GROUP_BYTES
      for (const { partitions, subscription, userData } of value.members) {
        bytes += MEMBER_BYTES + PARTITION_BYTES * partitions.length
        bytes += (subscription.userData?.length ?? 0) + (userData?.length ?? 0)
      }
      return bytes
    }
    case 'consumer-member':
      return MEMBER_BYTES
    case 'target-assignment':
      return GROUP_BYTES + PARTITION_BYTES * (value.partitions?.length ?? 0)
    case 'current-assignment':
      return GROUP_BYTES + PARTITION_BYTES * (value.current?.assigned.length ?? 0)
    case 'consumer-group-epoch':
    case 'target-epoch':
      return GROUP_BYTES
  }
}
