// Models: a producer whose owner hands records over and is told what became of them.
// Leaves out: transactions, interceptors, serialisation; a second thread that sends.
// Source: org.apache.kafka.clients.producer.KafkaProducer (send, flush, close).

import { invariant } from '../../sim/invariant.ts'
import type { Network } from '../../sim/network.ts'
import type { Process, Timer } from '../../sim/process.ts'
import type { Checked } from '../../sim/state-checks.ts'
import type { PartitionIndex } from '../ids.ts'
import type { ClientChannel, NodeDirectory } from '../network/client-channel.ts'
import { Accumulator } from './accumulator.ts'
import type { HandedRecords } from './handed-batch.ts'
import type { ClientMetadata } from './metadata.ts'
import { ProducerClient, type ProducerClientOptions } from './producer-client.ts'
import type { ProducerObserver } from './producer-observer.ts'
import { type SendOwner, SendQueue, type SendTarget } from './send-queue.ts'
import { Sender } from './sender.ts'

export interface KafkaProducerOptions extends ProducerClientOptions {
  readonly owner: SendOwner
  /** Hears of batches and errors; a batch of several ranges is told by its first record. */
  readonly observer: ProducerObserver
}

/**
 * For owners such as Connect: they hand over what they have, and learn of every record what became
 * of it, in the order of each partition.
 */
export class KafkaProducer implements Checked {
  readonly process: Process
  readonly metadata: ClientMetadata
  readonly accumulator: Accumulator
  readonly channel: ClientChannel
  /** The caller’s side of send(). */
  private readonly queue: SendQueue
  /** The I/O thread. */
  private readonly sender: Sender
  /** flush() of an empty buffer returns too, but not before its caller has returned. */
  private readonly flushTimer: Timer
  private readonly closeTimer: Timer
  /** From close() on nothing is taken, though what was taken may still go out. */
  private isClosing = false
  private onClosed: (() => void) | null = null

  /** Build one in each incarnation of `process`. */
  constructor(
    process: Process,
    network: Network,
    directory: NodeDirectory,
    options: KafkaProducerOptions,
  ) {
    const { config, owner, observer } = options
    const client = new ProducerClient(process, network, directory, options)
    this.process = process
    this.metadata = client.metadata
    this.channel = client.channel
    // Handed-over records have their ids: no stream of their own numbers them.
    const accumulator = new Accumulator(config, () => 0)
    this.accumulator = accumulator
    const stickyFor = (topic: string) => client.stickyChoice(topic, accumulator)
    this.queue = new SendQueue(config, accumulator, client.metadata, stickyFor, owner)
    this.sender = new Sender(
      process,
      config,
      client.channel,
      client.metadata,
      this.queue,
      accumulator,
      observer,
    )
    this.flushTimer = process.timer(() => this.queue.endFlushes())
    this.closeTimer = process.timer(() => this.end())
    process.memory.add(this)
    this.sender.wake()
  }

  /** Hands records over. Look at `isBlocked` before the next call: the caller may stand in it. */
  send(target: SendTarget, records: HandedRecords): void {
    invariant(!this.isClosing, 'a closed producer sends nothing')
    this.queue.send(target, records, this.process.now)
    this.sender.wake()
  }

  /** The caller stands in send() until the owner's `onUnblocked`. */
  get isBlocked(): boolean {
    return this.queue.isBlocked
  }

  /** Partitions of a topic in the order of their numbers; empty while unknown. */
  partitionsFor(topic: string): readonly PartitionIndex[] {
    return this.metadata.partitionsOf(topic)
  }

  /** Calls `onDone` when all that was handed over before has met its fate. */
  flush(onDone: () => void): void {
    this.queue.flush(onDone)
    this.flushTimer.arm(0)
    this.sender.wake()
  }

  /** Waits that long for what is unsent, then drops it: with 0 at once. */
  close(timeoutMs: number, onClosed: () => void = () => {}): void {
    if (this.isClosing) return
    this.isClosing = true
    this.onClosed = onClosed
    this.queue.refuseAll()
    // KafkaProducer.close(Duration.ZERO): what is in flight may be written, and nobody is told so.
    if (timeoutMs <= 0) this.end()
    else {
      this.closeTimer.arm(timeoutMs * 1_000)
      this.flush(() => this.end())
    }
  }

  /** Once, by the last fate or by the time-out: then connections close. */
  private end(): void {
    const told = this.onClosed
    if (told === null) return
    this.onClosed = null
    this.closeTimer.cancel()
    this.sender.abort()
    this.channel.close()
    this.process.memory.delete(this)
    told()
  }

  /** Buffer, send(), sequences and connections are whole. @throws InvariantViolation */
  assertWhole(): void {
    this.accumulator.assertWhole()
    this.queue.assertWhole()
    this.sender.idempotence?.assertWhole()
    this.channel.assertWhole()
  }
}
