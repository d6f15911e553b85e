// Claim: recovery point, the acknowledged records that are gone, by id and never by offset.
//
// records, bytes  lost ones, summed over partitions; bytes are the batch's share.
// window          T0 - acknowledgement of the first lost record, at least 0: what an auditor asks.
// age             acknowledgement of the last record acked by the old side (before T0, or lost)
//                 minus that of the newest record before the first loss: idle time does not count.
// split brain     how long after T0 acknowledgements of lost records went on.
// T0 of a partition is the fault at the root of the causes of the leader change after its first
// loss, else the first fault of the run. Window, age and split brain are the worst partition's. A
// partition that has no leader when the run ends is undecided: what it holds may come back or be
// lost.

import { type History, OK } from '../history.ts'
import { lostRanges } from './acked-loss.ts'
import { rowsByTime } from './deliveries.ts'
import type { Rpo, RpoOfPartition } from './judgement.ts'
import { firstFaultAt, type Ledger } from './ledger.ts'
import { causesOf } from './why.ts'

const LOST_RANGES_MAX = 100

interface Tally {
  readonly faultAt: number
  records: number
  bytes: number
  readonly firstLostAt: number
  lastLostAt: number
  /** Acknowledgement of the newest record before the first loss. */
  prefixAt: number
  lastAckedAt: number
}

export function rpoOf(history: History, ledger: Ledger): Rpo {
  const byPartition: RpoOfPartition[] = []
  let splitBrain = 0
  for (const [partition, tally] of tallies(history, ledger)) {
    byPartition.push({
      partition: history.partitionName(partition),
      records: tally.records,
      bytes: tally.bytes,
      windowMs: Math.max(0, tally.faultAt - tally.firstLostAt) / 1_000,
      ageMs: (tally.lastAckedAt - tally.prefixAt) / 1_000,
    })
    splitBrain = Math.max(splitBrain, tally.lastLostAt - tally.faultAt)
  }
  byPartition.sort((a, b) => b.records - a.records)
  return {
    records: ledger.lost.size,
    bytes: byPartition.reduce((sum, p) => sum + p.bytes, 0),
    windowMs: byPartition.reduce((max, p) => Math.max(max, p.windowMs), 0),
    ageMs: byPartition.reduce((max, p) => Math.max(max, p.ageMs), 0),
    splitBrainMs: splitBrain / 1_000,
    acked: ledger.acked.size,
    byPartition,
    undecided: leaderless(history),
    lostRanges: lostRanges(history, ledger, LOST_RANGES_MAX),
  }
}

/** Sums over the partitions that lost something. */
function tallies(history: History, ledger: Ledger): Map<number, Tally> {
  const result = new Map<number, Tally>()
  if (ledger.lost.size === 0) return result
  const rows = rowsByTime(history.produced.column('doneAt'))
  for (const [partition, firstLostAt] of firstLosses(history, ledger, rows)) {
    result.set(partition, newTally(history, partition, firstLostAt))
  }
  for (const index of rows) {
    const row = history.produced.row(index)
    const tally = result.get(row.partition)
    if (row.outcome !== OK || tally === undefined) continue
    const lost = ledger.lost.countIn(row.firstRecordId, row.count)
    if (lost > 0) {
      tally.records += lost
      tally.bytes += Math.floor((row.bytes * lost) / row.count)
      tally.lastLostAt = row.doneAt
    } else if (tally.records === 0) {
      tally.prefixAt = row.doneAt
    }
    if (lost > 0 || row.doneAt <= tally.faultAt) tally.lastAckedAt = row.doneAt
  }
  return result
}

/** Partition to the instant at which its first lost record was acknowledged. */
function firstLosses(
  history: History,
  ledger: Ledger,
  rows: readonly number[],
): Map<number, number> {
  const first = new Map<number, number>()
  const { produced } = history
  const partitions = produced.column('partition')
  const doneAt = produced.column('doneAt')
  const outcomes = produced.column('outcome')
  const ids = produced.column('firstRecordId')
  const counts = produced.column('count')
  for (const row of rows) {
    const partition = partitions[row] ?? -1
    if (outcomes[row] !== OK || first.has(partition)) continue
    if (ledger.lost.countIn(ids[row] ?? 0, counts[row] ?? 0) > 0) {
      first.set(partition, doneAt[row] ?? 0)
    }
  }
  return first
}

function newTally(history: History, partition: number, firstLostAt: number): Tally {
  return {
    faultAt: faultOfLoss(history, partition, firstLostAt),
    records: 0,
    bytes: 0,
    firstLostAt,
    lastLostAt: firstLostAt,
    prefixAt: history.startAt,
    lastAckedAt: firstLostAt,
  }
}

function faultOfLoss(history: History, partition: number, firstLostAt: number): number {
  let epochBefore = -1
  for (const change of history.partitionChanges) {
    if (change.partition !== partition) continue
    const isNewLeader = change.leader >= 0 && change.leaderEpoch !== epochBefore
    if (change.at > firstLostAt && isNewLeader) {
      const [root] = causesOf(history, change.event)
      const fault = history.faults.find((f) => f.id === root?.id)
      if (fault !== undefined) return fault.from
      break
    }
    epochBefore = change.leaderEpoch
  }
  return firstFaultAt(history) ?? history.endAt
}

/** Names of the partitions whose last committed registration has no leader. */
function leaderless(history: History): string[] {
  const leaders = new Map<number, number>()
  for (const change of history.partitionChanges) leaders.set(change.partition, change.leader)
  return [...leaders].flatMap(([partition, leader]) =>
    leader < 0 ? [history.partitionName(partition)] : [],
  )
}
