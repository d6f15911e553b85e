// Models: the requests and responses of Kafka's protocol as plain values, partitions by index.
// Leaves out: protocol versions, wire encoding, fetch session ids (sizes count them), throttling.
// Source: Kafka's request schemas (ProduceRequest.json, FetchRequest.json, ...), KIP-595, KIP-966.

import type {
  AdminResponse,
  AlterConfigRequest,
  AlterReassignmentRequest,
  DescribeRequest,
  DescribeResponse,
  ElectLeadersRequest,
  EnvelopeRequest,
  EnvelopeResponse,
  ForwardedRequest,
  ForwardedResponse,
  UnregisterBrokerRequest,
} from './admin-messages.ts'
import type { Packing } from './compression.ts'
import type { KafkaError } from './errors.ts'
import type { GroupReply, GroupRequest } from './group-messages.ts'
import type { IdRange } from './id-ranges.ts'
import type {
  BrokerEpoch,
  FetchSessionId,
  LeaderEpoch,
  MetadataOffset,
  NodeId,
  Offset,
  PartitionEpoch,
  PartitionIndex,
  ProducerEpoch,
  ProducerId,
  RecordId,
} from './ids.ts'
import type { LeaderHint } from './leader-hint.ts'
import type { NewMirror } from './metadata/mirror-records.ts'
import type { LeaderRecoveryState } from './metadata/records.ts'
import type { MirrorRequest, MirrorResponse } from './mirror-messages.ts'
import type {
  BeginQuorumEpochRequest,
  EndQuorumEpochRequest,
  QuorumEpochResponse,
  QuorumFetchRequest,
  QuorumFetchResponse,
  VoteRequest,
  VoteResponse,
} from './quorum-messages.ts'

/** Records as a range, one object in every replica's log: cost grows with batches, not records. */
export interface RecordBatch {
  readonly baseOffset: Offset
  readonly count: number
  /** Size in the log and on the wire, header included. */
  readonly bytes: number
  /** What its records say, keys, values and headers together, before compression. */
  readonly payloadBytes: number
  readonly leaderEpoch: LeaderEpoch
  readonly producerId: ProducerId
  readonly producerEpoch: ProducerEpoch
  readonly baseSequence: number
  /** Part of a transaction, which a marker ends. */
  readonly isTransactional?: boolean | undefined
  /** Id of the first record; the others follow one by one, where there are no `ids`. */
  readonly firstRecordId: RecordId
  /** When the application handed over the first and the last record, in micros. */
  readonly createdFirst: number
  readonly createdLast: number
  /** How the records are packed; absent: nothing would make them smaller. */
  readonly packing?: Packing | undefined
  /** Where the records come from several ranges, as those that a replicator copied; else absent. */
  readonly ids?: readonly IdRange[] | undefined
  /** What the records say, where somebody reads it back; absent for an application's load. */
  readonly values?: readonly object[] | undefined
}

/** A batch as a producer sends it: no offset and no leader epoch yet. */
export type ProducedBatch = Omit<RecordBatch, 'baseOffset' | 'leaderEpoch'>

// ---- data plane -------------------------------------------------------------------------------

export type Acks = 0 | 1 | -1

export interface ProduceRequest {
  readonly api: 'Produce'
  readonly acks: Acks
  readonly timeoutMs: number
  readonly partitions: readonly {
    readonly partition: PartitionIndex
    readonly batch: ProducedBatch
  }[]
}

export interface ProducePartitionResponse {
  readonly partition: PartitionIndex
  readonly error: KafkaError
  readonly baseOffset: Offset
  /** KIP-951: set with NOT_LEADER_OR_FOLLOWER when the broker knows a newer leader. */
  readonly currentLeader: LeaderHint | null
}

export interface ProduceResponse {
  readonly api: 'Produce'
  readonly partitions: readonly ProducePartitionResponse[]
}

export interface FetchPartition {
  readonly partition: PartitionIndex
  /** -1 skips the epoch check. */
  readonly currentLeaderEpoch: LeaderEpoch
  readonly fetchOffset: Offset
  /** -1 from consumers that do not validate and from followers with an empty epoch cache. */
  readonly lastFetchedEpoch: LeaderEpoch
  readonly logStartOffset: Offset
  readonly maxBytes: number
}

