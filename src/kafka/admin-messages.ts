// Models: the requests and responses of administration as plain values; what an administrator's
// client sends, a broker hands on to the controller in an envelope.
// Leaves out: validateOnly; configs of brokers; defaults of configs;
// several resources in one of the requests
// that the operator of a scenario hands to the controller.
// Source: Kafka's request schemas (CreateTopicsRequest.json, EnvelopeRequest.json, ...); KIP-590.

import type { AlterAclsRequest, DescribeAclsRequest, DescribeAclsResponse } from './acl-messages.ts'
import type { KafkaError } from './errors.ts'
import type { NodeId, PartitionIndex } from './ids.ts'
import type { Client } from './metadata/acls.ts'
import type { NewMirror } from './metadata/mirror-records.ts'
import type { ConfigResource } from './metadata/records.ts'

export interface ElectLeadersRequest {
  readonly api: 'ElectLeaders'
  readonly electionType: 'PREFERRED' | 'UNCLEAN'
  readonly partitions: readonly PartitionIndex[]
}

/** Of one resource, all or nothing. */
export interface AlterConfigRequest {
  readonly api: 'AlterConfig'
  readonly resource: ConfigResource
  /** Kafka's own setting names; null removes a value. */
  readonly configs: Readonly<Record<string, string | null>>
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

/** A topic as an administrator's client asks for it: the controller places and numbers it. */
export interface NewTopic {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  /** Kafka's own setting names; values as strings. */
  readonly configs: Readonly<Record<string, string>>
  /** A mirror topic, and whose. */
  readonly mirror?: NewMirror
}

export interface CreateTopicsRequest {
  readonly api: 'CreateTopics'
  readonly topics: readonly NewTopic[]
}

export interface CreatePartitionsRequest {
  readonly api: 'CreatePartitions'
  /** How many partitions each topic is to have. */
  readonly topics: readonly { readonly name: string; readonly partitions: number }[]
}

export interface DeleteTopicsRequest {
  readonly api: 'DeleteTopics'
  readonly topics: readonly { readonly name: string }[]
}

export interface IncrementalAlterConfigsRequest {
  readonly api: 'IncrementalAlterConfigs'
  readonly topics: readonly {
    readonly name: string
    /** Kafka's own setting names; null removes a topic's own value. */
    readonly configs: Readonly<Record<string, string | null>>
  }[]
}

/** What a broker hands on to the controller for a client. */
export type ForwardedRequest = TopicsRequest | AlterAclsRequest

/** An order about topics, each of which is judged alone. */
export type TopicsRequest =
  | CreateTopicsRequest
  | CreatePartitionsRequest
  | DeleteTopicsRequest
  | IncrementalAlterConfigsRequest

export type ForwardedResponse = TopicsResponse | AdminResponse

/** What became of each topic. */
export interface TopicsResponse {
  readonly api: TopicsRequest['api']
  readonly topics: readonly TopicOutcome[]
}

export interface TopicOutcome {
  readonly name: string
  readonly error: KafkaError
  readonly message: string
}

const FORWARDED: Record<ForwardedRequest['api'], true> = {
  CreateTopics: true,
  CreatePartitions: true,
  DeleteTopics: true,
  IncrementalAlterConfigs: true,
  CreateAcls: true,
  DeleteAcls: true,
}

/**
 * Whether only the controller can do it: a broker wraps such a request in an envelope (KIP-590).
 */
export function isForwarded(request: { readonly api: string }): request is ForwardedRequest {
  return request.api in FORWARDED
}

export interface DescribeConfigsRequest {
  readonly api: 'DescribeConfigs'
  readonly topics: readonly string[]
}

export interface DescribeConfigsResponse {
  readonly api: 'DescribeConfigs'
  readonly topics: readonly {
    readonly name: string
    readonly error: KafkaError
    /** Only what was set for the topic itself. */
    readonly configs: Readonly<Record<string, string>>
    /** What stands at Kafka's own default, with that. */
    readonly defaults: Readonly<Record<string, string>>
  }[]
}

/** What any broker tells by its own metadata. */
export type DescribeRequest = DescribeConfigsRequest | DescribeAclsRequest
export type DescribeResponse = DescribeConfigsResponse | DescribeAclsResponse

/** Broker to controller: a client's request as it came. */
export interface EnvelopeRequest {
  readonly api: 'Envelope'
  readonly request: ForwardedRequest
  /** Who asked the broker; absent: the broker itself asks. */
  readonly client?: Client | undefined
}

export interface EnvelopeResponse {
  readonly api: 'Envelope'
  readonly error: KafkaError
  /** null with an error. */
  readonly response: ForwardedResponse | null
}

export interface AdminResponse {
  readonly api: 'Admin'
  readonly error: KafkaError
  readonly message: string
}

/** What became of an order; a message goes with an error. */
export function adminReply(error: KafkaError, message = ''): AdminResponse {
  return { api: 'Admin', error, message }
}
