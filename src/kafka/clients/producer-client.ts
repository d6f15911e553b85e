// Models: what every producer has of a Kafka client: metadata and a network client.
// Leaves out: client ids, interceptors.
// Source: org.apache.kafka.clients.producer.KafkaProducer (constructor).

import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import type { Random } from '../../sim/random.ts'
import type { NodeId, PartitionIndex } from '../ids.ts'
import type { ChannelOptions } from '../network/channel-options.ts'
import { PRODUCER_CHANNEL } from '../network/channel-options.ts'
import type { NodeDirectory } from '../network/client-channel.ts'
import { ClientChannel } from '../network/client-channel.ts'
import type { Accumulator } from './accumulator.ts'
import { addressesOf, ClientMetadata } from './metadata.ts'
import { StickyPartitioner } from './partitioner.ts'
import type { ProducerConfig } from './producer-config.ts'
import { StickyChoice } from './sticky-choice.ts'

/** What all producers are given, whoever feeds them. */
export interface ProducerClientOptions {
  readonly config: ProducerConfig
  /** Those known from the start; others are asked about when something is sent to them. */
  readonly topics: readonly string[]
  /** Brokers whose addresses the producer is given. */
  readonly bootstrapNodes: readonly NodeId[]
  /** Partitions by which the application means its topics; absent: those that are answered. */
  readonly meant?: ReadonlyMap<string, readonly PartitionIndex[]>
  /** Overrides of the network client's constants and of its service time. */
  readonly channel?: Partial<ChannelOptions>
}

/** One for each producer and incarnation; it makes connections only when something is sent. */
export class ProducerClient {
  readonly metadata: ClientMetadata
  readonly channel: ClientChannel
  private readonly config: ProducerConfig
  private readonly random: Random

  constructor(
    process: Process,
    network: Network,
    directory: NodeDirectory,
    options: ProducerClientOptions,
  ) {
    const { config, bootstrapNodes, topics } = options
    this.config = config
    this.random = process.random('producer')
    this.metadata = new ClientMetadata(
      {
        ...config,
        bootstrapNodes,
        topics,
        mayCreateTopics: true,
        meant: options.meant ?? new Map(),
      },
      this.random,
    )
    const addresses = addressesOf(directory, bootstrapNodes)
    this.channel = new ClientChannel(process, network, addresses, {
      ...PRODUCER_CHANNEL,
      inFlightMax: config.maxInFlightRequestsPerConnection,
      requestTimeout: config.requestTimeoutMs * 1_000,
      ...options.channel,
    })
  }

  /** Who chooses partitions for a topic's records without keys. */
  stickyChoice(topic: string, accumulator: Accumulator): StickyChoice {
    const { batchSizeBytes, partitionerAdaptive } = this.config
    const partitioner = new StickyPartitioner(topic, batchSizeBytes, this.random)
    return new StickyChoice(partitioner, accumulator, this.metadata, partitionerAdaptive)
  }
}
