// Models: a Kafka producer: application thread, buffer and I/O thread over one network client.
// Leaves out: transactions, interceptors, headers and serialisation.
// Source: org.apache.kafka.clients.producer.KafkaProducer.

import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import type { NodeId, PartitionIndex } from '../ids.ts'
import type { ChannelOptions } from '../network/channel-options.ts'
import { PRODUCER_CHANNEL } from '../network/channel-options.ts'
import type { NodeDirectory } from '../network/client-channel.ts'
import { ClientChannel } from '../network/client-channel.ts'
import { Accumulator } from './accumulator.ts'
import { ApplicationThread } from './application-thread.ts'
import { ClientMetadata, resolveBootstrap } from './metadata.ts'
import { StickyPartitioner } from './partitioner.ts'
import type { ProducerBatch } from './producer-batch.ts'
import type { ProducerConfig } from './producer-config.ts'
import type { ProducerObserver } from './producer-observer.ts'
import type { Lane } from './record-source.ts'
import { Sender } from './sender.ts'

export interface ProducerOptions {
  readonly config: ProducerConfig
  readonly lanes: readonly Lane[]
  readonly topics: readonly string[]
  /** Brokers whose addresses the producer is given. */
  readonly bootstrapNodes: readonly NodeId[]
  /** Number of the record stream to a partition, unique in a run (see RECORDS_PER_STREAM). */
  readonly streamOf: (partition: PartitionIndex) => number
  readonly observer: ProducerObserver
  /** Overrides of the network client's constants and of its service time. */
  readonly channel?: Partial<ChannelOptions>
}

export class Producer {
  readonly process: Process
  readonly metadata: ClientMetadata
  readonly accumulator: Accumulator
  readonly sender: Sender
  readonly channel: ClientChannel

  /** Build one at each boot of `process`; it starts to work at once. */
  constructor(
    process: Process,
    network: Network,
    directory: NodeDirectory,
    options: ProducerOptions,
  ) {
    const { config } = options
    this.process = process
    const random = process.random('producer')
    this.metadata = new ClientMetadata(
      { ...config, bootstrapNodes: options.bootstrapNodes, topics: options.topics },
      random,
    )
    const addresses: NodeDirectory = {
      processOf: (node) => directory.processOf(resolveBootstrap(node, options.bootstrapNodes)),
    }
    this.channel = new ClientChannel(process, network, addresses, {
      ...PRODUCER_CHANNEL,
      inFlightMax: config.maxInFlightRequestsPerConnection,
      requestTimeout: config.requestTimeoutMs * 1_000,
      ...options.channel,
    })
    const partitionerFor = (topic: string) =>
      new StickyPartitioner(topic, config.batchSizeBytes, config.partitionerAdaptive, random)
    this.accumulator = new Accumulator(config, options.streamOf)
    const application = new ApplicationThread(
      config,
      options.lanes,
      this.accumulator,
      this.metadata,
      partitionerFor,
    )
    this.sender = new Sender(
      process,
      config,
      this.channel,
      this.metadata,
      application,
      this.accumulator,
      options.observer,
    )
    this.sender.wake()
  }

  /**
   * Batches that have met no fate, with the records that have arrived by now: a producer that
   * cannot send looks at those only when it must.
   */
  unfinished(): readonly ProducerBatch[] {
    if (this.process.state !== 'paused') this.sender.application.pull(this.process.now)
    return this.accumulator.queues.flatMap(({ inFlight, batches }) => [...inFlight, ...batches])
  }

  /** To be called when a source has records that it did not announce (a changed schedule). */
  wake(): void {
    this.sender.wake()
  }
}
