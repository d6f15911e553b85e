// Claim C1: every acknowledged record stands in the log of its partition's last leader once faults
// are healed and the cluster is at rest. What does not is listed with what took it: a truncation,
// a disk, or a leader that took it for a repetition of somebody else's and never wrote it.

import { type History, NO_EVENT } from '../history.ts'
import type { RecordRange } from './judgement.ts'
import type { Ledger } from './ledger.ts'
import { recordRange } from './record-range.ts'

/** Ranges of lost records in the order of their ids, `max` at most. */
export function lostRanges(history: History, { lost }: Ledger, max: number): RecordRange[] {
  const ranges: RecordRange[] = []
  for (let i = 0; i < lost.starts.length && ranges.length < max; i++) {
    const start = lost.startAt(i)
    ranges.push(recordRange(history, start, lost.endAt(i), lossOf(history, start)))
  }
  return ranges
}

/** The event that a record is missing for: what took it last, else that it was never written. */
export function lossOf(history: History, recordId: number): number | null {
  const taken = Math.max(truncationOf(history, recordId), diskLossOf(history, recordId))
  if (taken !== NO_EVENT) return taken
  const mistaken = history.mistakenRepeats.find((range) => holds(range, recordId))
  return mistaken?.event ?? null
}

/** The event of the last truncation that removed a record; NO_EVENT where none was seen. */
function truncationOf(history: History, recordId: number): number {
  let event = NO_EVENT
  for (const range of history.truncatedRanges) {
    if (holds(range, recordId)) event = history.truncations.row(range.truncation).event
  }
  return event
}

/** The same of the disks that lost it; events are numbered in the order of time. */
function diskLossOf(history: History, recordId: number): number {
  let event = NO_EVENT
  for (const range of history.diskLostRanges) if (holds(range, recordId)) event = range.event
  return event
}

function holds(
  { firstRecordId, count }: { readonly firstRecordId: number; readonly count: number },
  recordId: number,
): boolean {
  return recordId >= firstRecordId && recordId < firstRecordId + count
}
