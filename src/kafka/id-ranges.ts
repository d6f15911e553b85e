// Models: which records a batch holds, where a copy put several ranges of them into one batch.
// Leaves out: nothing.
// Source: none in Kafka, where a record is its bytes; a copied record keeps its timestamp there.

import type { LeaderEpoch, Offset, RecordId } from './ids.ts'

/** Records whose ids follow one another, and whose times of creation are evenly spaced. */
export interface IdRange {
  readonly firstRecordId: RecordId
  readonly count: number
  /** When the application handed over the first and the last record, in micros. */
  readonly createdFirst: number
  readonly createdLast: number
}

/** A range and the offset of its first record. */
export interface PlacedRange extends IdRange {
  readonly baseOffset: Offset
}

/** A batch as far as its records' ids go. */
export interface IdentifiedBatch extends IdRange {
  readonly baseOffset: Offset
  /** The ranges of a batch that has several; else it is one itself. */
  readonly ids?: readonly IdRange[] | undefined
}

/** Looks at one range of a batch. */
export type RangeVisitor = (range: IdRange, baseOffset: Offset) => void

/** Shows the ranges of a batch in the order of the log, cut to the offsets `from` .. `to` - 1. */
export function visitRanges(
  batch: IdentifiedBatch,
  from: Offset,
  to: Offset,
  visit: RangeVisitor,
): void {
  if (batch.ids === undefined) {
    visitPart(batch, batch.baseOffset, from, to, visit)
    return
  }
  let offset = batch.baseOffset
  for (const range of batch.ids) {
    visitPart(range, offset, from, to, visit)
    offset += range.count
  }
}

/** What of a range lies within `from` .. `to` - 1, if anything does. */
function visitPart(
  range: IdRange,
  baseOffset: Offset,
  from: Offset,
  to: Offset,
  visit: RangeVisitor,
): void {
  const first = Math.max(baseOffset, from)
  const end = Math.min(baseOffset + range.count, to)
  if (end > first) visit(sliceRange(range, first - baseOffset, end - first), first)
}

/** The `count` records of a range that follow its first `skip`. */
export function sliceRange(range: IdRange, skip: number, count: number): IdRange {
  if (skip === 0 && count === range.count) return range
  return {
    firstRecordId: range.firstRecordId + skip,
    count,
    createdFirst: createdAt(range, skip),
    createdLast: createdAt(range, skip + count - 1),
  }
}

/** When record `n` (from 0) of a range was created. */
export function createdAt(range: IdRange, n: number): number {
  // A range of one has no step, and its first record is asked for most.
  if (n === 0) return range.createdFirst
  const step = (range.createdLast - range.createdFirst) / (range.count - 1)
  return range.createdFirst + Math.floor(step * n)
}

/** The `count` records of several ranges that follow their first `skip`. */
export function sliceRanges(ranges: readonly IdRange[], skip: number, count: number): IdRange[] {
  const slices: IdRange[] = []
  let before = 0
  for (const range of ranges) {
    const first = Math.max(0, skip - before)
    const end = Math.min(range.count, skip + count - before)
    if (end > first) slices.push(sliceRange(range, first, end - first))
    before += range.count
  }
  return slices
}

/** The ranges of a batch at offsets `from` .. `to` - 1, in the order of the log. */
export function idsOf(batch: IdentifiedBatch, from: Offset, to: Offset): IdRange[] {
  const ranges: IdRange[] = []
  visitRanges(batch, from, to, (range) => ranges.push(range))
  return ranges
}

/** Whether two batches hold the same records at the same places. */
export function haveSameIds(a: IdentifiedBatch, b: IdentifiedBatch): boolean {
  if (a.firstRecordId !== b.firstRecordId) return false
  if (a.ids === b.ids) return true
  const [one, other] = [a.ids ?? [a], b.ids ?? [b]]
  return one.length === other.length && one.every((range, i) => isSame(range, other[i]))
}

function isSame(a: IdRange, b: IdRange | undefined): boolean {
  return b !== undefined && a.firstRecordId === b.firstRecordId && a.count === b.count
}

/** The id of the record at an offset of a batch; NaN where the batch has none there. */
export function recordIdAt(batch: IdentifiedBatch, offset: Offset): RecordId {
  let skip = offset - batch.baseOffset
  for (const range of batch.ids ?? [batch]) {
    if (skip >= 0 && skip < range.count) return range.firstRecordId + skip
    skip -= range.count
  }
  return Number.NaN
}

/** What a log holds, range by range: most often these are its batches themselves. */
export function rangesOfLog<B extends IdentifiedBatch & { readonly leaderEpoch: LeaderEpoch }>(
  batches: readonly B[],
): Iterable<B | (PlacedRange & Pick<B, 'leaderEpoch'>)> {
  return batches.every(({ ids }) => ids === undefined) ? batches : placedRanges(batches)
}

function* placedRanges<B extends IdentifiedBatch & { readonly leaderEpoch: LeaderEpoch }>(
  batches: readonly B[],
): Generator<B | (PlacedRange & Pick<B, 'leaderEpoch'>)> {
  for (const batch of batches) {
    if (batch.ids === undefined) yield batch
    else {
      let { baseOffset } = batch
      for (const range of batch.ids) {
        const { firstRecordId, count, createdFirst, createdLast } = range
        const { leaderEpoch } = batch
        yield { firstRecordId, count, createdFirst, createdLast, baseOffset, leaderEpoch }
        baseOffset += range.count
      }
    }
  }
}
