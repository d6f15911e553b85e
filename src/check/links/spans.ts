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
  const streams = new Map<number, { readonly seen: SeenRanges; readonly list: Span[] }>()
  for (const row of rows) {
    const first = firsts[row] ?? -1
    const stream = Math.floor(first / RECORDS_PER_STREAM)
    if (first < 0 || !isWanted(stream, row)) continue
    const known = streams.get(stream) ?? { seen: new SeenRanges(), list: [] }
    if (known.list.length === 0) streams.set(stream, known)
    const { seen, list } = known
    const end = first + (counts[row] ?? 0)
    seen.take(first, end, (start, until) => list.push({ start, end: until, row }))
  }
  return new Map([...streams].map(([stream, { list }]) => [stream, inOrder(list)]))
}

/** By id, as nearly all come. */
function inOrder(list: Span[]): Span[] {
  const isLess = (span: Span, i: number) => i === 0 || list[i - 1].start < span.start
  return list.every(isLess) ? list : list.sort((a, b) => a.start - b.start)
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
  const at = lists.map(() => 0)
  const rows = lists.map(() => -1)
  let start = lists.reduce(
    (min, [span]) => Math.min(min, span?.start ?? min),
    Number.POSITIVE_INFINITY,
  )
  while (start < Number.POSITIVE_INFINITY) {
    let end = Number.POSITIVE_INFINITY
    let isHeld = false
    for (let l = 0; l < lists.length; l++) {
      const list = lists[l]
      let next = at[l]
      while (next < list.length && list[next].end <= start) next++
      at[l] = next
      rows[l] = -1
      if (next === list.length) continue
      const span = list[next]
      if (span.start > start) {
        end = Math.min(end, span.start)
        continue
      }
      rows[l] = span.row
      end = Math.min(end, span.end)
      isHeld = true
    }
    if (isHeld) visit(start, end, rows)
    start = end
  }
}
