// Models: a task of a mirroring datastream: it reads topics by pattern in the datastream's group,
// goes back where a record could not be sent, and commits after a flush or, flushless, what is
// acknowledged without a gap.
// Leaves out: flow control (off by default); a task that dies with its poll errors; metadata of the
// origin in headers.
// Source: com.linkedin.datastream.connectors.kafka: AbstractKafkaBasedConnectorTask (run,
// translateAndSendBatch, maybeCommitOffsetsInternal), mirrormaker.KafkaMirrorMakerConnectorTask.

import type { Consumer } from '../../kafka/clients/consumer.ts'
import type { KafkaProducer } from '../../kafka/clients/kafka-producer.ts'
import type { SettledRecords } from '../../kafka/clients/send-queue.ts'
import type { CommittedOffset } from '../../kafka/group-messages.ts'
import { NO_EPOCH, type PartitionIndex } from '../../kafka/ids.ts'
import type { Timer } from '../../sim/process.ts'
import { type Micros, millis, SECOND } from '../../sim/time.ts'
import { type ThreadSource, threadConsumer } from '../group-mirror.ts'
import type { ProducerFeed } from '../producer-feed.ts'
import { type SourceSlice, sliceOf } from '../source-slice.ts'
import { type BrooklinConfig, SourceTopics } from './config.ts'
import { SafeCheckpoints } from './safe-checkpoints.ts'

const COMMIT_RETRY: Micros = 1 * SECOND
const COMMIT_RETRY_TIMEOUT: Micros = 5 * SECOND

/** The instance around its tasks. */
export interface TaskOwner {
  readonly producer: KafkaProducer
  readonly feed: ProducerFeed
  readonly isShuttingDown: boolean
  onJoined(): void
  onEnded(): void
  tell(kind: string, text: string): void
}

export interface BrooklinTaskOptions extends ThreadSource {
  /** Of the datastream, the same for all of its tasks. */
  readonly settings: BrooklinConfig
}

/**
 * One thread: what it waits for (a full producer, a flush, a commit) it does nothing beside, so
 * that its consumer is not polled either, and a wait beyond max.poll.interval.ms costs its
 * partitions.
 *
 * Unlike MirrorMaker 1 it survives records that cannot be sent, by going back. In order that no
 * record is lost, nothing behind the failed one may be committed in the meantime:
 *
 * 1. 100 to 199 of p0 are sent; 150 fails; 151 to 199 are acknowledged.
 * 2. Flushless, the safe position stays at 150, whatever comes behind it is acknowledged.
 * 3. Before the next poll the task goes back to 150, and sends 150 to 199 again: 49 arrive twice.
 * 4. If 150 can never be sent this goes round for ever, for this partition alone. Only
 *    pausePartitionOnError gives it a rest in between.
 *
 * An instance makes its tasks at its boot; they end together.
 */
export class BrooklinTask {
  readonly #around: BrooklinTaskOptions
  readonly #owner: TaskOwner
  readonly #consumer: Consumer
  readonly #retryTimer: Timer
  /** Empty unless flushless: then a commit waits for everything, and needs no bookkeeping. */
  readonly #checkpoints = new SafeCheckpoints()
  /** Set aside after a failure, and until when. */
  readonly #paused = new Map<PartitionIndex, Micros>()
  /** Source partitions with a record that could not be sent. */
  readonly #failed = new Set<PartitionIndex>()
  /** What the last poll returned and was not sent yet. */
  #polled: SourceSlice[] = []
  /** Given up in this batch: they go back before the next poll. */
  readonly #behind = new Set<PartitionIndex>()
  /** When it last committed with success, or began. */
  #committedAt: Micros
  #pollTimeoutMs = 0
  /** The commit that waits to be tried again. */
  #retry: (() => void) | null = null
  #hasEnded = false

