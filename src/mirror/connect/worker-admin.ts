// Models: the administrator's client that the logs of one worker share.
// Leaves out: calls for brokers of before 2.0.
// Source: org.apache.kafka.connect.util.SharedTopicAdmin, TopicAdmin (createTopics, endOffsets).

import { ADMIN_DEFAULTS } from '../../kafka/clients/admin/admin-config.ts'
import { KafkaAdminClient } from '../../kafka/clients/admin/kafka-admin-client.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import type { ClusterPort } from '../cluster-port.ts'
import type { LogEnds, TopicAdmin, TopicAnswer, TopicMaking } from './log-topic.ts'

/**
 * Errors come back as Kafka names them; `endOffsets` gives null with any of them, even where some
 * partitions have answered.
 */
export class WorkerAdmin implements TopicAdmin {
  readonly #cluster: ClusterPort
  readonly #client: KafkaAdminClient

  /** Build one in each incarnation of `process`. */
  constructor(process: Process, network: Network, cluster: ClusterPort) {
    const { directory, bootstrapNodes } = cluster
    this.#cluster = cluster
    const options = { config: ADMIN_DEFAULTS, bootstrapNodes }
    this.#client = new KafkaAdminClient(process, network, directory, options)
  }

  /** Calls under way end with REQUEST_TIMED_OUT. */
  close(): void {
    this.#client.close()
  }

  /** NONE also where the topic is there, whatever its settings are. */
  createTopic(name: string, making: TopicMaking, done: TopicAnswer<null>): void {
    this.#client.createTopics([{ name, ...making }], (error) => {
      done(error === 'TOPIC_ALREADY_EXISTS' ? 'NONE' : error, null)
    })
  }

  /** One that a broker is just making counts as missing, and may be there at the next look. */
  hasTopic(topic: string, done: TopicAnswer<boolean>): void {
    this.#client.findTopic(topic, (error, found) => done(error, found !== null))
  }

  /** Of the partitions that the cluster has now; an empty map for a topic that does not exist. */
  endOffsets(topic: string, done: TopicAnswer<LogEnds | null>): void {
    const partitions = this.#cluster.topics.partitionsOf(topic)
    const queries = partitions.map((partition) => ({ topic, partition, at: 'latest' as const }))
    this.#client.listOffsets(queries, (error, listed) => {
      const ends = [...listed].map(([partition, { offset }]) => [partition, offset] as const)
      done(error, error === 'NONE' ? new Map(ends) : null)
    })
  }
}