export interface FetchRequest {
  readonly api: 'Fetch'
  /** -1 from a consumer. */
  readonly replicaId: NodeId
  /** -1 from a consumer or where unknown. */
  readonly brokerEpoch: BrokerEpoch
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly isolation: 'read_uncommitted' | 'read_committed'
  readonly clientRack: string
  /** KIP-227: an answer in a session leaves out what the session has told before. 0 for none. */
  readonly sessionId: FetchSessionId
  /** Number of the request in its session; INITIAL_ or FINAL_SESSION_EPOCH outside of one. */
  readonly sessionEpoch: number
  readonly partitions: readonly FetchPartition[]
}

export interface FetchPartitionResponse {
  readonly partition: PartitionIndex
  readonly error: KafkaError
  readonly highWatermark: Offset
  readonly lastStableOffset: Offset
  readonly logStartOffset: Offset
  /** Set when the follower must truncate; then no batches come along. */
  readonly diverging: { readonly epoch: LeaderEpoch; readonly endOffset: Offset } | null
  readonly currentLeader: LeaderHint | null
  /** KIP-392: -1 to stay with the leader. */
  readonly preferredReadReplica: NodeId
  readonly batches: readonly RecordBatch[]
}

export interface FetchResponse {
  readonly api: 'Fetch'
  readonly error: KafkaError
  /** The session to go on in; 0 for none. */
  readonly sessionId: FetchSessionId
  /** Only partitions with news: data, an error, a new high watermark or log start. */
  readonly partitions: readonly FetchPartitionResponse[]
}

/** An end of the log, or the first record that was created then or later. */
export type OffsetAt = 'earliest' | 'latest' | { readonly timestampMs: number }

export interface ListOffsetsRequest {
  readonly api: 'ListOffsets'
  readonly replicaId: NodeId
  readonly partitions: readonly {
    readonly partition: PartitionIndex
    readonly currentLeaderEpoch: LeaderEpoch
    readonly at: OffsetAt
  }[]
}

export interface ListOffsetsResponse {
  readonly api: 'ListOffsets'
  readonly partitions: readonly {
    readonly partition: PartitionIndex
    readonly error: KafkaError
    /** -1 where no record is as young as was asked. */
    readonly offset: Offset
    readonly leaderEpoch: LeaderEpoch
  }[]
}

export interface OffsetsForLeaderEpochRequest {
  readonly api: 'OffsetsForLeaderEpoch'
  readonly partitions: readonly {
    readonly partition: PartitionIndex
    readonly currentLeaderEpoch: LeaderEpoch
    readonly leaderEpoch: LeaderEpoch
  }[]
}

export interface OffsetsForLeaderEpochResponse {
  readonly api: 'OffsetsForLeaderEpoch'
  readonly partitions: readonly {
    readonly partition: PartitionIndex
    readonly error: KafkaError
    /** -1 and -1 where undefined. */
    readonly leaderEpoch: LeaderEpoch
    readonly endOffset: Offset
  }[]
}

/** Of a producer without a transactional id, which names no id that it has (KIP-360). */
export interface InitProducerIdRequest {
  readonly api: 'InitProducerId'
}

export interface InitProducerIdResponse {
  readonly api: 'InitProducerId'
  readonly error: KafkaError
  readonly producerId: ProducerId
  readonly producerEpoch: ProducerEpoch
}

/** null asks for all topics. */
export interface MetadataRequest {
  readonly api: 'Metadata'
  readonly topics: readonly string[] | null
  /** allow_auto_topic_creation; absent: not. */
  readonly mayCreateTopics?: boolean
}

export interface PartitionMetadata {
  readonly partition: PartitionIndex
  readonly number: number
  readonly error: KafkaError
  readonly leader: NodeId
  readonly leaderEpoch: LeaderEpoch
  readonly replicas: readonly NodeId[]
  readonly isr: readonly NodeId[]
  readonly offline: readonly NodeId[]
}

export interface MetadataResponse {
  readonly api: 'Metadata'
  /** Any live broker: in KRaft each one hands on what is for the controller. -1 for none. */
  readonly controllerId: NodeId
  /** Brokers that are registered and not fenced. */
  readonly brokers: readonly { readonly id: NodeId; readonly rack: string | null }[]
  readonly topics: readonly {
    readonly name: string
    readonly error: KafkaError
    readonly partitions: readonly PartitionMetadata[]
  }[]
}

export interface ApiVersionsRequest {
  readonly api: 'ApiVersions'
}

export interface ApiVersionsResponse {
  readonly api: 'ApiVersions'
}

// ---- broker to controller -----------------------------------------------------------------------

