// Claim C5: within a stream (one producer, one partition) the order of offsets is the order of
// sending. Offsets may have gaps; ids may not go back.
//
// reordered   ids that stand behind a later id of their stream in some log. The first copy of a
//             record in a log counts, later copies are duplicates, not disorder.
// inversions  pairs of records in the wrong order: a batch of 3 that a batch of 3 overtook is 9.

import type { FinalLog } from '../history/facts.ts'
import { type History, RECORDS_PER_STREAM } from '../history.ts'
import { RangeBag } from './intervals.ts'

export interface Order {
  readonly reordered: number
  readonly inversions: number
}

/** Ranges of one stream seen so far in a log, ascending and disjoint. */
type Seen = { start: number; end: number }[]

export function orderOf(history: History): Order {
  const reordered = new RangeBag()
  let inversions = 0
  for (const log of history.finalLogs) {
    if (log.isSurvivor) inversions += inversionsOf(log, reordered)
  }
  return { reordered: reordered.covered().size, inversions }
}

/** Counts the inversions of a log; adds the records that stand too late to `reordered`. */
function inversionsOf(log: FinalLog, reordered: RangeBag): number {
  const streams = new Map<number, Seen>()
  let inversions = 0
  for (const range of log.ranges) {
    const stream = Math.floor(range.firstRecordId / RECORDS_PER_STREAM)
    const seen = streams.get(stream) ?? []
    streams.set(stream, seen)
    for (const part of newParts(seen, range.firstRecordId, range.firstRecordId + range.count)) {
      const later = countFrom(seen, part.end)
      if (later > 0) {
        reordered.add(part.start, part.end - part.start)
        inversions += later * (part.end - part.start)
      }
      insert(seen, part)
    }
  }
  return inversions
}

/** The parts of [start, end) that no seen range holds. */
function newParts(seen: Seen, start: number, end: number): Seen {
  const parts: Seen = []
  let at = start
  for (const range of seen.slice(firstEndingAfter(seen, start))) {
    if (range.start >= end) break
    if (at < range.start) parts.push({ start: at, end: range.start })
    at = Math.max(at, range.end)
  }
  if (at < end) parts.push({ start: at, end })
  return parts
}

/** How many seen ids are `id` or later. */
function countFrom(seen: Seen, id: number): number {
  let count = 0
  for (let i = seen.length - 1; i >= 0; i--) {
    const range = seen[i]
    if (range === undefined || range.end <= id) break
    count += range.end - Math.max(range.start, id)
  }
  return count
}

/** Adds a range that overlaps none, joined with the one that it continues. */
function insert(seen: Seen, part: { start: number; end: number }): void {
  const at = firstEndingAfter(seen, part.start)
  const before = seen[at - 1]
  if (before !== undefined && before.end === part.start) before.end = part.end
  else seen.splice(at, 0, part)
}

function firstEndingAfter(seen: Seen, id: number): number {
  let at = seen.length
  while (at > 0 && (seen[at - 1]?.end ?? 0) > id) at--
  return at
}
