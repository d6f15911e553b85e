// Claim: recovery point, the acknowledged records that are gone, by id and never by offset.
//
// records, bytes  lost ones, summed over partitions; bytes are the batch's share.
// window          T0 - acknowledgement of the first lost record, at least 0: what an auditor asks.
// age             acknowledgement of the last record acked by the old side (before T0, or lost)
//                 minus that of the newest record before the first loss: idle time does not count.
// split brain     how long after T0 acknowledgements of lost records went on.
// T0 is the first fault. Window, age and split brain are the worst partition's. A partition that
// has no leader when the run ends is undecided: what it holds may come back or be lost.

import { type History, OK } from '../history.ts'
import { lostRanges } from './acked-loss.ts'
import { rowsByTime } from './deliveries.ts'
import type { Rpo, RpoOfPartition } from './judgement.ts'
import { firstFaultAt, type Ledger } from './ledger.ts'

const LOST_RANGES_MAX = 100

interface Tally {
  records: number
  bytes: number
  firstLostAt: number
  lastLostAt: number
  /** Acknowledgement of the newest record before the first loss. */
  prefixAt: number
  lastAckedAt: number
}

export function rpoOf(history: History, ledger: Ledger): Rpo {
  const faultAt = firstFaultAt(history) ?? history.endAt
  const byPartition: RpoOfPartition[] = []
  let splitBrainMs = 0
  if (ledger.lost.size > 0) {
    for (const [partition, tally] of tallies(history, ledger, faultAt)) {
      if (tally.records === 0) continue
      byPartition.push({
        partition: history.partitionName(partition),
        records: tally.records,
        bytes: tally.bytes,
        windowMs: Math.max(0, faultAt - tally.firstLostAt) / 1_000,
        ageMs: (tally.lastAckedAt - tally.prefixAt) / 1_000,
      })
      splitBrainMs = Math.max(splitBrainMs, (tally.lastLostAt - faultAt) / 1_000)
    }
  }
  byPartition.sort((a, b) => b.records - a.records)
  return {
    records: ledger.lost.size,
    bytes: byPartition.reduce((sum, p) => sum + p.bytes, 0),
    windowMs: byPartition.reduce((max, p) => Math.max(max, p.windowMs), 0),
    ageMs: byPartition.reduce((max, p) => Math.max(max, p.ageMs), 0),
    splitBrainMs,
    acked: ledger.acked.size,
    byPartition,
    undecided: leaderless(history),
    lostRanges: lostRanges(history, ledger, LOST_RANGES_MAX),
  }
}

function tallies(history: History, ledger: Ledger, faultAt: number): Map<number, Tally> {
  const result = new Map<number, Tally>()
  for (const index of rowsByTime(history.produced.column('doneAt'))) {
    const row = history.produced.row(index)
    if (row.outcome !== OK) continue
    const tally = result.get(row.partition) ?? newTally(history.startAt)
    result.set(row.partition, tally)
    const lost = ledger.lost.countIn(row.firstRecordId, row.count)
    if (lost > 0) {
      if (tally.records === 0) tally.firstLostAt = row.doneAt
      tally.records += lost
      tally.bytes += Math.floor((row.bytes * lost) / row.count)
      tally.lastLostAt = row.doneAt
    } else if (tally.records === 0) {
      tally.prefixAt = row.doneAt
    }
    if (lost > 0 || row.doneAt <= faultAt) tally.lastAckedAt = row.doneAt
  }
  return result
}

function newTally(startAt: number): Tally {
  return {
    records: 0,
    bytes: 0,
    firstLostAt: 0,
    lastLostAt: 0,
    prefixAt: startAt,
    lastAckedAt: startAt,
  }
}

/** Names of the partitions whose last committed registration has no leader. */
function leaderless(history: History): string[] {
  const leaders = new Map<number, number>()
  for (const change of history.partitionChanges) leaders.set(change.partition, change.leader)
  return [...leaders].flatMap(([partition, leader]) =>
    leader < 0 ? [history.partitionName(partition)] : [],
  )
}