export interface AlterPartitionRequest {
  readonly api: 'AlterPartition'
  readonly brokerId: NodeId
  readonly brokerEpoch: BrokerEpoch
  readonly partitions: readonly AlterPartitionWish[]
}

/** The ISR that a leader wants, and the state that it goes out from. */
export interface AlterPartitionWish {
  readonly partition: PartitionIndex
  readonly leaderEpoch: LeaderEpoch
  readonly partitionEpoch: PartitionEpoch
  readonly newIsr: readonly { readonly id: NodeId; readonly brokerEpoch: BrokerEpoch }[]
  readonly recovery: LeaderRecoveryState
}

export interface AlterPartitionResponse {
  readonly api: 'AlterPartition'
  readonly error: KafkaError
  readonly partitions: readonly AlterPartitionAnswer[]
}

/** The partition as the controller has it now. */
export interface AlterPartitionAnswer {
  readonly partition: PartitionIndex
  readonly error: KafkaError
  readonly leader: NodeId
  readonly leaderEpoch: LeaderEpoch
  readonly partitionEpoch: PartitionEpoch
  readonly isr: readonly NodeId[]
  readonly recovery: LeaderRecoveryState
}

export interface BrokerRegistrationRequest {
  readonly api: 'BrokerRegistration'
  readonly brokerId: NodeId
  readonly incarnation: number
  readonly rack: string | null
  /** From the clean-shutdown marker; -1 without one. */
  readonly previousBrokerEpoch: BrokerEpoch
}

export interface BrokerRegistrationResponse {
  readonly api: 'BrokerRegistration'
  readonly error: KafkaError
  readonly brokerEpoch: BrokerEpoch
}

export interface BrokerHeartbeatRequest {
  readonly api: 'BrokerHeartbeat'
  readonly brokerId: NodeId
  readonly brokerEpoch: BrokerEpoch
  readonly currentMetadataOffset: MetadataOffset
  readonly wantFence: boolean
  readonly wantShutDown: boolean
}

export interface BrokerHeartbeatResponse {
  readonly api: 'BrokerHeartbeat'
  readonly error: KafkaError
  readonly isCaughtUp: boolean
  readonly isFenced: boolean
  readonly shouldShutDown: boolean
}

export interface AllocateProducerIdsRequest {
  readonly api: 'AllocateProducerIds'
  readonly brokerId: NodeId
  readonly brokerEpoch: BrokerEpoch
}

export interface AllocateProducerIdsResponse {
  readonly api: 'AllocateProducerIds'
  readonly error: KafkaError
  readonly firstProducerId: ProducerId
  readonly count: number
}

export interface CreateTopicRequest {
  readonly api: 'CreateTopic'
  readonly name: string
  /** First index of the topic's partitions in the cluster-wide list. */
  readonly firstPartition: PartitionIndex
  readonly assignments: readonly (readonly NodeId[])[]
  /** Observers of each partition, empty lists with Apache Kafka. */
  readonly observers: readonly (readonly NodeId[])[]
  readonly configs: Readonly<Record<string, string>>
  /** Of a cluster link's mirror topic; absent for any other. */
  readonly mirror?: NewMirror
}

export type Request =
  | ProduceRequest
  | FetchRequest
  | ListOffsetsRequest
  | OffsetsForLeaderEpochRequest
  | InitProducerIdRequest
  | MetadataRequest
  | ApiVersionsRequest
  | AlterPartitionRequest
  | BrokerRegistrationRequest
  | BrokerHeartbeatRequest
  | AllocateProducerIdsRequest
  | ElectLeadersRequest
  | CreateTopicRequest
  | ForwardedRequest
  | DescribeRequest
  | EnvelopeRequest
  | AlterConfigRequest
  | AlterReassignmentRequest
  | UnregisterBrokerRequest
  | MirrorRequest
  | VoteRequest
  | BeginQuorumEpochRequest
  | EndQuorumEpochRequest
  | QuorumFetchRequest
  | GroupRequest

export type Response =
  | ProduceResponse
  | FetchResponse
  | ListOffsetsResponse
  | OffsetsForLeaderEpochResponse
  | InitProducerIdResponse
  | MetadataResponse
  | ApiVersionsResponse
  | AlterPartitionResponse
  | BrokerRegistrationResponse
  | BrokerHeartbeatResponse
  | AllocateProducerIdsResponse
  | AdminResponse
  | ForwardedResponse
  | DescribeResponse
  | EnvelopeResponse
  | MirrorResponse
  | VoteResponse
  | QuorumEpochResponse
  | QuorumFetchResponse
  | GroupReply
