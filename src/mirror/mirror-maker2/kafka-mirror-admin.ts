// Models: MirrorMaker's clients of the two clusters: Kafka's own administrator's client.
// Leaves out: the answers of single groups, of which a failed one is left out.
// Source: org.apache.kafka.clients.admin.ForwardingAdmin, as MirrorMaker 2 calls it.

import type { AdminConfig } from '../../kafka/clients/admin/admin-config.ts'
import type { AdminError } from '../../kafka/clients/admin/call.ts'
import {
  KafkaAdminClient,
  type TopicConfigs,
} from '../../kafka/clients/admin/kafka-admin-client.ts'
import { NO_EPOCH, type Offset, type PartitionIndex } from '../../kafka/ids.ts'
import type { AclBinding } from '../../kafka/metadata/acls.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import type { ClusterPort } from '../cluster-port.ts'
import type {
  Answered,
  MirrorAdmin,
  TopicChange,
  TopicListing,
  TopicToCreate,
} from './mirror-admin.ts'

/**
 * An answer is null wherever there is an error, but for groups and their states: those that are
 * known are given all the same.
 */
export class KafkaMirrorAdmin implements MirrorAdmin {
  readonly #client: KafkaAdminClient

  constructor(process: Process, network: Network, cluster: ClusterPort, config: AdminConfig) {
    const { directory, bootstrapNodes } = cluster
    this.#client = new KafkaAdminClient(process, network, directory, { config, bootstrapNodes })
  }

  /** Without __consumer_offsets: Kafka's client lists no internal topics. */
  listTopics(done: Answered<readonly TopicListing[]>): void {
    this.#client.listTopics((error, topics) => {
      const listed = topics.map(({ name, partitions }) => ({ name, partitions: partitions.length }))
      done(error, error === 'NONE' ? listed : null)
    })
  }

  /** One error for all of them. */
  createTopics(topics: readonly TopicToCreate[], done: Answered<null>): void {
    // Connectors of several flows, and those of a worker that came back, make the same topics: who
    // comes late finds what it wanted.
    this.#client.createTopics(topics, (error) => {
      done(error === 'TOPIC_ALREADY_EXISTS' ? 'NONE' : error, null)
    })
  }

  /** Refused where the topic has as many or more. */
  createPartitions(topic: string, partitions: number, done: Answered<null>): void {
    this.#client.createPartitions([{ name: topic, partitions }], (error) => done(error, null))
  }

  /** Of all or of none. */
  describeConfigs(
    topics: readonly string[],
    done: Answered<ReadonlyMap<string, TopicConfigs>>,
  ): void {
    this.#client.describeConfigs(topics, (error, configs) => done(error, answerOf(error, configs)))
  }

  /** One by one (KIP-339): settings that are not named stay. */
  alterConfigs(changes: readonly TopicChange[], done: Answered<null>): void {
    this.#client.incrementalAlterConfigs(changes, (error) => done(error, null))
  }

  /** Those that were listed, whatever became of the others: `listGroups().valid()`. */
  listConsumerGroups(done: Answered<readonly string[]>): void {
    this.#client.listConsumerGroups((error, groups) => {
      done(
        error,
        groups.map(({ group }) => group),
      )
    })
  }

  /** A group that is dead, or that could not be asked for, is not empty. */
  areGroupsEmpty(groups: readonly string[], done: Answered<ReadonlyMap<string, boolean>>): void {
    this.#client.describeConsumerGroups(groups, (error, described) => {
      // Only a group that is empty may be moved: offsets of one with members are theirs to commit.
      done(error, new Map([...described].map(([group, { state }]) => [group, state === 'EMPTY'])))
    })
  }

  /** Committed ones alone, by the partition's index. */
  listConsumerGroupOffsets(
    group: string,
    done: Answered<ReadonlyMap<PartitionIndex, Offset>>,
  ): void {
    this.#client.listConsumerGroupOffsets(group, (error, committed) => {
      const offsets = committed.map(({ partition, offset }) => [partition, offset] as const)
      done(error, answerOf(error, new Map(offsets)))
    })
  }

  /** One question a coordinator, however many groups it has. */
  listPartitionsOfGroups(
    groups: readonly string[],
    done: Answered<ReadonlyMap<string, readonly PartitionIndex[]>>,
  ): void {
    this.#client.listOffsetsOfGroups(groups, (error, byGroup) => {
      const partitions = [...byGroup].map(([group, committed]) => {
        return [group, committed.map(({ partition }) => partition)] as const
      })
      done(error, answerOf(error, new Map(partitions)))
    })
  }

  /** Without epochs: those of the source mean nothing here. */
  alterConsumerGroupOffsets(
    group: string,
    offsets: ReadonlyMap<PartitionIndex, Offset>,
    done: Answered<null>,
  ): void {
    // A leader epoch of the source says nothing of the target's log: a consumer that validated its
    // position with it would be sent elsewhere.
    const commits = [...offsets].map(([partition, offset]) => {
      return { partition, offset, leaderEpoch: NO_EPOCH }
    })
    this.#client.alterConsumerGroupOffsets(group, commits, (error) => done(error, null))
  }

  /** SECURITY_DISABLED where there is no authorizer. */
  describeAcls(done: Answered<readonly AclBinding[]>): void {
    this.#client.describeAcls((error, acls) => done(error, answerOf(error, acls)))
  }

  /** Entries that are there already are no error. */
  createAcls(acls: readonly AclBinding[], done: Answered<null>): void {
    this.#client.createAcls(acls, (error) => done(error, null))
  }

  /** Calls under way end with REQUEST_TIMED_OUT. */
  close(): void {
    this.#client.close()
  }
}

function answerOf<T>(error: AdminError, value: T): T | null {
  return error === 'NONE' ? value : null
}
