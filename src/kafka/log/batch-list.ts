// Models: the sequence of record batches in a log, found by offset and dropped at both ends.
// Leaves out: index files; the search is binary over base offsets.
// Source: org.apache.kafka.storage.internals.log.LogSegments, LocalLog.

import { invariant } from '../../sim/invariant.ts'
import type { Checked } from '../../sim/state-checks.ts'
import type { Offset } from '../ids.ts'
import type { RecordBatch } from '../messages.ts'

/** Head slots that may lie empty before the array is moved up, so that deletion is amortised. */
const HEAD_SLACK = 64
const NO_BATCHES: readonly RecordBatch[] = []

/** Offset that follows the last record of a batch. */
export function nextOffsetOf(batch: RecordBatch): Offset {
  return batch.baseOffset + batch.count
}

/** Batches in ascending, gapless offset order. The batches themselves are shared and immutable. */
export class BatchList implements Checked {
  #items: RecordBatch[] = []
  #head = 0
  /** Sum of the batches' sizes. */
  bytes = 0

  get length(): number {
    return this.#items.length - this.#head
  }

  /** Batch number `i`, counted from the oldest that is left; undefined outside. */
  at(i: number): RecordBatch | undefined {
    return this.#items[this.#head + i]
  }

  /** The newest batch; undefined in an empty list. */
  last(): RecordBatch | undefined {
    return this.length > 0 ? this.#items[this.#items.length - 1] : undefined
  }

  /**
   * Appends without a look at offsets: the caller keeps them gapless, `assertWhole` finds a gap.
   */
  push(batch: RecordBatch): void {
    // Not push(): V8 calls it instead of inlining it, as an empty list is of another kind to it.
    this.#items[this.#items.length] = batch
    this.bytes += batch.bytes
  }

  /** Index of the batch that holds `offset`, or of the first one after it; `length` if none. */
  indexOf(offset: Offset): number {
    const last = this.last()
    if (last === undefined || offset >= nextOffsetOf(last)) return this.length
    if (offset >= last.baseOffset) return this.length - 1
    let low = this.#head
    let high = this.#items.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      const batch = this.#items[middle]
      if (batch !== undefined && nextOffsetOf(batch) <= offset) low = middle + 1
      else high = middle
    }
    return low - this.#head
  }

  /**
   * Batches from the one that holds `from` up to `limit` (exclusive) and `bytesMax`. The first may
   * begin below `from`: a log is read from files by position, and the reader drops what it has
   * (LogSegment.translateOffset). `limit` falls between batches, as a high watermark does.
   * @param atLeastOne the first batch comes whole, whatever its size
   */
  read(from: Offset, limit: Offset, bytesMax: number, atLeastOne: boolean): readonly RecordBatch[] {
    if (from >= limit) return NO_BATCHES
    const start = this.#head + this.indexOf(from)
    let end = start
    let bytes = 0
    while (end < this.#items.length) {
      const batch = this.#items[end]
      if (batch === undefined || batch.baseOffset >= limit) break
      bytes += batch.bytes
      if (bytes > bytesMax && !(atLeastOne && end === start)) break
      end++
    }
    return end === start ? NO_BATCHES : this.#items.slice(start, end)
  }

  /** Drops the batches from index `i` on. */
  cutAt(i: number): void {
    invariant(i >= 0 && i <= this.length, 'a list is cut within its length', { i })
    for (let k = this.#head + i; k < this.#items.length; k++) {
      this.bytes -= this.#items[k]?.bytes ?? 0
    }
    this.#items.length = this.#head + i
  }

  /** Drops the first `count` batches. */
  dropHead(count: number): void {
    invariant(count <= this.length, 'only batches that are there can be dropped', { count })
    for (let i = 0; i < count; i++) this.bytes -= this.at(i)?.bytes ?? 0
    this.#head += count
    if (this.#head < HEAD_SLACK || this.#head * 2 < this.#items.length) return
    this.#items = this.#items.slice(this.#head)
    this.#head = 0
  }

  /** Drops every batch, as before a log starts anew at another offset. */
  clear(): void {
    this.#items = []
    this.#head = 0
    this.bytes = 0
  }

  /** No gap between batches, no empty one, and their sizes add up. @throws InvariantViolation */
  assertWhole(): void {
    let bytes = 0
    let next = this.at(0)?.baseOffset ?? 0
    for (let i = this.#head; i < this.#items.length; i++) {
      const { baseOffset = -1, count = 0, bytes: size = 0 } = this.#items[i] ?? {}
      invariant(baseOffset === next, 'a log has no gap', { baseOffset, next })
      invariant(count > 0, 'a batch holds records', { baseOffset, count })
      next = baseOffset + count
      bytes += size
    }
    const { bytes: sum } = this
    invariant(bytes === sum, 'a log is as large as its batches', { bytes, sum })
  }

  /** All batches, oldest first; a copy. */
  toArray(): readonly RecordBatch[] {
    return this.#items.slice(this.#head)
  }
}

/** Sum of the sizes of `batches`. */
export function bytesOf(batches: readonly RecordBatch[]): number {
  let bytes = 0
  for (let i = 0; i < batches.length; i++) bytes += batches[i]?.bytes ?? 0
  return bytes
}
