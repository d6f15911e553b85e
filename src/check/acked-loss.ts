// Claim C1: every acknowledged record stands in the log of its partition's last leader once faults
// are healed and the cluster is at rest. What does not is listed with what took it: a truncation,
// or a leader that took it for a repetition of somebody else's and never wrote it.

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

/** The event that a record is missing for: its truncation, else that it was never written. */
export function lossOf(history: History, recordId: number): number | null {
  const mistaken = history.mistakenRepeats.find(
    ({ firstRecordId, count }) => recordId >= firstRecordId && recordId < firstRecordId + count,
  )
  return truncationOf(history, recordId) ?? mistaken?.event ?? null
}

/** The event of the last truncation that removed a record; null where none was seen. */
function truncationOf(history: History, recordId: number): number | null {
  let event = NO_EVENT
  for (const range of history.truncatedRanges) {
    const isIn = recordId >= range.firstRecordId && recordId < range.firstRecordId + range.count
    if (isIn) event = history.truncations.row(range.truncation).event
  }
  return event === NO_EVENT ? null : event
}
