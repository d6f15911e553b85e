// The ledger of record ids: who was told what, and what the surviving logs hold.
//
// acked     its producer got a positive answer (OK).
// surviving it stands in the log of a partition's leader when the run ends; where there is none,
//           in any of the partition's logs: what no log holds is gone, the rest is undecided.
// lost      acked, not surviving.
// delayed   acked before P and surviving, yet appended to the surviving log only after P, where P
//           is when the partition got its first new leader after the first fault. Inside one
//           cluster an acknowledgement follows an append, so only links between clusters delay.
// safe      the other acked ones.
// Every acked record is exactly one of safe, delayed and lost.

import { FAIL, type History, OK, PENDING, UNKNOWN } from '../history.ts'
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
}

export function buildLedger(history: History): Ledger {
  const [acked, failed, unknown, pending] = [OK, FAIL, UNKNOWN, PENDING].map((outcome) =>
    producedWith(history, outcome),
  )
  const all = acked ?? Intervals.EMPTY
  const surviving = survivingRecords(history)
  const delayed = delayedRecords(history, all.and(surviving))
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
  }
}

/** When the first fault struck, micros; null in a run without one. */
export function firstFaultAt(history: History): number | null {
  let first: number | null = null
  for (const fault of history.faults) {
    if (first === null || fault.from < first) first = fault.from
  }
  return first
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

function survivingRecords(history: History): Intervals {
  const bag = new RangeBag()
  const decided = new Set(history.finalLogs.flatMap((l) => (l.isSurvivor ? [l.partition] : [])))
  for (const log of history.finalLogs) {
    if (!log.isSurvivor && decided.has(log.partition)) continue
    const firsts = log.ranges.column('firstRecordId')
    const counts = log.ranges.column('count')
    for (let i = 0; i < firsts.length; i++) bag.add(firsts[i] ?? 0, counts[i] ?? 0)
  }
  return bag.covered()
}

function delayedRecords(history: History, ackedAndSurviving: Intervals): Intervals {
  const promotions = promotionTimes(history)
  if (promotions.size === 0) return Intervals.EMPTY
  const appendedInTime = appendedBy(history, promotions)
  const ackedInTime = new RangeBag()
  const { produced } = history
  const partitions = produced.column('partition')
  const outcomes = produced.column('outcome')
  const doneAt = produced.column('doneAt')
  const firsts = produced.column('firstRecordId')
  const counts = produced.column('count')
  for (let i = 0; i < produced.length; i++) {
    const promotedAt = promotions.get(partitions[i] ?? -1)
    if (outcomes[i] === OK && promotedAt !== undefined && (doneAt[i] ?? 0) <= promotedAt) {
      ackedInTime.add(firsts[i] ?? 0, counts[i] ?? 0)
    }
  }
  return ackedInTime.covered().and(ackedAndSurviving).minus(appendedInTime)
}

function appendedBy(history: History, promotions: ReadonlyMap<number, number>): Intervals {
  const bag = new RangeBag()
  const { appends } = history
  const partitions = appends.column('partition')
  const ats = appends.column('at')
  const firsts = appends.column('firstRecordId')
  const counts = appends.column('count')
  for (let i = 0; i < appends.length; i++) {
    const promotedAt = promotions.get(partitions[i] ?? -1)
    const isInTime = promotedAt === undefined || (ats[i] ?? 0) <= promotedAt
    if (isInTime) bag.add(firsts[i] ?? 0, counts[i] ?? 0)
  }
  return bag.covered()
}

/** Partition to the instant of its first new leader after the first fault. */
function promotionTimes(history: History): Map<number, number> {
  const times = new Map<number, number>()
  const faultAt = firstFaultAt(history)
  if (faultAt === null) return times
  const leaders = new Map<number, number>()
  for (const change of history.partitionChanges) {
    const before = leaders.get(change.partition)
    const isNew = before !== undefined && change.leader >= 0 && change.leader !== before
    if (isNew && change.at > faultAt && !times.has(change.partition)) {
      times.set(change.partition, change.at)
    }
    if (change.leader >= 0) leaders.set(change.partition, change.leader)
  }
  return times
}
