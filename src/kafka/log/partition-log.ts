// Models: a replica's log: offsets, the three ways its high watermark moves, append, read, cut.
// Leaves out: compaction, tiered storage, the time a flush after a roll takes, transactions.
// Source: UnifiedLog, LocalLog, LogLoader.

import { invariant } from '../../sim/invariant.ts'
import type { Random } from '../../sim/random.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { type Micros, MS } from '../../sim/time.ts'
import type { BrokerCompressionType } from '../compression.ts'
import type { KafkaError } from '../errors.ts'
import { type LeaderEpoch, NO_OFFSET, NO_PRODUCER, type Offset } from '../ids.ts'
import type { ProducedBatch, RecordBatch } from '../messages.ts'
import { repacked } from '../network/packed-size.ts'
import { BatchList, nextOffsetOf } from './batch-list.ts'
import { LeaderEpochCache } from './leader-epoch-cache.ts'
import { LogSegments, type RetentionConfig, type SegmentConfig } from './log-segments.ts'
import { ProducerStateManager } from './producer-state.ts'

export interface LogConfig extends SegmentConfig, RetentionConfig {
  /** flush.messages: records after which an append waits for the disk. */
  readonly flushMessages: number
  /** compression.type */
  readonly compressionType: BrokerCompressionType
  /** producer.id.expiration.ms */
  readonly producerIdExpirationMs: number
}

/** What came of a leader's append. */
export interface LeaderAppend {
  readonly error: KafkaError
  /** Offsets given now, or those of the first time for a duplicate; -1 with an error. */
  readonly firstOffset: Offset
  /** What was appended; null for a duplicate or an error. */
  readonly batch: RecordBatch | null
  /** Offset that follows the batch's last record. */
  readonly nextOffset: Offset
}

/** One replica's log. Always logStart <= highWatermark <= end; epochs and batches agree. */
export class PartitionLog implements Checked {
  readonly epochs = new LeaderEpochCache()
  readonly #producers: ProducerStateManager
  /** The batches below it are remembered in `#producers`. */
  #rememberedEnd: Offset
  readonly #batches = new BatchList()
  readonly #segments: LogSegments
  #logStart: Offset
  #end: Offset
  #highWatermark: Offset
  #recoveryPoint: Offset
  config: LogConfig

  constructor(config: LogConfig, startOffset: Offset = 0) {
    this.config = config
    this.#producers = new ProducerStateManager(config.producerIdExpirationMs * MS)
    this.#rememberedEnd = startOffset
    this.#segments = new LogSegments(startOffset)
    this.#logStart = startOffset
    this.#end = startOffset
    this.#highWatermark = startOffset
    this.#recoveryPoint = startOffset
  }

  /** Smallest readable offset. */
  get logStartOffset(): Offset {
    return this.#logStart
  }

  /** Next offset to assign (LEO). */
  get logEndOffset(): Offset {
    return this.#end
  }

  /** Exclusive end of what this replica believes committed. */
  get highWatermark(): Offset {
    return this.#highWatermark
  }

