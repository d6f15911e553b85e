// Models: the requests and responses of the KRaft quorum as plain values.
// Leaves out: dynamic voters, snapshots, wire encoding.
// Source: VoteRequest.json, FetchRequest.json and their kin; KIP-595, KIP-996, KIP-1166.

import type { KafkaError } from './errors.ts'
import type { MetadataOffset, NodeId, QuorumEpoch } from './ids.ts'
import type { MetadataRecord } from './metadata/records.ts'

/** A nominee asks for a vote, or for the promise of one; it tells how far its log goes. */
export interface VoteRequest {
  readonly api: 'Vote'
  /** Whom to vote for; the sender itself. */
  readonly candidate: NodeId
  readonly epoch: QuorumEpoch
  /** Of the candidate's last record: a later one beats any length of log. */
  readonly lastEpoch: QuorumEpoch
  /** End of its log, which decides between logs of the same last epoch. */
  readonly lastEpochEndOffset: MetadataOffset
  /**
   * Would you? The epoch is the sender's present one then, and nothing is written down (KIP-996).
   */
  readonly preVote: boolean
}

/** Also without the vote it tells who leads: a nominee may only have missed an election. */
export interface VoteResponse {
  readonly api: 'Vote'
  readonly error: KafkaError | 'FENCED_LEADER_EPOCH'
  readonly leader: NodeId
  readonly epoch: QuorumEpoch
  readonly granted: boolean
}

/** I lead this epoch; until it is heard a voter may stand against its sender. */
export interface BeginQuorumEpochRequest {
  readonly api: 'BeginQuorumEpoch'
  readonly leader: NodeId
  readonly epoch: QuorumEpoch
}

/** I lead no more; the first of the successors need not wait for its time-out. */
export interface EndQuorumEpochRequest {
  readonly api: 'EndQuorumEpoch'
  readonly leader: NodeId
  readonly epoch: QuorumEpoch
  /** The other voters, the one with the longest log first. */
  readonly preferredSuccessors: readonly NodeId[]
}

/** Answers both; what counts in it is who leads by now. */
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
  /** End of the sender's log: all below is held by it, and so the fetch acknowledges it. */
  readonly fetchOffset: MetadataOffset
  /** Of its last record: where the leader's log has another one there, the sender must cut. */
  readonly lastFetchedEpoch: QuorumEpoch
  /** KIP-1166 (>= 4.1): what the sender knows; -1 from older versions. */
  readonly highWatermark: MetadataOffset
  /** How long the leader may park it: 500, a constant in Kafka. */
  readonly maxWaitMs: number
}

/** A record with the epoch in which a leader wrote it; its offset is its place in the log. */
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
  /** Where the sender's log leaves the leader's; null where it does not. */
  readonly diverging: { readonly epoch: QuorumEpoch; readonly endOffset: MetadataOffset } | null
  /** Entries from the request's fetch offset on; shared, not copied. */
  readonly entries: readonly QuorumLogEntry[]
}