  constructor(around: BrooklinTaskOptions, owner: TaskOwner) {
    const { process, settings } = around
    this.#around = around
    this.#owner = owner
    this.#committedAt = process.now
    this.#retryTimer = process.timer(() => this.#retry?.())
    this.#consumer = threadConsumer(around, new SourceTopics(settings.topics), {
      onSlices: (slices) => this.#polled.push(...slices),
      onRevoked: (done) => this.#flushAndCommit(done),
      onJoined: () => owner.onJoined(),
    })
    this.#poll()
  }

  // ---- the loop ---------------------------------------------------------------------------------

  #run(): void {
    if (this.#hasEnded) return
    if (this.#owner.isShuttingDown) this.#flushAndCommit(() => this.#end())
    else this.#rewindFailed(() => this.#poll())
  }

  #poll(): void {
    const { process } = this.#around
    const { owned } = this.#consumer.subscription
    for (const [one, until] of this.#paused) {
      if (process.now >= until || !owned.includes(one)) this.#paused.delete(one)
    }
    // Said before every poll: after a rebalance a partition comes back as one that runs.
    for (const one of owned) this.#consumer.setPaused(one, this.#paused.has(one))
    this.#consumer.poll(this.#pollTimeoutMs, () => this.#sendAll())
    // The first poll is short, so that the start is quick.
    this.#pollTimeoutMs = this.#around.settings.pollTimeoutMs
  }

  /** One record after the other; a partition with a failure stands still, the others go on. */
  #sendAll(): void {
    const { producer, feed } = this.#owner
    for (;;) {
      if (this.#hasEnded) return
      const slice = this.#polled.shift()
      if (slice === undefined) break
      // Fetched before it was paused or failed: all of it is read again from the position it goes
      // back to, so that it is not sent now, in front of the failed one.
      if (this.#paused.has(slice.partition) || this.#failed.has(slice.partition)) {
        this.#behind.add(slice.partition)
        this.#polled = this.#polled.filter(({ partition }) => partition !== slice.partition)
        continue
      }
      this.#send(slice)
      if (producer.isBlocked) {
        feed.whenFree(() => this.#sendAll())
        return
      }
    }
    this.#rewind([...this.#behind], () => this.#commitOnSchedule(() => this.#run()))
    this.#behind.clear()
  }

  #send(slice: SourceSlice): void {
    const { settings, source } = this.#around
    const { partition, from } = slice
    const topic = `${settings.destinationTopicPrefix}${source.topics.topicOf(partition)}`
    const number = settings.identityPartitioningEnabled ? source.topics.numberOf(partition) : null
    const sent = this.#owner.feed.send(slice, topic, number, this)
    // Before the answer can come: an acknowledgement of what is not registered would be passed
    // over.
    if (settings.isFlushlessModeEnabled) this.#checkpoints.register(partition, from, sent)
    if (sent < slice.count) this.#polled.unshift(sliceOf(slice, sent, slice.count - sent))
  }

  /** Of one slice that it sent. */
  settled({ partition, from }: SourceSlice, { skip, ids, outcome, error }: SettledRecords): void {
    if (this.#hasEnded) return
    const count = ids.reduce((sum, range) => sum + range.count, 0)
    if (outcome === 'ok') this.#checkpoints.ack(partition, from + skip, count)
    else {
      if (!this.#failed.has(partition)) this.#owner.tell('send-failed', `${error}, goes back`)
      this.#failed.add(partition)
    }
  }

  // ---- going back -------------------------------------------------------------------------------

  /** Failures lead back to the last checkpoint, and for a time no further where it is so set. */
  #rewindFailed(then: () => void): void {
    const { settings, process } = this.#around
    const failed = [...this.#failed]
    this.#failed.clear()
    if (settings.pausePartitionOnError) {
      const until = process.now + millis(settings.pauseErrorPartitionDurationMs)
      for (const one of failed) this.#paused.set(one, until)
    }
    this.#rewind(failed, then)
  }

  /** To what is safe, else to what is committed, else to where the group began. */
  #rewind(partitions: readonly PartitionIndex[], then: () => void): void {
    const owned = partitions.filter((one) => this.#consumer.subscription.of(one) !== null)
    // Nothing of it is known here to have arrived: the group's own position is the newest there is.
    const unknown = owned.filter((one) => this.#checkpoints.safe(one) === null)
    for (const one of owned) {
      const safe = this.#checkpoints.safe(one)
      if (safe !== null) this.#consumer.seek(one, safe)
      this.#checkpoints.clear(one)
    }
    if (unknown.length === 0) {
      then()
      return
    }
    this.#consumer.committed(unknown, (offsets) => {
      for (const one of unknown) {
        const known = offsets?.find(({ partition }) => partition === one)
        // Without a commit it begins where the group began, and not where it stands now.
        if (known === undefined) this.#consumer.seekToStart(one)
        else this.#consumer.seek(one, known.offset)
      }
      then()
    })
  }

  // ---- commits ----------------------------------------------------------------------------------

  #commitOnSchedule(then: () => void): void {
    const { process, settings } = this.#around
    const isDue = process.now - this.#committedAt > millis(settings.commitIntervalMs)
    if (!isDue) then()
    else if (settings.isFlushlessModeEnabled) this.#commitWithRetries(this.#safeOffsets, then)
    else this.#flushAndCommit(then)
  }

  get #safeOffsets(): CommittedOffset[] {
    return this.#consumer.subscription.owned.flatMap((partition) => {
      const offset = this.#checkpoints.safe(partition)
      return offset === null ? [] : [{ partition, offset, leaderEpoch: NO_EPOCH }]
    })
  }

  #flushAndCommit(then: () => void): void {
    const { producer, feed } = this.#owner
    const { isFlushlessModeEnabled } = this.#around.settings
    feed.whenFree(() =>
      producer.flush(() => {
        if (this.#hasEnded) return
        if (!isFlushlessModeEnabled) {
          // A flush ends when everything has met its fate, failures too. Partitions with failures
          // go back first, so that what is committed of them is where they went back to.
          const commit = () => this.#commitWithRetries(this.#consumer.subscription.consumed(), then)
          this.#rewindFailed(commit)
          return
        }
        this.#commitWithRetries(this.#safeOffsets, () => {
          this.#checkpoints.clear()
          then()
        })
      }),
    )
  }

  /** A commit that fails for five seconds is a warning. */
  #commitWithRetries(offsets: readonly CommittedOffset[], then: () => void): void {
    const { process } = this.#around
    const giveUpAt = process.now + COMMIT_RETRY_TIMEOUT
    const attempt = () => {
      this.#consumer.commitSync(offsets, (outcome) => {
        if (outcome === 'committed' || process.now >= giveUpAt) {
          if (outcome === 'committed') this.#committedAt = process.now
          then()
          return
        }
        this.#retry = attempt
        this.#retryTimer.arm(COMMIT_RETRY)
      })
    }
    attempt()
  }

  // ---- the end ----------------------------------------------------------------------------------

  /** Out of its poll; then it flushes, commits and ends. */
  shutdown(): void {
    this.#consumer.wakeup()
  }

  #end(): void {
    this.#hasEnded = true
    this.#retryTimer.cancel()
    this.#consumer.close()
    this.#owner.onEnded()
  }
}
