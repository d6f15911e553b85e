import type { NodeId } from '../../../../src/kafka/ids.ts'

/** Shapes of raft-prevote.jsonl, one trace a line; see README.md beside it. */

export interface TraceMessage {
  readonly id: number
  readonly type: 'FetchRequest' | 'FetchResponse' | 'VoteRequest' | 'VoteResponse' | string
  readonly from: NodeId
  readonly to: NodeId
  readonly error?: string
  readonly epoch?: number
  readonly leaderId?: NodeId
  readonly currentLeaderEpoch?: number
  readonly fetchOffset?: number
  readonly lastFetchedEpoch?: number
  readonly highWatermark?: number
  readonly records?: readonly TraceEntry[]
  readonly divergingEpoch?: { readonly epoch: number; readonly endOffset: number }
  readonly preVote?: boolean
  readonly lastEpoch?: number
  readonly lastEpochEndOffset?: number
  readonly voteGranted?: boolean
}

/** Epoch and value of one record. */
export type TraceEntry = readonly [number, string]

export interface TraceVoter {
  readonly role: 'Unattached' | 'Follower' | 'Prospective' | 'Candidate' | 'Leader' | 'Resigned'
  readonly epoch: number
  readonly leaderId: NodeId
  readonly votedId: NodeId
  readonly log: readonly TraceEntry[]
  readonly highWatermark: number
  readonly votes: readonly NodeId[]
  /** Whose answer to a fetch it awaits. */
  readonly awaitingFetchFrom: NodeId | null
  readonly followerEndOffsets: Readonly<Record<string, number>> | null
  readonly hasFetchedFromLeader: boolean | null
}

/** Two voters that cannot reach one another. */
export type CutLink = readonly [NodeId, NodeId]

export interface TraceStep {
  readonly action: string
  readonly case?: string
  readonly voter?: NodeId
  readonly value?: string
  readonly message?: number
  readonly cutLinks?: readonly CutLink[]
  readonly sent?: readonly TraceMessage[]
  readonly after: { readonly voters?: Readonly<Record<string, Partial<TraceVoter>>> }
}

export interface Trace {
  readonly name: string
  readonly init: {
    readonly voters: Readonly<Record<string, TraceVoter>>
    readonly cutLinks: readonly CutLink[]
  }
  readonly steps: readonly TraceStep[]
}
