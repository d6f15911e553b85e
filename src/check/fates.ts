// Claim: every acknowledged record has exactly one fate, and every other record an honest name.
//
// safe + delayed + lost = acked (see ledger.ts). Beside that lie flags: duplicated (an id at more
// than one offset of a surviving log), reordered (an id behind a later one of its stream), phantom
// (a group consumed it and no surviving log holds it). A record whose send failed or timed out is
// absent or present, which is legal both ways and never counts as loss.

import type { History } from '../history.ts'
import { duplicatedRecords } from './duplicates.ts'
import { RangeBag } from './intervals.ts'
import type { Fates } from './judgement.ts'
import type { Ledger } from './ledger.ts'
import { orderOf } from './ordering.ts'

/** Counts of records by id; those that Kafka and replicators write for themselves have no fate. */
export function fatesOf(history: History, ledger: Ledger): Fates {
  const failedButPresent = ledger.failed.and(ledger.surviving).size
  const unknownButPresent = ledger.unknown.and(ledger.surviving).size
  return {
    sent: ledger.sent.size,
    acked: ledger.acked.size,
    safe: ledger.safe.size,
    delayed: ledger.delayed.size,
    lost: ledger.lost.size,
    duplicated: duplicatedRecords(history).records,
    reordered: orderOf(history).reordered,
    phantom: phantomRecords(history, ledger),
    failed: ledger.failed.size,
    failedButPresent,
    failedAbsent: ledger.failed.size - failedButPresent,
    unknown: ledger.unknown.size,
    unknownButPresent,
    unknownAbsent: ledger.unknown.size - unknownButPresent,
    pending: ledger.pending.size,
  }
}

/** Ids that were delivered to anybody and that no surviving log holds. */
function phantomRecords(history: History, ledger: Ledger): number {
  const delivered = new RangeBag()
  const firsts = history.delivered.column('firstRecordId')
  const counts = history.delivered.column('count')
  for (let i = 0; i < firsts.length; i++) delivered.add(firsts[i] ?? 0, counts[i] ?? 0)
  return delivered.covered().minus(ledger.surviving).size
}
