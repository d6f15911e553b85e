import type { KafkaError } from '../../../src/kafka/errors.ts'
import type { NodeId } from '../../../src/kafka/ids.ts'

/** Shapes of vectors/kip-966-*.jsonl, one trace a line; see README.md beside them. */

/** Leader epoch and value of one record. */
export type TraceRecord = readonly [number, string]

export interface TraceBroker {
  readonly role: 'LEADER' | 'FOLLOWER' | 'NONE'
  readonly brokerEpoch: number
  readonly replicas: readonly NodeId[]
  readonly isr: readonly NodeId[]
  readonly maximalIsr: readonly NodeId[]
  readonly leader: NodeId
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly leo: number
  readonly highWatermark: number
  readonly log: readonly TraceRecord[]
  readonly leaderEpochStartOffset: number | null
  readonly followers: Readonly<Record<string, { leo: number; brokerEpoch: number }>> | null
  readonly fetcher: { leader: NodeId; fetchOffset: number; lastFetchedEpoch: number } | null
  readonly pendingAlterPartition: { isr: readonly NodeId[] } | null
}

export interface TraceMessage {
  readonly id: number
  readonly from: NodeId
  readonly to: NodeId
  readonly error: KafkaError
  readonly brokerEpoch: number
  readonly currentLeaderEpoch: number
  readonly fetchOffset: number
  readonly lastFetchedEpoch: number
  readonly highWatermark: number
  readonly records: readonly TraceRecord[]
  readonly divergingEpoch?: { readonly epoch: number; readonly endOffset: number }
  readonly newIsrWithEpochs?: readonly (readonly [NodeId, number])[]
  readonly isr?: readonly NodeId[]
  readonly leader?: NodeId
  readonly leaderEpoch?: number
  readonly partitionEpoch?: number
}

/** A metadata record: the partition's registration under the trace's names. */
export interface TraceRegistration {
  readonly replicas: readonly NodeId[]
  readonly isr: readonly NodeId[]
  readonly elr: readonly NodeId[]
  readonly lastKnownElr: readonly NodeId[]
  readonly leader: NodeId
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly adding: readonly NodeId[]
  readonly removing: readonly NodeId[]
}

export interface TraceStep {
  readonly action: string
  readonly broker: NodeId
  readonly case?: string
  readonly message?: number
  readonly sent?: readonly TraceMessage[]
  readonly record?: TraceRegistration
  readonly after: { readonly brokers?: Readonly<Record<string, Partial<TraceBroker>>> }
}

export interface Trace {
  readonly name: string
  readonly constants: { readonly MinISR: number }
  readonly init: { readonly brokers: Readonly<Record<string, TraceBroker>> }
  readonly steps: readonly TraceStep[]
}
