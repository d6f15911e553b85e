// Models: a Kafka producer: application thread, buffer and I/O thread over one network client.
// Leaves out: transactions, interceptors, headers.
// Source: org.apache.kafka.clients.producer.KafkaProducer.

import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import type { Checked } from '../../sim/state-checks.ts'
import type { PartitionIndex } from '../ids.ts'
import type { ClientChannel, NodeDirectory } from '../network/client-channel.ts'
import { Accumulator } from './accumulator.ts'
import { ApplicationThread, type BlockedSend } from './application-thread.ts'
import type { ClientMetadata } from './metadata.ts'
import type { ProducerBatch } from './producer-batch.ts'
import { ProducerClient, type ProducerClientOptions } from './producer-client.ts'
import type { ProducerObserver } from './producer-observer.ts'
import type { Lane } from './record-source.ts'
import { Sender } from './sender.ts'
import type { Serializer } from './serializer.ts'

export interface ProducerOptions extends ProducerClientOptions {
  readonly lanes: readonly Lane[]
  /** Number of the record stream to a partition, unique in a run (see RECORDS_PER_STREAM). */
  readonly streamOf: (partition: PartitionIndex) => number
  readonly observer: ProducerObserver
  /** Absent: bytes are made of records without asking anybody. */
  readonly serializer?: Serializer | undefined
}

/**
 * A producer that an application's schedule feeds; records come into being without an event each.
 */
export class Producer implements Checked {
  readonly process: Process
  readonly metadata: ClientMetadata
  readonly accumulator: Accumulator
  readonly sender: Sender
  readonly channel: ClientChannel
  private readonly application: ApplicationThread

  /** Build one at each boot of `process`; it starts to work at once. */
  constructor(
    process: Process,
    network: Network,
    directory: NodeDirectory,
    options: ProducerOptions,
  ) {
    const { config, lanes } = options
    const client = new ProducerClient(process, network, directory, options)
    const { metadata, channel } = client
    this.process = process
    this.metadata = metadata
    this.channel = channel
    const accumulator = new Accumulator(config, options.streamOf)
    this.accumulator = accumulator
    const stickyFor = (topic: string) => client.stickyChoice(topic, accumulator)
    const { serializer, observer } = options
    const application = new ApplicationThread(
      config,
      lanes,
      accumulator,
      metadata,
      stickyFor,
      serializer === undefined
        ? null
        : {
            serializer,
            wake: () => this.wake(),
            onSendReturned: (recordId, since) => observer.onSendReturned?.(recordId, since),
          },
    )
    this.application = application
    this.sender = new Sender(
      process,
      config,
      channel,
      metadata,
      application,
      accumulator,
      options.observer,
    )
    process.memory.add(this)
    this.sender.wake()
  }

  /** Buffer, sequences and connections are whole. @throws InvariantViolation */
  assertWhole(): void {
    this.accumulator.assertWhole()
    this.sender.idempotence?.assertWhole()
    this.channel.assertWhole()
  }

  /**
   * Batches that have met no fate, with the records that have arrived by now: a producer that
   * cannot send looks at those only when it must.
   */
  unfinished(): readonly ProducerBatch[] {
    if (this.process.state !== 'paused') this.application.pull(this.process.now)
    return this.accumulator.queues.flatMap(({ inFlight, batches }) => [...inFlight, ...batches])
  }

  /** A record that its serializer keeps from being sent, and that is in no batch; null: none. */
  blockedSend(): BlockedSend | null {
    return this.application.blockedSend()
  }

  /** KafkaProducer.close(): sends nothing new and waits until all that was sent has its fate. */
  close(onClosed: () => void): void {
    this.application.end(onClosed)
    this.sender.wake()
  }

  /** To be called when a source has records that it did not announce (a changed schedule). */
  wake(): void {
    this.sender.wake()
  }
}
