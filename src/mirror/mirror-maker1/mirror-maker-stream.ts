// Models: a thread of MirrorMaker: poll, send record by record, and at times flush and commit.
// Leaves out: the time that the thread itself takes; offsets of deleted topics, which would be
// dropped after a commit timed out; a second commit in close().
// Source: kafka.tools.MirrorMaker (MirrorMakerThread, ConsumerWrapper, InternalRebalanceListener).

import type { Consumer } from '../../kafka/clients/consumer.ts'
import type { CommitOutcome } from '../../kafka/clients/group/requested-commits.ts'
import type { KafkaProducer } from '../../kafka/clients/kafka-producer.ts'
import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import { NO_EPOCH } from '../../kafka/ids.ts'
import type { Timer } from '../../sim/process.ts'
import { type Micros, MS, millis } from '../../sim/time.ts'
import { type ThreadSource, threadConsumer } from '../group-mirror.ts'
import type { ProducerFeed } from '../producer-feed.ts'
import { type SourceSlice, sliceOf } from '../source-slice.ts'
import { IncludeList, type MirrorMaker1Options } from './options.ts'

/** Hard-coded: an offset.commit.interval.ms below it is late by up to that. */
const POLL_TIMEOUT_MS = 1_000
/** Between two tries of a commit that timed out, without end; nothing is copied meanwhile. */
const COMMIT_RETRY: Micros = 100 * MS

/** The process around its threads. */
export interface StreamOwner {
  readonly producer: KafkaProducer
  readonly feed: ProducerFeed
  /** The process gives up: nothing more is sent or committed. */
  readonly isExiting: boolean
  /** The process was asked to end. */
  readonly isShuttingDown: boolean
  onJoined(): void
  /** An exception that nobody catches. */
  onFailed(reason: string): void
  onEnded(): void
}

export interface StreamOptions extends ThreadSource {
  readonly options: MirrorMaker1Options
}

/**
 * Offsets are those of records sent, whatever became of them: only the flush before a commit makes
 * them safe.
 */
export class MirrorMakerStream {
  readonly #around: StreamOptions
  readonly #owner: StreamOwner
  readonly #consumer: Consumer
  readonly #retryTimer: Timer
  /** Read and not sent yet. */
  #polled: SourceSlice[] = []
  /** Behind the last record read of each partition, since the last commit. */
  readonly #offsets = new Map<PartitionIndex, Offset>()
  #committedAt: Micros
  #retry: (() => void) | null = null
  /** It stands in a call of the producer. */
  #isInProducer = false
  #hasEnded = false

