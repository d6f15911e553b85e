import type { KafkaError } from '../../../../src/kafka/errors.ts'
import type { NodeId } from '../../../../src/kafka/ids.ts'

/** Shapes of kip-966-*.jsonl, one trace a line; see vectors/README.md. */

/** Leader epoch and value of one record. */
export type TraceRecord = readonly [number, string]

export type BrokerState = 'RUNNING' | 'STARTING' | 'OFFLINE'

export interface TraceBroker {
  readonly state: BrokerState
  /** While it does not run: the one that its clean-shutdown file names; -1 for none. */
  readonly brokerEpoch: number
  readonly role: 'LEADER' | 'FOLLOWER' | 'NONE'
  /** Partition records that it has applied. */
  readonly metadataOffset: number
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
  readonly awaitingFetchFrom: readonly NodeId[]
  readonly pendingAlterPartition: { isr: readonly NodeId[]; partitionEpoch: number } | null
}

/** The partition's registration; without ELR the two lists of it are absent. */
export interface TraceRegistration {
  readonly replicas: readonly NodeId[]
  readonly isr: readonly NodeId[]
  readonly elr?: readonly NodeId[]
  readonly lastKnownElr?: readonly NodeId[]
  readonly leader: NodeId
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly adding: readonly NodeId[]
  readonly removing: readonly NodeId[]
}

export interface ControllerBroker {
  readonly fenced: boolean
  readonly brokerEpoch: number
}

export interface TraceController {
  readonly partition: TraceRegistration
  /** Partition records written. */
  readonly metadataOffset: number
  readonly brokers: Readonly<Record<string, ControllerBroker>>
}

export interface TraceState {
  readonly controller: TraceController
  readonly brokers: Readonly<Record<string, TraceBroker>>
}

/** A message of any kind; its type says which of the fields it has. */
export interface TraceMessage {
  readonly id: number
  readonly type: MessageType
  readonly from: NodeId
  readonly to: NodeId
  readonly error: KafkaError
  readonly brokerEpoch: number
  readonly currentLeaderEpoch: number
  readonly fetchOffset: number
  readonly lastFetchedEpoch: number
  /** With EMPTY_EPOCH: what Kafka names in place of the epoch of the last record. */
  readonly kafkaLastFetchedEpoch?: number
  readonly highWatermark: number
  readonly records: readonly TraceRecord[]
  readonly divergingEpoch?: { readonly epoch: number; readonly endOffset: number }
  readonly newIsrWithEpochs: readonly (readonly [NodeId, number])[]
  readonly request: number
  readonly isr: readonly NodeId[]
  readonly leader: NodeId
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly incarnation: number
  readonly previousBrokerEpoch?: number
  readonly metadataOffset: number
}

export type MessageType =
  | 'FetchRequest'
  | 'FetchResponse'
  | 'AlterPartitionRequest'
  | 'AlterPartitionResponse'
  | 'BrokerRegistrationRequest'
  | 'BrokerRegistrationResponse'

export type Flag = 'EMPTY_EPOCH' | 'HW_MAY_BE_HELD'

export type Action =
  | 'BrokerStart'
  | 'ControllerHandlesBrokerRegistration'
  | 'BrokerHandlesRegistrationResponse'
  | 'ControllerFencesBroker'
  | 'ControllerUnfencesBroker'
  | 'BrokerCrash'
  | 'BrokerShutdown'
  | 'BrokerAppliesMetadata'
  | 'LeaderAppends'
  | 'FollowerSendsFetch'
  | 'LeaderHandlesFetch'
  | 'FollowerHandlesFetchResponse'
  | 'LeaderSendsAlterPartition'
  | 'ControllerHandlesAlterPartition'
  | 'LeaderHandlesAlterPartitionResponse'
  | 'ControllerReassignsPartition'

export interface TraceStep {
  readonly action: Action
  readonly broker: NodeId
  readonly case?: string
  readonly message?: number
  readonly sent?: readonly TraceMessage[]
  readonly dropped?: readonly number[]
  readonly records?: number
  readonly record?: TraceRegistration
  readonly value?: string
  readonly acked?: readonly string[]
  readonly failed?: readonly string[]
  readonly clean?: boolean
  readonly targetReplicas?: readonly NodeId[]
  readonly flags?: readonly Flag[]
  readonly after: {
    readonly controller?: {
      readonly partition?: Partial<TraceRegistration>
      readonly metadataOffset?: number
      readonly brokers?: Readonly<Record<string, Partial<ControllerBroker>>>
    }
    readonly brokers?: Readonly<Record<string, Partial<TraceBroker>>>
  }
}

export interface TraceConstants {
  readonly MinISR: number
  readonly Elr: boolean
  readonly UncleanElection: boolean
}

export interface Trace {
  readonly name: string
  readonly constants: TraceConstants
  readonly init: TraceState
  readonly steps: readonly TraceStep[]
}

/** The whole state after a step: changed keys replace old ones. */
export function stateAfter(before: TraceState, { after }: TraceStep): TraceState {
  const { controller } = before
  const changed = after.controller ?? {}
  return {
    controller: {
      partition: { ...controller.partition, ...changed.partition },
      metadataOffset: changed.metadataOffset ?? controller.metadataOffset,
      brokers: merged(controller.brokers, changed.brokers),
    },
    brokers: merged(before.brokers, after.brokers),
  }
}

function merged<T>(
  before: Readonly<Record<string, T>>,
  changes: Readonly<Record<string, Partial<T>>> = {},
): Record<string, T> {
  const result = { ...before }
  for (const [id, change] of Object.entries(changes)) {
    result[id] = { ...before[id], ...change } as T
  }
  return result
}

export function ascending(ids: readonly NodeId[]): NodeId[] {
  return [...ids].sort((a, b) => a - b)
}
