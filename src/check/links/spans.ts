// Ranges of record ids with the row that tells of them, by stream: when each id first came by.

import { RECORDS_PER_STREAM } from '../../history.ts'
import type { Column } from '../rows.ts'
import { SeenRanges } from '../seen-ranges.ts'

/** Ids [start, end), and the row of a table that first held them. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly row: number
}

/** By stream, ascending and disjoint. */
export type SpansByStream = ReadonlyMap<number, readonly Span[]>

/** Takes rows in the order given; of an id that comes again only its first row counts. */
export function firstSpans(
  rows: Iterable<number>,
  firsts: Column,
  counts: Column,
  isWanted: (stream: number, row: number) => boolean,
): SpansByStream {
  const spans = new Map<number, Span[]>()
  const seenOf = new Map<number, SeenRanges>()
  for (const row of rows) {
    const first = firsts[row] ?? -1
    const stream = Math.floor(first / RECORDS_PER_STREAM)
    if (first < 0 || !isWanted(stream, row)) continue
    const seen = seenOf.get(stream) ?? new SeenRanges()
    const list = spans.get(stream) ?? []
    if (list.length === 0) {
      seenOf.set(stream, seen)
      spans.set(stream, list)
    }
    const end = first + (counts[row] ?? 0)
    if (seen.addInOrder(first, end)) {
      list.push({ start: first, end, row })
      continue
    }
    for (const part of seen.newParts(first, end)) {
      list.push({ start: part.start, end: part.end, row })
      seen.add(part)
    }
  }
  for (const list of spans.values()) list.sort((a, b) => a.start - b.start)
  return spans
}

/**
 * Walks several lists at once and shows every stretch of ids in which none of them changes, with
 * the row that each list has for it, -1 for none. The rows are those of one stretch only while it
 * is shown.
 */
export function alignSpans(
  lists: readonly (readonly Span[])[],
  visit: (start: number, end: number, rows: readonly number[]) => void,
): void {
  const borders = bordersOf(lists)
  const at = lists.map(() => 0)
  const rows = lists.map(() => -1)
  for (let i = 1; i < borders.length; i++) {
    const start = borders[i - 1] ?? 0
    const end = borders[i] ?? 0
    if (start === end) continue
    let isHeld = false
    for (const [l, list] of lists.entries()) {
      let next = at[l]
      while (next < list.length && list[next].end <= start) next++
      at[l] = next
      rows[l] = next < list.length && list[next].start <= start ? list[next].row : -1
      if (rows[l] >= 0) isHeld = true
    }
    if (isHeld) visit(start, end, rows)
  }
}

function bordersOf(lists: readonly (readonly Span[])[]): Float64Array {
  const borders = new Float64Array(lists.reduce((sum, list) => sum + 2 * list.length, 0))
  let at = 0
  for (const list of lists) {
    for (const { start, end } of list) {
      borders[at++] = start
      borders[at++] = end
    }
  }
  return borders.sort()
}
