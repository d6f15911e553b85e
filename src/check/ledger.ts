// The ledger of record ids: who was told what, and what the surviving logs hold.
//
// acked     its producer got a positive answer (OK).
// surviving it stands in the log of a partition's leader when the run ends, in whichever cluster;
//           where a partition has no leader, in any of its logs: what no log holds is gone, the
//           rest is undecided. A copy in another cluster is the same record.
// lost      acked, not surviving.
// delayed   surviving, but out of reach for a time (delayed.ts).
// safe      the other acked ones.
// Every acked record is exactly one of safe, delayed and lost.

import type { FinalLog } from '../history/facts.ts'
import { FAIL, type History, OK, PENDING, UNKNOWN } from '../history.ts'
import { delayedRecords } from './delayed.ts'
import { type Failover, failoversOf } from './failovers.ts'
import { Intervals, RangeBag } from './intervals.ts'

export interface Ledger {
  readonly sent: Intervals
  readonly acked: Intervals
  readonly failed: Intervals
  readonly unknown: Intervals
  readonly pending: Intervals
  readonly surviving: Intervals
  readonly safe: Intervals
  readonly delayed: Intervals
  readonly lost: Intervals
  /** Targets of links that took over; empty inside one cluster. */
  readonly failovers: readonly Failover[]
}

/**
 * An id that was sent in several batches counts by its best answer: OK wins over every other one.
 */
export function buildLedger(history: History): Ledger {
  const [acked, failed, unknown, pending] = [OK, FAIL, UNKNOWN, PENDING].map((outcome) =>
    producedWith(history, outcome),
  )
  const all = acked ?? Intervals.EMPTY
  const surviving = survivingRecords(history)
  const failovers = failoversOf(history)
  const delayed = delayedRecords(history, failovers, all.and(surviving))
  return {
    sent: producedWith(history, null),
    acked: all,
    failed: (failed ?? Intervals.EMPTY).minus(all),
    unknown: (unknown ?? Intervals.EMPTY).minus(all),
    pending: (pending ?? Intervals.EMPTY).minus(all),
    surviving,
    safe: all.and(surviving).minus(delayed),
    delayed,
    lost: all.minus(surviving),
    failovers,
  }
}

function producedWith(history: History, outcome: number | null): Intervals {
  const bag = new RangeBag()
  const firsts = history.produced.column('firstRecordId')
  const counts = history.produced.column('count')
  const outcomes = history.produced.column('outcome')
  for (let i = 0; i < firsts.length; i++) {
    if (outcome === null || outcomes[i] === outcome) bag.add(firsts[i] ?? 0, counts[i] ?? 0)
  }
  return bag.covered()
}

/** Logs at the end of which one counts: the leader's, or any where there is no leader. */
export function countedLogs({ finalLogs }: History): FinalLog[] {
  const decided = new Set(finalLogs.flatMap((l) => (l.isSurvivor ? [l.partition] : [])))
  return finalLogs.filter((log) => log.isSurvivor || !decided.has(log.partition))
}

function survivingRecords(history: History): Intervals {
  const bag = new RangeBag()
  for (const log of countedLogs(history)) {
    const firsts = log.ranges.column('firstRecordId')
    const counts = log.ranges.column('count')
    for (let i = 0; i < firsts.length; i++) bag.add(firsts[i] ?? 0, counts[i] ?? 0)
  }
  return bag.covered()
}
