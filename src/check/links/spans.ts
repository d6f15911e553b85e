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
  const seen = new Map<number, SeenRanges>()
  for (const row of rows) {
    const first = firsts[row] ?? -1
    const stream = Math.floor(first / RECORDS_PER_STREAM)
    if (first < 0 || !isWanted(stream, row)) continue
    const ranges = seen.get(stream) ?? new SeenRanges()
    const list = spans.get(stream) ?? []
    seen.set(stream, ranges)
    spans.set(stream, list)
    for (const part of ranges.newParts(first, first + (counts[row] ?? 0))) {
      list.push({ start: part.start, end: part.end, row })
      ranges.add(part)
    }
  }
  for (const list of spans.values()) list.sort((a, b) => a.start - b.start)
  return spans
}

/**
 * Walks several lists at once and shows every stretch of ids in which none of them changes, with
 * the row that each list has for it, -1 for none.
 */
export function alignSpans(
  lists: readonly (readonly Span[])[],
  visit: (start: number, end: number, rows: readonly number[]) => void,
): void {
  const borders = bordersOf(lists)
  const at = lists.map(() => 0)
  for (let i = 1; i < borders.length; i++) {
    const start = borders[i - 1] ?? 0
    const end = borders[i] ?? 0
    if (start === end) continue
    const rows = lists.map((list, l) => {
      while ((list[at[l] ?? 0]?.end ?? Number.POSITIVE_INFINITY) <= start) at[l] = (at[l] ?? 0) + 1
      const span = list[at[l] ?? 0]
      return span !== undefined && span.start <= start ? span.row : -1
    })
    if (rows.some((row) => row >= 0)) visit(start, end, rows)
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
