// Claim C1: every acknowledged record stands in the log of its partition's last leader once faults
// are healed and the cluster is at rest. What does not is listed with what took it: a truncation,
// a disk, or a leader that took it for a repetition of somebody else's and never wrote it.

import { type History, NO_EVENT, RECORDS_PER_STREAM } from '../history.ts'
import type { LostRange } from './judgement.ts'
import type { Ledger } from './ledger.ts'

/** Ranges of lost records in the order of their ids, `max` at most. */
export function lostRanges(history: History, ledger: Ledger, max: number): LostRange[] {
  const ranges: LostRange[] = []
  for (let i = 0; i < ledger.lost.starts.length && ranges.length < max; i++) {
    const firstRecordId = ledger.lost.startAt(i)
    const stream = history.streams[Math.floor(firstRecordId / RECORDS_PER_STREAM)]
    ranges.push({
      partition: stream === undefined ? '' : history.partitionName(stream.partition),
      producer: stream?.producer ?? '',
      firstRecordId,
      firstNumber: firstRecordId % RECORDS_PER_STREAM,
      count: ledger.lost.endAt(i) - firstRecordId,
      cause: lossOf(history, firstRecordId),
    })
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
