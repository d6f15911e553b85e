// Models: what the connectors and tasks of MirrorMaker 2 ask a cluster.
// Leaves out: nothing.
// Source: calls of org.apache.kafka.clients.admin.Admin in MirrorSourceConnector,
// MirrorCheckpointConnector, MirrorCheckpointTask and MirrorUtils.

import type { AdminError } from '../../kafka/clients/admin/call.ts'
import type { TopicConfigs } from '../../kafka/clients/admin/kafka-admin-client.ts'
import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { AclBinding } from '../../kafka/metadata/acls.ts'

export interface TopicListing {
  readonly name: string
  readonly partitions: number
}

export interface TopicToCreate {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  readonly configs: Readonly<Record<string, string>>
}

/** Settings of a topic to set, or with null to take away. */
export interface TopicChange {
  readonly name: string
  readonly configs: Readonly<Record<string, string | null>>
}

/** An answer, or the error that all tries ended in. */
export type Answered<T> = (error: AdminError, value: T | null) => void

/** Whoever waits for an answer that is only logged. */
export const NOBODY = (): void => {}

/** One client of one cluster. */
export interface MirrorAdmin {
  listTopics(done: Answered<readonly TopicListing[]>): void
  /** Also `NONE` where some exist already. */
  createTopics(topics: readonly TopicToCreate[], done: Answered<null>): void
  /** Raises the number of partitions of a topic. */
  createPartitions(topic: string, partitions: number, done: Answered<null>): void
  /** What the topics set themselves, and what stands at Kafka's default. */
  describeConfigs(
    topics: readonly string[],
    done: Answered<ReadonlyMap<string, TopicConfigs>>,
  ): void
  alterConfigs(changes: readonly TopicChange[], done: Answered<null>): void
  /** Of the brokers that answered; a group whose coordinator did not is missing. */
  listConsumerGroups(done: Answered<readonly string[]>): void
  /** Whether each group exists and has no members. */
  areGroupsEmpty(groups: readonly string[], done: Answered<ReadonlyMap<string, boolean>>): void
  listConsumerGroupOffsets(group: string, done: Answered<ReadonlyMap<PartitionIndex, Offset>>): void
  /** Partitions in which each group has committed; one that cannot be asked fails all. */
  listPartitionsOfGroups(
    groups: readonly string[],
    done: Answered<ReadonlyMap<string, readonly PartitionIndex[]>>,
  ): void
  /** Refused with UNKNOWN_MEMBER_ID while the group has members. */
  alterConsumerGroupOffsets(
    group: string,
    offsets: ReadonlyMap<PartitionIndex, Offset>,
    done: Answered<null>,
  ): void
  /** Every access control list; an error where there is no authorizer. */
  describeAcls(done: Answered<readonly AclBinding[]>): void
  createAcls(acls: readonly AclBinding[], done: Answered<null>): void
  close(): void
}
