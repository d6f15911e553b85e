// Claim C5: within a stream (one producer, one partition) the order of offsets is the order of
// sending. Offsets may have gaps; ids may not go back.
//
// reordered   ids that stand behind a later id of their stream. The first copy of a record counts,
//             later copies are duplicates, not disorder.
// inversions  pairs of records in the wrong order: a batch of 3 that a batch of 3 overtook is 9.

import type { FinalLog } from '../history/facts.ts'
import { type History, RECORDS_PER_STREAM } from '../history.ts'

export interface Order {
  readonly reordered: number
  readonly inversions: number
}

/** Ranges of one stream seen so far in a log, ascending and disjoint. */
type Seen = { start: number; end: number }[]

export function orderOf(history: History): Order {
  let reordered = 0
  let inversions = 0
  for (const log of history.finalLogs) {
    if (!log.isSurvivor) continue
    const found = orderOfLog(log)
    reordered += found.reordered
    inversions += found.inversions
  }
  return { reordered, inversions }
}

function orderOfLog(log: FinalLog): Order {
  const streams = new Map<number, Seen>()
  let reordered = 0
  let inversions = 0
  for (const range of log.ranges) {
    const stream = Math.floor(range.firstRecordId / RECORDS_PER_STREAM)
    const seen = streams.get(stream) ?? []
    streams.set(stream, seen)
    for (const part of newParts(seen, range.firstRecordId, range.firstRecordId + range.count)) {
      const later = countFrom(seen, part.end)
      if (later > 0) {
        reordered += part.end - part.start
        inversions += later * (part.end - part.start)
      }
      insert(seen, part)
    }
  }
  return { reordered, inversions }
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
