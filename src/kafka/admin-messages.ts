// Models: the requests and responses of administration as plain values, handled by the controller.
// Leaves out: lists of topics in one request (one a request), authorisation.
// Source: Kafka's request schemas (CreateTopicsRequest.json, ElectLeadersRequest.json, ...).

import type { KafkaError } from './errors.ts'
import type { NodeId, PartitionIndex } from './ids.ts'

export interface ElectLeadersRequest {
  readonly api: 'ElectLeaders'
  readonly electionType: 'PREFERRED' | 'UNCLEAN'
  readonly partitions: readonly PartitionIndex[]
}

export interface AlterConfigRequest {
  readonly api: 'AlterConfig'
  readonly topic: string
  readonly name: string
  readonly value: string | null
}

export interface AlterReassignmentRequest {
  readonly api: 'AlterReassignment'
  readonly partition: PartitionIndex
  /** null cancels. */
  readonly replicas: readonly NodeId[] | null
  /** Which of them are observers; absent: those that are now. */
  readonly observers?: readonly NodeId[]
}

export interface UnregisterBrokerRequest {
  readonly api: 'UnregisterBroker'
  readonly brokerId: NodeId
}

export interface AdminResponse {
  readonly api: 'Admin'
  readonly error: KafkaError
  readonly message: string
}