  /** LSO: nothing below it is part of a transaction that may still be aborted. */
  get lastStableOffset(): Offset {
    const unstable = this.#producers.firstUnstableOffset() ?? this.#highWatermark
    return Math.min(unstable, this.#highWatermark)
  }

  /** Everything below it survives a power loss. */
  get recoveryPoint(): Offset {
    return this.#recoveryPoint
  }

  get sizeBytes(): number {
    return this.#batches.bytes
  }

  get segmentCount(): number {
    return this.#segments.count
  }

  /** Whether a batch waits for fsync before its append counts (flush.messages). */
  get flushIsDue(): boolean {
    return this.#end - this.#recoveryPoint >= this.config.flushMessages
  }

  /** Bytes that a recovery after an unclean stop must scan. */
  get bytesAboveRecoveryPoint(): number {
    let bytes = 0
    for (let i = this.#batches.indexOf(this.#recoveryPoint); i < this.#batches.length; i++) {
      bytes += this.#batches.at(i)?.bytes ?? 0
    }
    return bytes
  }

  /**
   * What every replica keeps of its producers, so that it survives a change of leader. Followers
   * catch up with their log when somebody asks, which hardly ever happens while they follow.
   */
  get producers(): ProducerStateManager {
    if (this.#rememberedEnd < this.#end) this.#catchUp()
    return this.#producers
  }

  /** All batches, oldest first; a copy. */
  batches(): readonly RecordBatch[] {
    return this.#batches.toArray()
  }

  /**
   * Gives a produced batch the next offsets and the leader's epoch, and keeps it. A batch that an
   * idempotent producer sent before gets its old offsets and is not appended again.
   */
  appendAsLeader(batch: ProducedBatch, leaderEpoch: LeaderEpoch): LeaderAppend {
    const { producers } = this
    if (batch.producerId !== NO_PRODUCER) {
      const known = producers.findDuplicate(batch)
      if (known !== undefined) return duplicateOf(known.firstOffset, known.lastOffset + 1)
      const error = producers.check(batch, 'client')
      if (error !== 'NONE') return refusedAppend(error)
    }
    const { bytes, packing } = repacked(batch, this.config.compressionType)
    const appended: RecordBatch = {
      baseOffset: this.#end,
      count: batch.count,
      bytes,
      payloadBytes: batch.payloadBytes,
      leaderEpoch,
      producerId: batch.producerId,
      producerEpoch: batch.producerEpoch,
      baseSequence: batch.baseSequence,
      isTransactional: batch.isTransactional,
      firstRecordId: batch.firstRecordId,
      createdFirst: batch.createdFirst,
      createdLast: batch.createdLast,
      packing,
      ids: batch.ids,
      values: batch.values,
    }
    const firstOffset = this.#end
    this.#append(appended)
    this.#remember(appended)
    return { error: 'NONE', firstOffset, batch: appended, nextOffset: this.#end }
  }

  /**
   * Keeps batches as the leader gave them.
   * @returns false, nothing appended from there on, where a batch does not continue the log
   *   (Kafka's UnexpectedAppendOffsetException)
   */
  appendAsFollower(batches: readonly RecordBatch[]): boolean {
    for (let i = 0; i < batches.length; i++) {
      const batch = batches[i]
      if (batch === undefined) continue
      if (batch.baseOffset !== this.#end) return false
      this.#append(batch)
      // An open transaction holds the last stable offset back from its first batch on.
      if (batch.isTransactional === true) this.#catchUp()
    }
    return true
  }

  #append(batch: RecordBatch): void {
    if (batch.leaderEpoch !== this.epochs.latestEpoch()) {
      this.epochs.assign(batch.leaderEpoch, batch.baseOffset)
    }
    if (this.#segments.append(batch, this.config)) this.#recoveryPoint = batch.baseOffset
    this.#batches.push(batch)
    this.#end = nextOffsetOf(batch)
  }

  #remember(batch: RecordBatch): void {
    this.#rememberedEnd = nextOffsetOf(batch)
    if (batch.producerId === NO_PRODUCER) return
    this.#producers.append(batch, batch.baseOffset, batch.createdLast, 'replication')
  }

  #catchUp(): void {
    for (let i = this.#batches.indexOf(this.#rememberedEnd); i < this.#batches.length; i++) {
      const batch = this.#batches.at(i)
      if (batch !== undefined) this.#remember(batch)
    }
    this.#rememberedEnd = this.#end
  }

  /** Whether a fetch at `offset` is refused with OFFSET_OUT_OF_RANGE. */
  isOutOfRange(offset: Offset): boolean {
    return offset < this.#logStart || offset > this.#end
  }

  /**
   * Whole batches from `from` up to `limit` (exclusive) and `bytesMax`; with `atLeastOne` the first
   * comes whatever its size. An offset between `limit` and the log's end reads as empty.
   */
  read(from: Offset, limit: Offset, bytesMax: number, atLeastOne: boolean): readonly RecordBatch[] {
    return this.#batches.read(from, limit, bytesMax, atLeastOne)
  }

  /** The batch that holds `offset`. */
  batchAt(offset: Offset): RecordBatch | undefined {
    const batch = this.#batches.at(this.#batches.indexOf(offset))
    return batch !== undefined && batch.baseOffset <= offset ? batch : undefined
  }

  /** Leader: only ever forward. @returns whether it moved */
  maybeIncrementHighWatermark(offset: Offset): boolean {
    invariant(offset <= this.#end, 'a leader’s high watermark does not pass its log’s end', {
      offset,
      logEndOffset: this.#end,
    })
    if (offset <= this.#highWatermark) return false
    this.#highWatermark = offset
    return true
  }

  /** Follower, from a fetch response: as it comes, also backwards. @returns whether it moved */
  maybeUpdateHighWatermark(offset: Offset): boolean {
    const before = this.#highWatermark
    this.updateHighWatermark(offset)
    return this.#highWatermark !== before
  }

  /** Checkpoint, truncation, change of the log's start: clamped into the log, then set. */
  updateHighWatermark(offset: Offset): void {
    this.#highWatermark = Math.max(this.#logStart, Math.min(offset, this.#end))
  }

  /**
   * Cuts the log's end to `offset`, whole batches. Epochs that begin there or later are forgotten
   * even when no record goes: that is how an epoch without records disappears.
   * @returns whether records were cut
   */
  truncateTo(offset: Offset): boolean {
    if (offset >= this.#end) {
      this.epochs.truncateFromEnd(offset)
      return false
    }
    if (offset < this.#logStart) {
      this.truncateFullyAndStartAt(offset)
      return true
    }
    const cut = this.#batches.indexOf(offset)
    const end = this.#batches.at(cut)?.baseOffset ?? offset
    this.#batches.cutAt(cut)
    this.#end = end
    this.#segments.truncateTo(end, this.#batches)
    this.epochs.truncateFromEnd(end)
    this.#recoveryPoint = Math.min(this.#recoveryPoint, end)
    this.#reloadProducers()
    this.updateHighWatermark(this.#highWatermark)
    this.#assertOrdered()
    return true
  }

  /** Reads what is left of the log again, where a producer's batches may have gone. */
  #reloadProducers(): void {
    this.#producers.truncateFullyAndStartAt(this.#logStart)
    this.#rememberedEnd = NO_OFFSET
    this.#catchUp()
  }

  /** Drops everything; the log goes on at `offset`. */
  truncateFullyAndStartAt(offset: Offset): void {
    this.#batches.clear()
    this.#segments.restartAt(offset)
    this.epochs.clear()
    this.#producers.truncateFullyAndStartAt(offset)
    this.#rememberedEnd = offset
    this.#logStart = offset
    this.#end = offset
    this.#recoveryPoint = offset
    this.#highWatermark = offset
    this.#assertOrdered()
  }

  /**
   * Raises the log's start, never above the high watermark. What lies below need not be kept any
   * more, and counts as flushed: a power loss must not take the log's start back with it.
   * @returns whether it moved
   */
  maybeIncrementLogStartOffset(offset: Offset): boolean {
    if (offset > this.#highWatermark || offset <= this.#logStart) return false
    this.#logStart = offset
    this.#recoveryPoint = Math.max(this.#recoveryPoint, offset)
    this.epochs.truncateFromStart(offset)
    return true
  }

  /**
   * Deletes old or surplus segments below the high watermark, and shows their batches before.
   * @returns whether any went
   */
  deleteOldSegments(now: Micros, onDeleted: (batch: RecordBatch) => void = () => {}): boolean {
    const until = this.#segments.deletableUntil(now, this.config, {
      logStart: this.#logStart,
      highWatermark: this.#highWatermark,
      end: this.#end,
    })
    if (until <= this.#segments.firstBaseOffset) return false
    if (until === this.#end) {
      this.#segments.roll(this.#end)
      this.#recoveryPoint = this.#end
    }
    this.#segments.dropUntil(until)
    if (this.#rememberedEnd < until) this.#catchUp()
    const count = this.#batches.indexOf(until)
    for (let i = 0; i < count; i++) {
      const batch = this.#batches.at(i)
      if (batch !== undefined) onDeleted(batch)
    }
    this.#batches.dropHead(count)
    this.maybeIncrementLogStartOffset(until)
    this.#assertOrdered()
    return true
  }

  /** Everything appended is on the disk now. */
  flush(): void {
    this.#recoveryPoint = this.#end
  }

  /** Keeps an arbitrary whole number of batches, at least up to the recovery point. */
  powerLoss(random: Random): void {
    const flushed = this.#batches.indexOf(this.#recoveryPoint)
    const kept = random.int(flushed, this.#batches.length)
    const batch = this.#batches.at(kept)
    if (batch !== undefined) this.truncateTo(batch.baseOffset)
  }

  /**
   * Loads what the disk holds after a stop: the high watermark from its checkpoint, and no epoch
   * beyond the log's end, where the epoch file may be ahead of the log.
   */
  load(checkpointedHighWatermark: Offset): void {
    this.epochs.truncateFromEnd(this.#end)
    this.updateHighWatermark(checkpointedHighWatermark)
    this.#assertOrdered()
  }

  /** Batches, segments, epochs and producers agree with one another. @throws InvariantViolation */
  assertWhole(): void {
    this.#assertOrdered()
    for (const part of [this.#batches, this.#segments, this.epochs, this.producers])
      part.assertWhole()
    const from = this.#segments.firstBaseOffset
    const first = this.#batches.at(0)?.baseOffset ?? from
    invariant(first >= from, 'no batch is older than the first segment', { first, from })
    const [bytes, inSegments] = [this.sizeBytes, this.#segments.bytes]
    invariant(bytes === inSegments, 'every batch lies in a segment', { bytes, inSegments })
    const epochStart = this.epochs.entries().at(-1)?.[1] ?? NO_OFFSET
    const end = this.#end
    invariant(epochStart <= end, 'no epoch begins behind the log’s end', { epochStart, end })
    const last = this.#batches.last()
    // What lies below the log's start waits for its segment's end, and its epoch is forgotten.
    if (last !== undefined && last.baseOffset >= this.#logStart) this.#assertEpochOf(last)
    this.producers.checkWithin(end)
  }

  #assertEpochOf({ baseOffset, leaderEpoch }: RecordBatch): void {
    const noted = this.epochs.epochForOffset(baseOffset)
    invariant(noted === leaderEpoch, 'the epoch of a batch is noted', { baseOffset, leaderEpoch })
  }

  /** After whatever cuts the log at either end; an append can only move the end on. */
  #assertOrdered(): void {
    const [start, end] = [this.#logStart, this.#end]
    const last = this.#batches.last()
    invariant(start <= this.#highWatermark, 'what was deleted from a log was committed')
    invariant(this.#highWatermark <= end, 'a high watermark does not pass its log’s end')
    invariant(this.#recoveryPoint <= end, 'what was cut off is not on the disk any more')
    invariant(last === undefined || nextOffsetOf(last) === end, 'a log ends with its last batch')
  }
}

function duplicateOf(firstOffset: Offset, nextOffset: Offset): LeaderAppend {
  return { error: 'NONE', firstOffset, batch: null, nextOffset }
}

/** Nothing was appended, for this reason. */
export function refusedAppend(error: KafkaError): LeaderAppend {
  return { error, firstOffset: NO_OFFSET, batch: null, nextOffset: NO_OFFSET }
}
