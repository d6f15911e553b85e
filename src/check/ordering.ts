// Claim C5: within a stream (one producer, one partition) the order of offsets is the order of
// sending. Offsets may have gaps; ids may not go back.
//
// reordered   ids that stand behind a later id of their stream in some log. The first copy of a
//             record in a log counts, later copies are duplicates, not disorder.
// unprecedented  of these, ids below the first of their stream that the log got. A leader that has
//             never heard of a producer takes any sequence number of it (KAFKA-15591), so that a
//             later batch may come first; once it knows one, no idempotent batch is overtaken.
// inversions  pairs of records in the wrong order: a batch of 3 that a batch of 3 overtook is 9.

import type { FinalLog } from '../history/facts.ts'
import { type History, RECORDS_PER_STREAM } from '../history.ts'
import { RangeBag } from './intervals.ts'
import { SeenRanges } from './seen-ranges.ts'

export interface Order {
  readonly reordered: number
  readonly unprecedented: number
  readonly inversions: number
}

/** @param among partitions whose logs are looked at; all of them where it is absent */
export function orderOf(history: History, among?: ReadonlySet<number>): Order {
  const late: LateRecords = { reordered: new RangeBag(), unprecedented: new RangeBag() }
  let inversions = 0
  for (const log of history.finalLogs) {
    const isMeant = among === undefined || among.has(log.partition)
    if (log.isSurvivor && isMeant) inversions += inversionsOf(history, log, late)
  }
  const { reordered, unprecedented } = late
  return {
    reordered: reordered.covered().size,
    unprecedented: unprecedented.covered().size,
    inversions,
  }
}

interface LateRecords {
  readonly reordered: RangeBag
  readonly unprecedented: RangeBag
}

/** A producer's records of one partition as far as a log was read, and what takes the next. */
interface SeenStream {
  readonly seen: SeenRanges
  /** For each stretch that was not seen before: whether it stands behind later ones. */
  readonly onNew: (start: number, end: number) => void
}

/** Counts the inversions of a log; adds the records that stand too late to `late`. */
function inversionsOf(
  history: History,
  log: FinalLog,
  { reordered, unprecedented }: LateRecords,
): number {
  const streams = new Map<number, SeenStream>()
  let inversions = 0
  /** Made once for each stream: a log has many rows of it. */
  const begin = (first: number): SeenStream => {
    const seen = new SeenRanges()
    const onNew = (start: number, end: number) => {
      const later = seen.countFrom(end)
      if (later === 0) return
      reordered.add(start, end - start)
      if (start < first) unprecedented.add(start, end - start)
      inversions += later * (end - start)
    }
    return { seen, onNew }
  }
  const [ids, counts] = [log.ranges.column('firstRecordId'), log.ranges.column('count')]
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row] ?? 0
    if (!history.isSent(id)) continue
    const stream = Math.floor(id / RECORDS_PER_STREAM)
    let known = streams.get(stream)
    if (known === undefined) {
      known = begin(id)
      streams.set(stream, known)
    }
    known.seen.take(id, id + (counts[row] ?? 0), known.onNew)
  }
  return inversions
}
