// Models: the requests and responses of consumer groups, both protocols, as plain values.
// Leaves out: topic ids, batched group lists; one group a request; the protocol type, since no two
// kinds of members ever share a group.
// Source: JoinGroupRequest.json, SyncGroupRequest.json, ConsumerGroupHeartbeatRequest.json, ...

import type { KafkaError } from './errors.ts'
import type {
  GenerationId,
  GroupId,
  LeaderEpoch,
  MemberId,
  NodeId,
  Offset,
  PartitionIndex,
} from './ids.ts'

/** What a member of a classic group tells its leader, the same under each protocol it offers. */
export interface MemberSubscription {
  readonly topics: readonly string[]
  readonly ownedPartitions: readonly PartitionIndex[]
  /** Generation in which the owned partitions were received; -1 for none. */
  readonly generation: GenerationId
  /** '' where the member names none. */
  readonly rack: string
  /** What members that are no consumers tell each other; nothing to a broker. */
  readonly userData?: string
}

/** Any broker answers, from its own metadata: where the group's partition is led. */
export interface FindCoordinatorRequest {
  readonly api: 'FindCoordinator'
  readonly group: GroupId
}

export interface FindCoordinatorResponse {
  readonly api: 'FindCoordinator'
  readonly error: KafkaError
  readonly coordinator: NodeId
}

/** Parked until the barrier opens: the answer may take a whole rebalance time-out. */
export interface JoinGroupRequest {
  readonly api: 'JoinGroup'
  readonly group: GroupId
  /** '' asks for a new one. */
  readonly member: MemberId
  /** group.instance.id; '' for a dynamic member. */
  readonly instance: string
  readonly clientId: string
  /** As the broker sees the client; '/host'. */
  readonly clientHost: string
  /** So long the coordinator waits for a sign of life before the member is gone. */
  readonly sessionTimeoutMs: number
  /** So long it may take to come to the barrier; max.poll.interval.ms of a consumer. */
  readonly rebalanceTimeoutMs: number
  /** Names of assignors, best first. */
  readonly protocols: readonly string[]
  readonly subscription: MemberSubscription
}

export interface JoinedMember {
  readonly member: MemberId
  readonly instance: string
  readonly subscription: MemberSubscription
}

export interface JoinGroupResponse {
  readonly api: 'JoinGroup'
  readonly error: KafkaError
  readonly generation: GenerationId
  readonly protocol: string
  readonly leader: MemberId
  readonly member: MemberId
  /** All members, for the leader only. */
  readonly members: readonly JoinedMember[]
  /** KIP-814: a static leader that came back keeps the assignment that there is. */
  readonly skipAssignment: boolean
}

/** What the leader gives a member; a broker passes it on unread. */
export interface Assigned {
  readonly partitions: readonly PartitionIndex[]
  /** Work of a member that is no consumer. */
  readonly userData?: string
}

export interface MemberAssignment extends Assigned {
  readonly member: MemberId
}

/** Second half of a join: the leader's brings the assignment, all others wait for it. */
export interface SyncGroupRequest {
  readonly api: 'SyncGroup'
  readonly group: GroupId
  readonly generation: GenerationId
  readonly member: MemberId
  readonly instance: string
  /** From the leader; empty from everybody else. */
  readonly assignments: readonly MemberAssignment[]
}

export interface SyncGroupResponse extends Assigned {
  readonly api: 'SyncGroup'
  readonly error: KafkaError
}

/** Of a classic group; the answer's error is how a member hears of a rebalance. */
export interface HeartbeatRequest {
  readonly api: 'Heartbeat'
  readonly group: GroupId
  readonly generation: GenerationId
  readonly member: MemberId
  readonly instance: string
}

/** Sent by a dynamic member that closes; a static one says nothing, and keeps its place. */
export interface LeaveGroupRequest {
  readonly api: 'LeaveGroup'
  readonly group: GroupId
  readonly member: MemberId
  readonly instance: string
}

/** Answer to a heartbeat or a farewell. */
export interface GroupResponse {
  readonly api: 'Heartbeat' | 'LeaveGroup'
  readonly error: KafkaError
}

export interface CommittedOffset {
  readonly partition: PartitionIndex
  readonly offset: Offset
  /** Epoch of the last record consumed; -1 where unknown. */
  readonly leaderEpoch: LeaderEpoch
}

/** Answered when the coordinator's log has replicated it, as with acks=all. */
export interface OffsetCommitRequest {
  readonly api: 'OffsetCommit'
  readonly group: GroupId
  /** Generation, or member epoch under the consumer protocol; -1 from outside a group. */
  readonly generation: GenerationId
  readonly member: MemberId
  readonly instance: string
  readonly offsets: readonly CommittedOffset[]
}

export interface OffsetCommitResponse {
  readonly api: 'OffsetCommit'
  readonly error: KafkaError
}

export interface OffsetFetchRequest {
  readonly api: 'OffsetFetch'
  readonly group: GroupId
  /** Under the consumer protocol both are checked; '' and -1 otherwise. */
  readonly member: MemberId
  readonly memberEpoch: GenerationId
  /** null for all. */
  readonly partitions: readonly PartitionIndex[] | null
  /** The newest offsets, when nothing can undo them any more; else what is replicated now. */
  readonly requireStable: boolean
}