  constructor(around: StreamOptions, owner: StreamOwner) {
    const { process, options } = around
    this.#around = around
    this.#owner = owner
    this.#committedAt = process.now
    this.#retryTimer = process.timer(() => this.#retry?.())
    this.#consumer = threadConsumer(around, new IncludeList(options.include), {
      onSlices: (slices) => this.#polled.push(...slices),
      onRevoked: (done) => this.#flushAndCommit(done),
      onJoined: () => owner.onJoined(),
      onGroupFailed: (error) => owner.onFailed(error),
    })
    this.#run()
  }

  // ---- the loop ---------------------------------------------------------------------------------

  /**
   * The thread’s loop, record by record as Kafka’s: whether to end, whether to commit, what to
   * send. It ends where it must wait, and the callback of what it waits for begins it again.
   */
  #run(): void {
    while (!this.#hasEnded) {
      if (this.#mustEnd) {
        this.#finish()
        return
      }
      const slice = this.#polled.shift()
      if (slice === undefined) {
        this.#consumer.poll(POLL_TIMEOUT_MS, (records) => {
          if (records > 0) this.#run()
          else this.#commitOnSchedule()
        })
        return
      }
      // The clock is looked at after each record.
      const isDue = this.#isDue
      this.#send(slice, isDue ? 1 : slice.count)
      if (this.#owner.producer.isBlocked) {
        this.#inProducer(
          (free) => this.#owner.feed.whenFree(free),
          () => this.#commitOnSchedule(),
        )
        return
      }
      if (isDue) {
        this.#commitOnSchedule()
        return
      }
    }
  }

  /** Looked at before each record: what was polled and not sent is read again by its successor. */
  get #mustEnd(): boolean {
    return this.#owner.isExiting || this.#owner.isShuttingDown
  }

  /** An offset counts as read before its record is sent. */
  #send(slice: SourceSlice, count: number): void {
    const { topics } = this.#around.source
    const { handler } = this.#around.options
    const { partition } = slice
    const topic = `${handler.prefix}${topics.topicOf(partition)}`
    const number = handler.keepsPartition ? topics.numberOf(partition) : null
    const sent = this.#owner.feed.send(sliceOf(slice, 0, count), topic, number)
    this.#offsets.set(partition, slice.from + sent)
    if (sent < slice.count) this.#polled.unshift(sliceOf(slice, sent, slice.count - sent))
  }

  // ---- flush and commit -------------------------------------------------------------------------

  /** Strictly later: with an interval of 0 it is due in the next millisecond, not in this one. */
  get #isDue(): boolean {
    const { process, options } = this.#around
    return process.now - this.#committedAt > millis(options.offsetCommitIntervalMs)
  }

  /** After a send failure that ends the process nothing is committed: it would be lost for good. */
  #commitOnSchedule(): void {
    if (!this.#isDue || this.#owner.isExiting) {
      this.#run()
      return
    }
    this.#flushAndCommit(() => {
      this.#committedAt = this.#around.process.now
      this.#run()
    })
  }

  /**
   * 1. Offsets of records are noted when they are read. 2. flush() waits for all that was sent, by
   * all threads. 3. Only then the commit is safe: what it covers is in the target, or was given up.
   */
  #flushAndCommit(done: () => void): void {
    const { producer } = this.#owner
    this.#inProducer(
      (flushed) => this.#owner.feed.whenFree(() => producer.flush(flushed)),
      () => this.#commit(done),
    )
  }

  /** Marks that it stands in the producer: a producer that is closed has it go on, and end. */
  #inProducer(call: (returned: () => void) => void, then: () => void): void {
    this.#isInProducer = true
    call(() => {
      this.#isInProducer = false
      if (!this.#hasEnded) then()
    })
  }

  /** All that it has read, also of partitions that are about to go to others. */
  #commit(done: () => void): void {
    if (this.#owner.isExiting) {
      done()
      return
    }
    const offsets = [...this.#offsets].map(([partition, offset]) => {
      return { partition, offset, leaderEpoch: NO_EPOCH }
    })
    this.#consumer.commitSync(offsets, (outcome) => this.#committed(outcome, done))
  }

  /**
   * MirrorMaker.commitOffsets: time-outs are tried again, a lost place in the group is only logged.
   */
  #committed(outcome: CommitOutcome, done: () => void): void {
    switch (outcome) {
      case 'committed':
        this.#offsets.clear()
        done()
        return
      // The group has gone on without it: a warning, and the offsets stay for the next time.
      case 'failed':
        done()
        return
      case 'retriable':
      case 'timed-out':
        this.#retry = () => this.#commit(done)
        this.#retryTimer.arm(COMMIT_RETRY)
        return
      case 'rebalancing':
        this.#owner.onFailed('it committed while its group was rebalancing')
    }
  }

  // ---- the end ----------------------------------------------------------------------------------

  /** Out of a poll; whatever else it stands in it ends first. */
  shutdown(): void {
    this.#consumer.wakeup()
  }

  /** The producer is closed: whoever stood in it goes on. */
  aborted(): void {
    if (this.#isInProducer) this.#end()
  }

  /** The last flush and commit of a clean end; one that is forced commits nothing. */
  #finish(): void {
    if (this.#owner.isExiting) this.#end()
    else this.#flushAndCommit(() => this.#end())
  }

  /** Once: a thread may be told to end from two sides. */
  #end(): void {
    if (this.#hasEnded) return
    this.close()
    this.#owner.onEnded()
  }

  /** Leaves the group and says nothing more. */
  close(): void {
    this.#hasEnded = true
    this.#retryTimer.cancel()
    this.#consumer.close()
  }
}
