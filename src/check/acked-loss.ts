// Claim C1: every acknowledged record stands in the log of its partition's last leader once faults
// are healed and the cluster is at rest. What does not is listed with the truncation that took it.

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
      cause: truncationOf(history, firstRecordId),
    })
  }
  return ranges
}

/** The event of the last truncation that removed a record; null where none was seen. */
export function truncationOf(history: History, recordId: number): number | null {
  let event = NO_EVENT
  for (const range of history.truncatedRanges) {
    const isIn = recordId >= range.firstRecordId && recordId < range.firstRecordId + range.count
    if (isIn) event = history.truncations.row(range.truncation).event
  }
  return event === NO_EVENT ? null : event
}