export interface OffsetFetchResponse {
  readonly api: 'OffsetFetch'
  readonly error: KafkaError
  /** Only partitions that have a committed offset. */
  readonly offsets: readonly CommittedOffset[]
}

/** KIP-699: what an admin client asks before it turns to the coordinators of many groups. */
export interface FindCoordinatorsRequest {
  readonly api: 'FindCoordinators'
  readonly groups: readonly GroupId[]
}

export interface FindCoordinatorsResponse {
  readonly api: 'FindCoordinators'
  readonly coordinators: readonly {
    readonly group: GroupId
    readonly error: KafkaError
    readonly coordinator: NodeId
  }[]
}

/** Kafka's GroupState; ASSIGNING and RECONCILING under the consumer protocol only. */
export type GroupState =
  | 'ASSIGNING'
  | 'COMPLETING_REBALANCE'
  | 'DEAD'
  | 'EMPTY'
  | 'PREPARING_REBALANCE'
  | 'RECONCILING'
  | 'STABLE'

/** To every broker: each names the groups that it coordinates itself. */
export interface ListGroupsRequest {
  readonly api: 'ListGroups'
}

export interface ListGroupsResponse {
  readonly api: 'ListGroups'
  readonly error: KafkaError
  readonly groups: readonly { readonly group: GroupId; readonly state: GroupState }[]
}

export interface DescribeGroupsRequest {
  readonly api: 'DescribeGroups'
  readonly groups: readonly GroupId[]
}

export interface GroupDescription {
  readonly group: GroupId
  readonly error: KafkaError
  readonly state: GroupState
  readonly members: readonly {
    readonly member: MemberId
    readonly clientId: string
    readonly partitions: readonly PartitionIndex[]
  }[]
}

export interface DescribeGroupsResponse {
  readonly api: 'DescribeGroups'
  readonly groups: readonly GroupDescription[]
}

/** All that several groups have committed, asked from outside (OffsetFetch from version 8 on). */
export interface GroupsOffsetFetchRequest {
  readonly api: 'GroupsOffsetFetch'
  readonly groups: readonly GroupId[]
}

export interface GroupsOffsetFetchResponse {
  readonly api: 'GroupsOffsetFetch'
  readonly groups: readonly {
    readonly group: GroupId
    readonly error: KafkaError
    readonly offsets: readonly CommittedOffset[]
  }[]
}

/** KIP-848's one request; null means: as I told you before. */
export interface ConsumerGroupHeartbeatRequest {
  readonly api: 'ConsumerGroupHeartbeat'
  readonly group: GroupId
  readonly member: MemberId
  /** 0 joins, -1 leaves, -2 leaves for a while as a static member. */
  readonly memberEpoch: GenerationId
  readonly instance: string
  readonly rack: string
  readonly clientId: string
  readonly clientHost: string
  /** So long it may take to give back what it is asked for, else it is fenced. */
  readonly rebalanceTimeoutMs: number
  readonly topics: readonly string[] | null
  /** 'uniform' or 'range'; null leaves the choice to the coordinator. */
  readonly assignor: string | null
  /** What the member owns now. */
  readonly owned: readonly PartitionIndex[] | null
}

export interface ConsumerGroupHeartbeatResponse {
  readonly api: 'ConsumerGroupHeartbeat'
  readonly error: KafkaError
  readonly member: MemberId
  readonly memberEpoch: GenerationId
  readonly heartbeatIntervalMs: number
  /** null where nothing has changed. */
  readonly assignment: readonly PartitionIndex[] | null
}

export type GroupRequest =
  | FindCoordinatorRequest
  | FindCoordinatorsRequest
  | ListGroupsRequest
  | DescribeGroupsRequest
  | JoinGroupRequest
  | SyncGroupRequest
  | HeartbeatRequest
  | LeaveGroupRequest
  | OffsetCommitRequest
  | OffsetFetchRequest
  | GroupsOffsetFetchRequest
  | ConsumerGroupHeartbeatRequest

const GROUP_APIS: Record<GroupRequest['api'], true> = {
  FindCoordinator: true,
  FindCoordinators: true,
  ListGroups: true,
  DescribeGroups: true,
  JoinGroup: true,
  SyncGroup: true,
  Heartbeat: true,
  LeaveGroup: true,
  OffsetCommit: true,
  OffsetFetch: true,
  GroupsOffsetFetch: true,
  ConsumerGroupHeartbeat: true,
}

/** Whether a group coordinator serves `request`. */
export function isGroupRequest(request: { readonly api: string }): request is GroupRequest {
  return request.api in GROUP_APIS
}

export type GroupReply =
  | FindCoordinatorResponse
  | FindCoordinatorsResponse
  | ListGroupsResponse
  | DescribeGroupsResponse
  | JoinGroupResponse
  | SyncGroupResponse
  | GroupResponse
  | OffsetCommitResponse
  | OffsetFetchResponse
  | GroupsOffsetFetchResponse
  | ConsumerGroupHeartbeatResponse
