// Models: how a producer's batch fills: its exact bytes, and the estimate that decides it is full.
// Leaves out: buffers; compressed records are their plain bytes times their ratio.
// Source: org.apache.kafka.common.record.MemoryRecordsBuilder (hasRoomFor, isFull,
// estimatedBytesWritten).

import { type Micros, MS } from '../../sim/time.ts'
import {
  BATCH_HEADER_BYTES,
  batchBytesUpperBound,
  recordBytes,
  varintStep,
} from '../network/record-sizes.ts'

/** Records of one size that follow one another; the times of a run never go back. */
export interface RecordRun {
  /** Key, value and headers of one record. */
  readonly payloadBytes: number
  /** Packed size / plain size of them, whatever packs them. */
  readonly compressionRatio: number
  /** When record `n` (from 0) of those not appended yet was handed over. */
  createdAt(n: number): Micros
}

/** COMPRESSION_RATE_ESTIMATION_FACTOR: contents that compress worse than those before. */
const ESTIMATION_FACTOR = Math.fround(1.05)

/** Fills by runs: a record's bytes change at a few places of a batch only. */
export class MemoryRecordsBuilder {
  /** Bytes of the buffer that was allocated for it. */
  readonly writeLimit: number
  count = 0
  /** Keys, values and headers of its records. */
  payloadBytes = 0
  /** Its records as they are before compression, and as they would be after it. */
  uncompressedBytes = 0
  packedBytes = 0
  readonly isCompressed: boolean
  /** Milliseconds of its first record. */
  private baseTimestamp = 0
  /** What the producer expected compression to leave when it opened the batch. */
  readonly estimatedRatio: number
  /** `uncompressedBytes` with the records that `roomFor` counted. */
  private filled = 0

  constructor(writeLimit: number, isCompressed: boolean, estimatedRatio: number) {
    this.writeLimit = writeLimit
    this.isCompressed = isCompressed
    this.estimatedRatio = estimatedRatio
  }

  /** Bytes on the wire and in the log. */
  get bytes(): number {
    const { isCompressed, packedBytes, uncompressedBytes } = this
    return BATCH_HEADER_BYTES + (isCompressed ? Math.ceil(packedBytes) : uncompressedBytes)
  }

  /** What the producer takes its bytes for while it fills. */
  get estimatedBytes(): number {
    return this.estimated(this.uncompressedBytes)
  }

  /** No record is tried any more; a batch with less room than the next record needs is not full. */
  get isFull(): boolean {
    return this.count > 0 && this.writeLimit <= this.estimatedBytes
  }

  /** What compression makes of its records: they may come from several producers. */
  get ratio(): number {
    return this.packedBytes / this.uncompressedBytes
  }

  /** Appends as many as have room of the next `max` records of a run; tells how many. */
  append(run: RecordRun, max: number): number {
    const taken = this.roomFor(run, max)
    if (taken === 0) return 0
    if (this.count === 0) this.baseTimestamp = millisOf(run.createdAt(0))
    this.count += taken
    this.payloadBytes += taken * run.payloadBytes
    this.packedBytes += (this.filled - this.uncompressedBytes) * run.compressionRatio
    this.uncompressedBytes = this.filled
    return taken
  }

  /**
   * The record of a run with whose arrival this batch is to be sent at once: one that fills it to
   * the byte, or else the first that finds no room.
   */
  completedBy(run: RecordRun): number {
    const room = this.roomFor(run, Number.POSITIVE_INFINITY)
    return this.writeLimit <= this.estimated(this.filled) ? Math.max(0, room - 1) : room
  }

  /**
   * A bound below `completedBy` that costs no look at the records: it takes each of them for as
   * long as can be. 0 where they are compressed.
   */
  roomAtLeast({ payloadBytes }: RecordRun): number {
    if (this.isCompressed) return 0
    const longest = batchBytesUpperBound(payloadBytes) - BATCH_HEADER_BYTES
    return Math.max(0, Math.floor((this.writeLimit - this.estimatedBytes) / longest) - 1)
  }

  /** How many of the next `max` records of a run have room; goes from one size to the next. */
  private roomFor(run: RecordRun, max: number): number {
    const first = millisOf(run.createdAt(0))
    const base = this.count === 0 ? first : this.baseTimestamp
    let timestampDelta = first - base
    let bytes = this.uncompressedBytes
    let taken = 0
    while (taken < max) {
      const offsetDelta = this.count + taken
      const size = recordBytes(run.payloadBytes, timestampDelta, offsetDelta)
      const fitting = this.fitting(bytes, size, offsetDelta === 0)
      if (fitting === 0) break
      const end = Math.min(max, taken + fitting, taken + varintStep(offsetDelta) - offsetDelta)
      const alike = arrivedBefore(run, taken, end, base + varintStep(timestampDelta))
      bytes += (alike - taken) * size
      const hasRoom = alike < taken + fitting
      taken = alike
      // Older than the first record, the next may be shorter: it lies nearer to it.
      if (taken === max || (!hasRoom && timestampDelta >= 0)) break
      timestampDelta = millisOf(run.createdAt(taken)) - base
    }
    this.filled = bytes
    return taken
  }

  /** How many records of a size fit behind `bytes` of them; the first of a batch always does. */
  private fitting(bytes: number, size: number, isFirst: boolean): number {
    const room = this.writeLimit - BATCH_HEADER_BYTES
    if (!this.isCompressed) return Math.max(Math.floor((room - bytes) / size), isFirst ? 1 : 0)
    // The record itself counts as if it would not be compressed, those before it as estimated.
    const plain = (room - size) / (this.estimatedRatio * ESTIMATION_FACTOR)
    let count = Math.max(isFirst ? 1 : 0, Math.floor((plain - bytes) / size) + 1)
    while (count > 1 && !this.fits(bytes + (count - 1) * size, size)) count--
    if (count === 1 && !isFirst && !this.fits(bytes, size)) return 0
    while (this.fits(bytes + count * size, size)) count++
    return count
  }

  private fits(bytes: number, size: number): boolean {
    return this.estimated(bytes) + size <= this.writeLimit
  }

  private estimated(bytes: number): number {
    if (!this.isCompressed) return BATCH_HEADER_BYTES + bytes
    // Kafka reckons in 32-bit floats here, and a byte decides whether a batch is full.
    const compressed = Math.fround(Math.fround(bytes) * this.estimatedRatio)
    return BATCH_HEADER_BYTES + Math.floor(Math.fround(compressed * ESTIMATION_FACTOR))
  }
}

function millisOf(at: Micros): number {
  return Math.floor(at / MS)
}

/** Of the records `from` .. `end` - 1, of which the first is: where those before `millis` end. */
function arrivedBefore(run: RecordRun, from: number, end: number, millis: number): number {
  if (millisOf(run.createdAt(end - 1)) < millis) return end
  let [before, after] = [from, end - 1]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (millisOf(run.createdAt(middle)) < millis) before = middle
    else after = middle
  }
  return after
}
