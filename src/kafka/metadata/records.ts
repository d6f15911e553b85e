// Models: the records of the KRaft metadata log that the replication model needs.
// Leaves out: quotas, SCRAM, delegation tokens, directory ids, snapshots.
// Source: org.apache.kafka.common.metadata (metadata records).

import type { BrokerEpoch, LeaderEpoch, NodeId, PartitionEpoch, PartitionIndex } from '../ids.ts'
import type { AclRecord } from './acl-records.ts'
import type { MirrorRecord } from './mirror-records.ts'

/** RECOVERING marks a leader elected uncleanly that has not yet reported RECOVERED. */
export type LeaderRecoveryState = 'RECOVERED' | 'RECOVERING'

export interface RegisterBrokerRecord {
  readonly type: 'RegisterBroker'
  readonly brokerId: NodeId
  /** Filled in by the controller from the offset of the record itself. */
  readonly brokerEpoch: BrokerEpoch
  /** Changes with each process; a retry of one process carries the same. */
  readonly incarnation: number
  readonly rack: string | null
  readonly fenced: boolean
  readonly inControlledShutdown: boolean
}

export interface UnregisterBrokerRecord {
  readonly type: 'UnregisterBroker'
  readonly brokerId: NodeId
  readonly brokerEpoch: BrokerEpoch
}

/** Absent fields are unchanged. */
export interface BrokerRegistrationChangeRecord {
  readonly type: 'BrokerRegistrationChange'
  readonly brokerId: NodeId
  readonly brokerEpoch: BrokerEpoch
  readonly fenced?: boolean
  readonly inControlledShutdown?: boolean
}

export interface TopicRecord {
  readonly type: 'Topic'
  readonly name: string
  /** Kafka's own setting names; values as strings. */
  readonly configs: Readonly<Record<string, string>>
}

/** The topic of this name and its partitions are gone: one created later is another (KIP-516). */
export interface RemoveTopicRecord {
  readonly type: 'RemoveTopic'
  readonly topic: string
}

export interface PartitionRecord {
  readonly type: 'Partition'
  readonly partition: PartitionIndex
  readonly topic: string
  /** Number of the partition within its topic. */
  readonly number: number
  /**
   * The topic's partition 0, in place of a topic id (KIP-516): it tells topics apart that have the
   * same name.
   */
  readonly first: PartitionIndex
  readonly replicas: readonly NodeId[]
  /** Confluent's observers, a sub-list of replicas; empty with Apache Kafka. */
  readonly observers: readonly NodeId[]
  readonly isr: readonly NodeId[]
  readonly leader: NodeId
  readonly leaderEpoch: LeaderEpoch
  readonly partitionEpoch: PartitionEpoch
  readonly recovery: LeaderRecoveryState
}

/** Absent fields are unchanged; every record raises the partition epoch by one. */
export interface PartitionChangeRecord {
  readonly type: 'PartitionChange'
  readonly partition: PartitionIndex
  readonly isr?: readonly NodeId[]
  /** Present (also with the old value) means: the leader epoch rises. */
  readonly leader?: NodeId
  /** Beside the leader, of a mirror: how far the epoch rises at least. */
  readonly leaderEpoch?: LeaderEpoch
  readonly replicas?: readonly NodeId[]
  readonly observers?: readonly NodeId[]
  readonly addingReplicas?: readonly NodeId[]
  readonly removingReplicas?: readonly NodeId[]
  readonly elr?: readonly NodeId[]
  readonly lastKnownElr?: readonly NodeId[]
  readonly recovery?: LeaderRecoveryState
  /** Stands for Kafka's ClearElrRecord, which the controller's index of ELRs does not follow. */
  readonly clearsElr?: true
}

/** Whose setting it is. A broker without a name stands for all: the cluster's default. */
export interface ConfigResource {
  readonly type: 'topic' | 'broker'
  readonly name: string
}

export interface ConfigRecord {
  readonly type: 'Config'
  readonly resource: ConfigResource
  readonly name: string
  /** null removes the override. */
  readonly value: string | null
}

export interface ProducerIdsRecord {
  readonly type: 'ProducerIds'
  readonly brokerId: NodeId
  /** First id that has not been given away yet. */
  readonly nextProducerId: number
}

/** Keeps the metadata high watermark moving on an idle cluster. */
export interface NoOpRecord {
  readonly type: 'NoOp'
}

/** First record of a quorum leader's epoch; commits what came before it. */
export interface LeaderChangeRecord {
  readonly type: 'LeaderChange'
  readonly leader: NodeId
}

export type MetadataRecord =
  | RegisterBrokerRecord
  | UnregisterBrokerRecord
  | BrokerRegistrationChangeRecord
  | TopicRecord
  | RemoveTopicRecord
  | PartitionRecord
  | PartitionChangeRecord
  | ConfigRecord
  | ProducerIdsRecord
  | MirrorRecord
  | AclRecord
  | NoOpRecord
  | LeaderChangeRecord
