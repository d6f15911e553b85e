// Models: the requests and responses of the KRaft quorum as plain values.
// Leaves out: dynamic voters, snapshots, wire encoding.
// Source: VoteRequest.json, FetchRequest.json and their kin; KIP-595, KIP-996, KIP-1166.

import type { KafkaError } from './errors.ts'
import type { MetadataOffset, NodeId, QuorumEpoch } from './ids.ts'
import type { MetadataRecord } from './metadata/records.ts'

export interface VoteRequest {
  readonly api: 'Vote'
  readonly candidate: NodeId
  readonly epoch: QuorumEpoch
  readonly lastEpoch: QuorumEpoch
  readonly lastEpochEndOffset: MetadataOffset
  readonly preVote: boolean
}

export interface VoteResponse {
  readonly api: 'Vote'
  readonly error: KafkaError | 'FENCED_LEADER_EPOCH'
  readonly leader: NodeId
  readonly epoch: QuorumEpoch
  readonly granted: boolean
}

export interface BeginQuorumEpochRequest {
  readonly api: 'BeginQuorumEpoch'
  readonly leader: NodeId
  readonly epoch: QuorumEpoch
}

export interface EndQuorumEpochRequest {
  readonly api: 'EndQuorumEpoch'
  readonly leader: NodeId
  readonly epoch: QuorumEpoch
  readonly preferredSuccessors: readonly NodeId[]
}

export interface QuorumEpochResponse {
  readonly api: 'QuorumEpoch'
  readonly error: KafkaError
  readonly leader: NodeId
  readonly epoch: QuorumEpoch
}

/** Fetch of the metadata log by a voter or an observer (a broker). */
export interface QuorumFetchRequest {
  readonly api: 'QuorumFetch'
  readonly replicaId: NodeId
  readonly epoch: QuorumEpoch
  readonly fetchOffset: MetadataOffset
  readonly lastFetchedEpoch: QuorumEpoch
  /** KIP-1166 (>= 4.1): what the sender knows; -1 from older versions. */
  readonly highWatermark: MetadataOffset
  readonly maxWaitMs: number
}

export interface QuorumLogEntry {
  readonly epoch: QuorumEpoch
  readonly record: MetadataRecord
}

export interface QuorumFetchResponse {
  readonly api: 'QuorumFetch'
  readonly error: KafkaError
  readonly leader: NodeId
  readonly epoch: QuorumEpoch
  /** -1 while the leader has committed nothing in its epoch. */
  readonly highWatermark: MetadataOffset
  readonly diverging: { readonly epoch: QuorumEpoch; readonly endOffset: MetadataOffset } | null
  /** Entries from the request's fetch offset on; shared, not copied. */
  readonly entries: readonly QuorumLogEntry[]
}
