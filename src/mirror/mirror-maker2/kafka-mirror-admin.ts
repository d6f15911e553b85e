// Models: MirrorMaker's clients of the two clusters: Kafka's own administrator's client.
// Leaves out: ACLs; the answers of single groups, of which a failed one is left out.
// Source: org.apache.kafka.clients.admin.ForwardingAdmin, as MirrorMaker 2 calls it.

import type { AdminConfig } from '../../kafka/clients/admin/admin-config.ts'
import { KafkaAdminClient } from '../../kafka/clients/admin/kafka-admin-client.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import type { ClusterPort } from '../cluster-port.ts'
import type { Answered, MirrorAdmin, TopicListing, TopicToCreate } from './mirror-admin.ts'

export class KafkaMirrorAdmin implements MirrorAdmin {
  readonly #client: KafkaAdminClient

  constructor(process: Process, network: Network, cluster: ClusterPort, config: AdminConfig) {
    const { directory, bootstrapNodes } = cluster
    this.#client = new KafkaAdminClient(process, network, directory, { config, bootstrapNodes })
  }

  listTopics(done: Answered<readonly TopicListing[]>): void {
    this.#client.listTopics((error, topics) => {
      const listed = topics.map(({ name, partitions }) => ({ name, partitions: partitions.length }))
      done(error, error === 'NONE' ? listed : null)
    })
  }

  createTopics(topics: readonly TopicToCreate[], done: Answered<null>): void {
    this.#client.createTopics(topics, (error) => {
      done(error === 'TOPIC_ALREADY_EXISTS' ? 'NONE' : error, null)
    })
  }

  createPartitions(_topic: string, _partitions: number, done: Answered<null>): void {
    done('UNKNOWN_SERVER_ERROR', null)
  }

  describeConfigs(
    _topics: readonly string[],
    done: Answered<ReadonlyMap<string, Readonly<Record<string, string>>>>,
  ): void {
    done('UNKNOWN_SERVER_ERROR', null)
  }

  alterConfigs(
    _topic: string,
    _configs: Readonly<Record<string, string | null>>,
    done: Answered<null>,
  ): void {
    done('UNKNOWN_SERVER_ERROR', null)
  }

  listConsumerGroups(done: Answered<readonly string[]>): void {
    done('UNKNOWN_SERVER_ERROR', null)
  }

  areGroupsEmpty(_groups: readonly string[], done: Answered<ReadonlyMap<string, boolean>>): void {
    done('UNKNOWN_SERVER_ERROR', null)
  }

  listConsumerGroupOffsets(_group: string, done: Answered<ReadonlyMap<number, number>>): void {
    done('UNKNOWN_SERVER_ERROR', null)
  }

  alterConsumerGroupOffsets(
    _group: string,
    _offsets: ReadonlyMap<number, number>,
    done: Answered<null>,
  ): void {
    done('UNKNOWN_SERVER_ERROR', null)
  }

  close(): void {
    this.#client.close()
  }
}
