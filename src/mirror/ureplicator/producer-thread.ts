// Models: a thread of a worker with a producer of its own: record by record from its queue to the
// target, and after each a look at the clock: flush, wait for every callback, write checkpoints.
// Leaves out: producer.type=sync; a message transformer of one's own.
// Source: com.uber.stream.ureplicator.worker: ProducerThread, DefaultProducer,
// DefaultMessageTransformer.

import type { KafkaProducer } from '../../kafka/clients/kafka-producer.ts'
import type { SendOwner, SendTarget, SettledRecords } from '../../kafka/clients/send-queue.ts'
import type { Offset } from '../../kafka/ids.ts'
import type { Process, Timer } from '../../sim/process.ts'
import { type Micros, millis } from '../../sim/time.ts'
import { ProducerFeed } from '../producer-feed.ts'
import type { RecordKeys } from '../record-keys.ts'
import { type SourceSlice, sliceOf } from '../source-slice.ts'
import type { ZooKeeperCheckpoints } from './checkpoints.ts'
import type { ChunkQueue, FetchedDataChunk } from './chunk-queue.ts'
import { type HelixPartition, partsOf } from './helix.ts'

/** The producer's close() waits for ever. */
const CLOSE_TIMEOUT_MS = 9_007_199_254_740

export interface ProducerThreadSettings {
  /** offset.commit.interval.ms */
  readonly commitIntervalMs: number
  /** abort_on_send_failure */
  readonly abortOnSendFailure: boolean
  /** topic_partition_count_observer: partition numbers are kept modulo the target’s. */
  readonly keepsPartition: boolean
  /** Names at the target, where they differ. */
  readonly topicMapping: Readonly<Record<string, string>>
}

export interface ProducerThreadOptions {
  readonly process: Process
  readonly settings: ProducerThreadSettings
  readonly queue: ChunkQueue
  readonly checkpoints: ZooKeeperCheckpoints
  readonly keys: RecordKeys
  newProducer(owner: SendOwner): KafkaProducer
  /** An error that ends the thread, and the worker with it. */
  onAborted(reason: string): void
  /** send() stands still for a place that the target does not have. */
  onStalled(reason: string): void
  /** Records are left out. */
  onDropped(records: number, reason: string): void
}

/**
 * At least once between two commits: a worker that dies sends again what it sent since the last,
 * up to offset.commit.interval.ms of its records. A commit is a stop, too: nothing is sent from the
 * flush until ZooKeeper has answered, so that a far ZooKeeper slows the copy down.
 *
 * Commits what it has sent, failed records too where it does not abort: they are left out for good.
 */
export class ProducerThread implements SendOwner {
  readonly #options: ProducerThreadOptions
  readonly #producer: KafkaProducer
  readonly #feed: ProducerFeed
  readonly #dueTimer: Timer
  readonly #abortTimer: Timer
  /** Behind the last record sent of each partition, since the last commit. */
  readonly #consumedOffsets = new Map<HelixPartition, Offset>()
  /** What one poll of a fetcher gave for a partition: it is sent before the next is taken. */
  #chunk: FetchedDataChunk | null = null
  #left: SourceSlice[] = []
  /** The last flush that ended, whatever ZooKeeper said. */
  #committedAt: Micros
  #onStopped: (() => void) | null = null
  /** It waits for its queue, and for nothing else. */
  #isIdle = false
  #isAborted = false

