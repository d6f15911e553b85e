// Models: a subtask of a router: a thread that polls Kafka, a short queue, and a thread that sends
// record by record; a checkpoint is a position between two records, and a flush behind it.
// Leaves out: exactly once, whose transactions are not modelled; filters and projections;
// watermarks.
// Source: org.apache.flink.connector.kafka: KafkaPartitionSplitReader, KafkaSourceReader,
// KafkaWriter (write, flush); SinkWriterOperator.prepareSnapshotPreBarrier.

import type { KafkaProducer } from '../../kafka/clients/kafka-producer.ts'
import type { SendOwner, SettledRecords } from '../../kafka/clients/send-queue.ts'
import type { Assignment } from '../../kafka/clients/subscription.ts'
import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { Timer } from '../../sim/process.ts'
import { AssignedSource, type AssignedSourceOptions } from '../assigned-source.ts'
import { ProducerFeed } from '../producer-feed.ts'
import type { RecordKeys } from '../record-keys.ts'
import { type SourceSlice, sliceOf } from '../source-slice.ts'
import type { KafkaSplit, SplitOffsets } from './messages.ts'

/** source.reader.element.queue.capacity: polls that wait for the sending thread. */
const QUEUE_CAPACITY = 2
/** FlinkKafkaInternalProducer.close, outside of a transaction. */
const CLOSE_TIMEOUT_MS = 3_600_000

export interface RouterSettings {
  /** Of the KafkaSource: poll.timeout.ms */
  /** How long one poll waits for records. */
  readonly pollTimeoutMs: number
  /** commit.offsets.on.checkpoint */
  readonly commitsOffsets: boolean
  readonly startingOffsets: 'earliest' | 'committed' | 'latest'
  /** `none`: a checkpoint does not wait for what was sent, so that a restart may skip it. */
  readonly deliveryGuarantee: 'none' | 'at-least-once'
  /** The sink's. */
  readonly topic: string
}

export interface TaskOptions extends Omit<AssignedSourceOptions, 'assignments'> {
  readonly settings: RouterSettings
  readonly splits: readonly KafkaSplit[]
  readonly keys: RecordKeys
  newProducer(owner: SendOwner): KafkaProducer
  /** Once; nothing comes after it. */
  onFailed(reason: string): void
  onAcknowledged(checkpoint: number, offsets: SplitOffsets): void
}

/**
 * What may go twice, and what may be lost:
 *
 * 1. p0 is at 1,000 when checkpoint 7 comes between two records.
 * 2. With at-least-once the sending thread stands until all before 1,000 is acknowledged. Only then
 *    does it say so, and only then may the job go on from there.
 * 3. Without a guarantee it says so at once. If the subtask dies now, its successor begins at
 *    1,000, and what lay in the producer's memory is nowhere.
 *
 * Runs from its construction until `close` or its first error, which `onFailed` hears when the
 * producer is closed.
 */
export class SourceSinkTask implements SendOwner {
  readonly #options: TaskOptions
  readonly #source: AssignedSource
  readonly #producer: KafkaProducer
  readonly #feed: ProducerFeed
  readonly #failTimer: Timer
  readonly #splits: KafkaSplit[] = []
  /** Between the two threads: results of polls, whole. */
  #queue: (readonly SourceSlice[])[] = []
  /** Of the result that is being sent: what is not sent yet. */
  #left: SourceSlice[] = []
  /** The next record of each partition that the sending thread takes: what a checkpoint holds. */
  readonly #offsets = new Map<PartitionIndex, Offset>()
  /** Positions of checkpoints that are not complete. */
  readonly #snapshots = new Map<number, SplitOffsets>()
  /** Checkpoints that wait for the sending thread, oldest first. */
  readonly #triggered: number[] = []
  #isPolling = false
  /** Since its consumer was told what to read. */
  #isGrown = false
  /** The sending thread stands in a call. */
  #isBusy = false
  #error: string | null = null
  #isClosed = false

  constructor(options: TaskOptions) {
    const { process, splits, keys } = options
    this.#options = options
    this.#take(splits)
    this.#source = new AssignedSource({ ...options, assignments: this.#assignments() })
    this.#producer = options.newProducer(this)
    this.#feed = new ProducerFeed(this.#producer, keys)
    this.#failTimer = process.timer(() => this.#fail())
    this.#poll()
  }

