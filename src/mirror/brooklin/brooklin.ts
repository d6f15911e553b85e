// Models: an instance of Brooklin that runs tasks of one datastream.
// Leaves out: the coordinator, which would give the tasks of a dead instance to others (its
// partitions go to them through the group all the same); ten producers a connector instead of one;
// a producer that is closed and made anew after each failure.
// Source: com.linkedin.datastream.connectors.kafka.mirrormaker.KafkaMirrorMakerConnector,
// com.linkedin.datastream.kafka.KafkaProducerWrapper.

import type { KafkaProducer } from '../../kafka/clients/kafka-producer.ts'
import type { SendOwner, SettledRecords } from '../../kafka/clients/send-queue.ts'
import { type GroupMirrorOptions, targetProducer } from '../group-mirror.ts'
import { ProducerFeed, SentSlice, tellStalled } from '../producer-feed.ts'
import { BrooklinTask, type BrooklinTaskOptions, type TaskOwner } from './brooklin-task.ts'

const CLOSE_TIMEOUT_MS = 10_000

export interface BrooklinOptions
  extends Omit<BrooklinTaskOptions, 'consumer'>,
    GroupMirrorOptions {}

/**
 * Its tasks are members of one group and share one producer. The process exits when the last of
 * them has ended.
 */
export class Brooklin implements TaskOwner, SendOwner {
  readonly producer: KafkaProducer
  readonly feed: ProducerFeed
  isShuttingDown = false
  readonly #options: BrooklinOptions
  readonly #tasks: BrooklinTask[] = []
  #running: number

  /** Build one at each boot of its process. */
  constructor(options: BrooklinOptions) {
    const { keys, group, settings } = options
    this.#options = options
    this.producer = targetProducer(options, this)
    this.feed = new ProducerFeed(this.producer, keys)
    this.#running = settings.tasks
    const apiTimeoutMs = settings.commitTimeoutMs
    for (let n = 0; n < settings.tasks; n++) {
      const member = { ...group, apiTimeoutMs, clientId: `${group.group}-${n}` }
      const consumer = { ...options.consumer, group: member }
      this.#tasks.push(new BrooklinTask({ ...options, consumer }, this))
    }
  }

  /** Tasks that stood in send() go on, in the order in which they came. */
  onUnblocked(): void {
    this.feed.unblocked()
  }

  onStalled(reason: string): void {
    tellStalled(this.#options.tell, reason)
  }

  /** Told to the task that sent it. */
  onSettled(settled: SettledRecords): void {
    const { tag } = settled
    if (!(tag instanceof SentSlice)) return
    const task = this.#tasks.find((one) => one === tag.sender)
    task?.settled(tag.slice, settled)
  }

  /** The instance counts as copying from its first task on. */
  onJoined(): void {
    this.#options.onReady()
  }

  /** Under the name of the process. */
  tell(kind: string, text: string): void {
    this.#options.tell(kind, text)
  }

  /** After the last one: what the producer still holds is sent, for 10 s at most. */
  onEnded(): void {
    this.#running--
    if (this.#running > 0) return
    this.producer.close(CLOSE_TIMEOUT_MS, () => this.#options.process.exit())
  }

  /** SIGTERM: tasks flush, commit and leave, then the process ends. */
  shutdown(): void {
    this.isShuttingDown = true
    for (const task of this.#tasks) task.shutdown()
  }
}