  /** Build one in each incarnation of its process. */
  constructor(options: ProducerThreadOptions) {
    this.#options = options
    this.#producer = options.newProducer(this)
    this.#feed = new ProducerFeed(this.#producer, options.keys)
    this.#committedAt = options.process.now
    this.#dueTimer = options.process.timer(() => this.#wakeUp())
    this.#abortTimer = options.process.timer(() => {
      this.#producer.close(0)
      options.onAborted('a record could not be sent')
    })
    this.#run()
  }

  // ---- the loop ---------------------------------------------------------------------------------

  #run(): void {
    for (;;) {
      if (this.#isAborted) return
      if (this.#onStopped !== null) {
        this.#flushAndCommit(() => this.#end())
        return
      }
      const slice = this.#left.shift() ?? this.#nextSlice()
      if (slice === undefined) {
        if (this.#isDue) this.#commit()
        else this.#wait()
        return
      }
      // The clock is looked at after each record.
      const isDue = this.#isDue
      this.#send(slice, isDue ? 1 : slice.count)
      if (this.#producer.isBlocked) {
        this.#feed.whenFree(() => this.#afterSend())
        return
      }
      if (isDue) {
        this.#commit()
        return
      }
    }
  }

  #afterSend(): void {
    if (this.#isDue) this.#commit()
    else this.#run()
  }

  #nextSlice(): SourceSlice | undefined {
    this.#chunk = this.#options.queue.take()
    this.#left = [...(this.#chunk?.slices ?? [])]
    return this.#left.shift()
  }

  /** Until something comes, or until what was sent is to be committed. */
  #wait(): void {
    const { process, settings, queue } = this.#options
    this.#isIdle = true
    queue.whenAny(() => this.#wakeUp())
    if (!this.#isIdle || this.#consumedOffsets.size === 0) return
    const due = this.#committedAt + millis(settings.commitIntervalMs)
    this.#dueTimer.arm(due - process.now + 1)
  }

  #wakeUp(): void {
    if (!this.#isIdle) return
    this.#isIdle = false
    this.#dueTimer.cancel()
    this.#run()
  }

  #send(slice: SourceSlice, count: number): void {
    const partition = this.#chunk?.partition ?? ''
    const { topic, number } = partsOf(partition)
    const { topicMapping, keepsPartition } = this.#options.settings
    // Modulo: a target with fewer partitions merges some, and keeps each one's order.
    const target: SendTarget['partition'] = keepsPartition ? (count) => number % count : null
    const sent = this.#feed.send(sliceOf(slice, 0, count), topicMapping[topic] ?? topic, target)
    this.#consumedOffsets.set(partition, slice.from + sent)
    if (sent < slice.count) this.#left.unshift(sliceOf(slice, sent, slice.count - sent))
  }

  // ---- flush and commit -------------------------------------------------------------------------

  get #isDue(): boolean {
    const { process, settings } = this.#options
    if (this.#consumedOffsets.size === 0) return false
    return process.now - this.#committedAt > millis(settings.commitIntervalMs)
  }

  #commit(): void {
    this.#flushAndCommit(() => this.#run())
  }

  /** Stands here until ZooKeeper has answered: nothing is sent meanwhile. */
  #flushAndCommit(then: () => void): void {
    const { process, checkpoints } = this.#options
    this.#feed.whenFree(() =>
      this.#producer.flush(() => {
        if (this.#isAborted) return
        this.#committedAt = process.now
        checkpoints.commitOffset(new Map(this.#consumedOffsets), () => {
          this.#consumedOffsets.clear()
          then()
        })
      }),
    )
  }

  // ---- the producer -----------------------------------------------------------------------------

  /** It goes on with what was left of its chunk. */
  onUnblocked(): void {
    this.#feed.unblocked()
  }

  onStalled(reason: string): void {
    this.#options.onStalled(reason)
  }

  /** A failed record is left out, or ends the thread with abort_on_send_failure. */
  onSettled({ outcome, error, ids }: SettledRecords): void {
    if (outcome === 'ok' || this.#isAborted) return
    const { settings, onDropped } = this.#options
    const count = ids.reduce((sum, range) => sum + range.count, 0)
    onDropped(count, error)
    if (!settings.abortOnSendFailure) return
    this.#isAborted = true
    // Not in the callback: the producer is in the middle of telling.
    this.#abortTimer.arm(0)
  }

  // ---- the end ----------------------------------------------------------------------------------

  /** Ends what it does, flushes and commits; one that has aborted does neither. */
  shutdown(onStopped: () => void): void {
    if (this.#isAborted) {
      onStopped()
      return
    }
    this.#onStopped = onStopped
    this.#wakeUp()
  }

  #end(): void {
    this.#producer.close(CLOSE_TIMEOUT_MS, () => this.#onStopped?.())
  }
}
