// Models: where a log's segments begin, how large and how old they are: what retention looks at.
// Leaves out: index files, roll jitter, file.delete.delay.ms; only boundaries and sums are kept.
// Source: LogSegment, UnifiedLog.deletableSegments, LogConfig.

import { invariant } from '../../sim/invariant.ts'
import { ascends, type Checked } from '../../sim/state-checks.ts'
import type { Micros } from '../../sim/time.ts'
import type { Offset } from '../ids.ts'
import type { RecordBatch } from '../messages.ts'
import type { BatchList } from './batch-list.ts'

/** When the active segment is closed; only closed ones can be deleted as they are. */
export interface SegmentConfig {
  /** segment.bytes */
  readonly segmentBytes: number
  /** segment.ms */
  readonly segmentMs: number
}

/** Either bound alone deletes a segment: too old, or more than the log may hold. */
export interface RetentionConfig {
  /** retention.ms; -1 for ever. */
  readonly retentionMs: number
  /** retention.bytes; -1 for no bound. */
  readonly retentionBytes: number
}

interface Segment {
  baseOffset: Offset
  bytes: number
  /** Largest creation time of its first batch, which segment.ms counts from; none while empty. */
  firstTime: Micros
  /** Largest creation time in it, which retention.ms counts from; -1 while empty. */
  largestTime: Micros
}

/** Segments, oldest first; always at least one, and the last is the active one. */
export class LogSegments implements Checked {
  #segments: Segment[]
  /** The last of them, which every append counts into. */
  #active: Segment

  constructor(baseOffset: Offset) {
    this.#active = emptySegment(baseOffset)
    this.#segments = [this.#active]
  }

  /** Segments, the active one included: at least 1. */
  get count(): number {
    return this.#segments.length
  }

  /** Where the oldest segment begins: at or below the log's start, which may lie inside it. */
  get firstBaseOffset(): Offset {
    return this.#segments[0]?.baseOffset ?? 0
  }

  /**
   * Counts a batch about to be appended, rolling to a new segment first where it would not fit.
   * @returns whether a segment was rolled
   */
  append(batch: RecordBatch, config: SegmentConfig): boolean {
    const active = this.#active
    const isFull = active.bytes + batch.bytes > config.segmentBytes
    // Both times are the producers': a topic without new records never rolls by age, and the copy
    // of an old backlog rolls as often as its records' times say (LogSegment.timeWaitedForRoll).
    const isOld = batch.createdLast - active.firstTime > config.segmentMs * 1000
    const rolls = active.bytes > 0 && (isFull || isOld)
    if (rolls) this.roll(batch.baseOffset)
    count(this.#active, batch)
    return rolls
  }

  /** Begins a new active segment. */
  roll(baseOffset: Offset): void {
    const { baseOffset: last } = this.#active
    invariant(baseOffset >= last, 'segments ascend', { last, baseOffset })
    this.#active = emptySegment(baseOffset)
    this.#segments.push(this.#active)
  }

  /**
   * Forgets what lies at or after `endOffset`; `kept` holds the batches that are left. A segment
   * that begins right there stays, empty, and takes the next batch.
   */
  truncateTo(endOffset: Offset, kept: BatchList): void {
    const segments = this.#segments
    while (segments.length > 1 && segments[segments.length - 1].baseOffset > endOffset) {
      segments.pop()
    }
    const active = emptySegment(segments[segments.length - 1].baseOffset)
    for (let i = kept.indexOf(active.baseOffset); i < kept.length; i++) {
      const batch = kept.at(i)
      if (batch !== undefined) count(active, batch)
    }
    segments[segments.length - 1] = active
    this.#active = active
  }

  /** Forgets all; one empty segment begins at `baseOffset` (LocalLog.truncateFullyAndStartAt). */
  restartAt(baseOffset: Offset): void {
    this.#active = emptySegment(baseOffset)
    this.#segments = [this.#active]
  }

  /**
   * The offset up to which whole segments may be deleted now: oldest first, stopping at the first
   * that must stay, and none that reaches above the high watermark.
   * @returns the first base offset that stays; the present one where nothing may go
   */
  deletableUntil(
    now: Micros,
    config: RetentionConfig,
    bounds: { readonly logStart: Offset; readonly highWatermark: Offset; readonly end: Offset },
  ): Offset {
    let excess = config.retentionBytes < 0 ? -1 : this.bytes - config.retentionBytes
    let until = this.firstBaseOffset
    for (let i = 0; i < this.#segments.length; i++) {
      const segment = this.#segments[i]
      if (segment === undefined) break
      const upper = this.#segments[i + 1]?.baseOffset ?? bounds.end
      // By the youngest record's own time. A mirror keeps the times of its source: a backlog that
      // is copied late may be older than retention.ms allows the moment it arrives.
      const isOld = config.retentionMs >= 0 && now - segment.largestTime > config.retentionMs * 1000
      const isSurplus = excess >= 0 && excess - segment.bytes >= 0
      const isBelowStart = i + 1 < this.#segments.length && upper <= bounds.logStart
      // What is not committed is never deleted, however old: a follower may still have to fetch it.
      if (upper > bounds.highWatermark || segment.bytes === 0) break
      if (!isOld && !isSurplus && !isBelowStart) break
      excess -= segment.bytes
      until = upper
    }
    return until
  }

  /** Deletes the segments that end at or before `offset`; an all-deleted log starts a new one. */
  dropUntil(offset: Offset): void {
    let dropped = 0
    while (dropped < this.#segments.length) {
      const upper = this.#segments[dropped + 1]?.baseOffset
      if (upper === undefined || upper > offset) break
      dropped++
    }
    this.#segments.splice(0, dropped)
  }

  /**
   * Segments begin one after another, and those with bytes have a time.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    const starts = this.#segments.map(({ baseOffset }) => baseOffset)
    ascends(starts, 'segments begin one after another')
    for (const { baseOffset, bytes, largestTime } of this.#segments) {
      const isEmpty = bytes === 0
      invariant(isEmpty === largestTime < 0, 'only an empty segment has no time', { baseOffset })
    }
  }

  get bytes(): number {
    let bytes = 0
    for (const segment of this.#segments) bytes += segment.bytes
    return bytes
  }
}

function emptySegment(baseOffset: Offset): Segment {
  return { baseOffset, bytes: 0, firstTime: 0, largestTime: -1 }
}

function count(segment: Segment, batch: RecordBatch): void {
  if (segment.bytes === 0) segment.firstTime = batch.createdLast
  segment.bytes += batch.bytes
  segment.largestTime = Math.max(segment.largestTime, batch.createdLast)
}
