// Models: a process of MirrorMaker: threads with a consumer each, and one producer for all.
// Leaves out: one thread that flushes while another stands in send(); producer.type=sync.
// Source: kafka.tools.MirrorMaker (main, cleanShutdown, MirrorMakerProducerCallback).

import type { KafkaProducer } from '../../kafka/clients/kafka-producer.ts'
import type { SendOwner, SettledRecords } from '../../kafka/clients/send-queue.ts'
import type { Timer } from '../../sim/process.ts'
import { type GroupMirrorOptions, targetProducer } from '../group-mirror.ts'
import { ProducerFeed, tellStalled } from '../producer-feed.ts'
import { MirrorMakerStream, type StreamOptions, type StreamOwner } from './mirror-maker-stream.ts'

/** The producer's close() waits for ever. */
const CLOSE_TIMEOUT_MS = 9_007_199_254_740

export interface MirrorMakerOptions extends Omit<StreamOptions, 'consumer'>, GroupMirrorOptions {}

/**
 * Its streams are members of one group. The process exits when one of them ends unasked, or when
 * all have ended after `shutdown`.
 */
export class MirrorMaker implements StreamOwner, SendOwner {
  readonly producer: KafkaProducer
  readonly feed: ProducerFeed
  isExiting = false
  isShuttingDown = false
  readonly #options: MirrorMakerOptions
  readonly #streams: MirrorMakerStream[] = []
  readonly #abortTimer: Timer
  #running: number
  #dropped = 0

  /** Build one at each boot of its process. */
  constructor(options: MirrorMakerOptions) {
    const { process, keys, group } = options
    this.#options = options
    this.producer = targetProducer(options, this)
    this.feed = new ProducerFeed(this.producer, keys)
    this.#abortTimer = process.timer(() => this.#abort())
    this.#running = options.options.numStreams
    for (let n = 0; n < options.options.numStreams; n++) {
      const member = { ...group, clientId: `${group.group}-${n}` }
      const consumer = { ...options.consumer, group: member }
      this.#streams.push(new MirrorMakerStream({ ...options, consumer }, this))
    }
  }

  // ---- the producer -----------------------------------------------------------------------------

  /** Threads that stood in send() go on, in the order in which they came. */
  onUnblocked(): void {
    this.feed.unblocked()
  }

  onStalled(reason: string): void {
    tellStalled(this.#options.tell, reason)
  }

  /** The producer's retries are over. Without abort.on.send.failure the record is left out. */
  onSettled({ outcome, error, ids }: SettledRecords): void {
    if (outcome === 'ok' || this.isExiting) return
    const count = ids.reduce((sum, range) => sum + range.count, 0)
    this.#dropped += count
    if (!this.#options.options.abortOnSendFailure) {
      this.#options.tell('send-failed', `left out ${count} records: ${error}`)
      return
    }
    this.isExiting = true
    this.#options.tell('send-failed', `could not send ${count} records: ${error}`)
    // Not in the callback: the producer is in the middle of telling.
    this.#abortTimer.arm(0)
  }

  #abort(): void {
    this.producer.close(0)
    for (const stream of this.#streams) stream.aborted()
  }

  /** numDroppedMessages. */
  get dropped(): number {
    return this.#dropped
  }

  // ---- threads ----------------------------------------------------------------------------------

  /** The process counts as copying from its first thread on. */
  onJoined(): void {
    this.#options.onReady()
  }

  /** The process flushes what it has and ends without a commit. */
  onFailed(reason: string): void {
    if (this.isExiting) return
    this.isExiting = true
    this.#options.tell('thread-failed', `a thread has failed: ${reason}`)
    this.feed.whenFree(() => this.producer.flush(() => this.#exit()))
  }

  /** A thread that ends unasked takes the process along. */
  onEnded(): void {
    this.#running--
    if (!this.isShuttingDown) this.#exit()
    else if (this.#running === 0) {
      this.producer.close(CLOSE_TIMEOUT_MS, () => this.#options.process.exit())
    }
  }

  #exit(): void {
    this.#options.tell('mirror-maker-stopped', 'has stopped')
    for (const stream of this.#streams) stream.close()
    this.#options.process.exit()
  }

  /** SIGTERM: threads flush, commit and leave, then the process ends. */
  shutdown(): void {
    this.isShuttingDown = true
    for (const stream of this.#streams) stream.shutdown()
  }
}
