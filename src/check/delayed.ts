// Delayed records: acknowledged and surviving, yet absent where everybody read when they were
// looked for. They come back, or wait in the log of the old primary.
//
// inside one cluster  acked before P and appended to the surviving log only after P, where P is
//                     when the partition got its first new leader after the first fault. There an
//                     acknowledgement follows an append, so this stays empty.
// between clusters    missing at the promotion of a link's target (failovers.ts).

import { type History, OK } from '../history.ts'
import type { Failover } from './failovers.ts'
import { firstFaultAt } from './first-fault.ts'
import { Intervals, RangeBag } from './intervals.ts'

/** The delayed ones among `ackedAndSurviving`. */
export function delayedRecords(
  history: History,
  failovers: readonly Failover[],
  ackedAndSurviving: Intervals,
): Intervals {
  let delayed = delayedInCluster(history, ackedAndSurviving)
  for (const { missing } of failovers) delayed = delayed.or(missing.and(ackedAndSurviving))
  return delayed
}

function delayedInCluster(history: History, ackedAndSurviving: Intervals): Intervals {
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