  #take(splits: readonly KafkaSplit[]): void {
    this.#splits.push(...splits)
    for (const { partition, start } of splits) {
      if (start !== null) this.#offsets.set(partition, start)
    }
  }

  #assignments(): Assignment[] {
    const { settings } = this.#options
    return this.#splits.map(({ partition, start }) => {
      return { partition, start: start ?? settings.startingOffsets }
    })
  }

  // ---- the thread that polls --------------------------------------------------------------------

  /** The thread is woken from its poll to read them too. */
  addSplits(splits: readonly KafkaSplit[]): void {
    if (this.#isClosed) return
    this.#take(splits)
    this.#isGrown = true
    if (this.#isPolling) this.#source.wakeup()
    else this.#poll()
  }

  #poll(): void {
    const { settings } = this.#options
    if (this.#isPolling || this.#splits.length === 0 || this.#queue.length >= QUEUE_CAPACITY) return
    if (this.#isGrown) this.#source.assign(this.#assignments())
    this.#isGrown = false
    this.#isPolling = true
    this.#source.poll(settings.pollTimeoutMs, (slices) => {
      this.#isPolling = false
      if (slices.length > 0) this.#queue.push(slices)
      this.#run()
      this.#poll()
    })
  }

  // ---- the thread that sends --------------------------------------------------------------------

  /** What was triggered comes between two records. */
  #run(): void {
    while (!this.#isClosed && !this.#isBusy) {
      const checkpoint = this.#triggered.shift()
      if (checkpoint !== undefined) {
        this.#snapshot(checkpoint)
        continue
      }
      const slice = this.#left.shift() ?? this.#nextSlice()
      if (slice === undefined) return
      this.#send(slice)
    }
  }

  /** Takes a result out of the queue, whose room lets the other thread poll on. */
  #nextSlice(): SourceSlice | undefined {
    const slices = this.#queue.shift()
    if (slices === undefined) return undefined
    this.#left = [...slices]
    this.#poll()
    return this.#left.shift()
  }

  #send(slice: SourceSlice): void {
    const sent = this.#feed.send(slice, this.#options.settings.topic, null)
    this.#offsets.set(slice.partition, slice.from + sent)
    if (sent < slice.count) this.#left.unshift(sliceOf(slice, sent, slice.count - sent))
    if (!this.#producer.isBlocked) return
    this.#isBusy = true
    this.#feed.whenFree(() => this.#goOn())
  }

  #goOn(): void {
    this.#isBusy = false
    this.#run()
  }

  /** Taken between two records, after what was triggered before. */
  trigger(checkpoint: number): void {
    this.#triggered.push(checkpoint)
    this.#run()
  }

  /** Without a guarantee nobody asks whether what was sent has arrived. */
  #snapshot(checkpoint: number): void {
    const { settings, onAcknowledged } = this.#options
    // Taken before the flush: nothing is sent while it lasts, so that all of it is behind the
    // flush.
    const offsets = new Map(this.#offsets)
    this.#snapshots.set(checkpoint, offsets)
    if (settings.deliveryGuarantee === 'none') {
      onAcknowledged(checkpoint, offsets)
      return
    }
    this.#isBusy = true
    this.#producer.flush(() => {
      if (this.#isClosed || this.#error !== null) return
      onAcknowledged(checkpoint, offsets)
      this.#goOn()
    })
  }

  /** Groups in Kafka are for onlookers: the job itself goes on from its checkpoints. */
  completed(checkpoint: number): void {
    const offsets = this.#snapshots.get(checkpoint)
    for (const known of [...this.#snapshots.keys()]) {
      if (known <= checkpoint) this.#snapshots.delete(known)
    }
    const { settings, group } = this.#options
    if (offsets === undefined || !settings.commitsOffsets || group == null) return
    this.#source.commit(offsets)
  }

  // ---- the producer -----------------------------------------------------------------------------

  /** The sending thread goes on. */
  onUnblocked(): void {
    this.#feed.unblocked()
  }

  /** The first record that cannot be sent fails the subtask. */
  onSettled({ outcome, error }: SettledRecords): void {
    if (outcome === 'ok' || this.#error !== null || this.#isClosed) return
    this.#error = `Failed to send data to Kafka: ${error}`
    // Not in the callback: the producer is in the middle of telling.
    this.#failTimer.arm(0)
  }

  #fail(): void {
    const reason = this.#error ?? ''
    this.close(() => this.#options.onFailed(reason))
  }

  /** Cancelled, or failed: what was handed to the producer is still sent. */
  close(onClosed: () => void = () => {}): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#failTimer.cancel()
    this.#source.close()
    this.#producer.close(CLOSE_TIMEOUT_MS, onClosed)
  }
}
