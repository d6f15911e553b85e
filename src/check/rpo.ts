// Claim: recovery point, the acknowledged records that are gone, by id and never by offset.
//
// records, bytes  lost ones, summed over partitions; bytes are the batch's share.
// window          T0 - acknowledgement of the first lost record, at least 0: what an auditor asks.
// age             acknowledgement of the last record acked by the old side (before T0, or lost)
//                 minus that of the newest record before the first loss: idle time does not count.
// split brain     how long after T0 acknowledgements of lost records went on.
// T0 is the fault that led to the partition's loss (loss-fault.ts). Window, age and split brain are
// the worst partition's. A partition that has no leader at work when the run ends is undecided as
// long as one of its replicas holds something: that may come back or be lost, and only what none
// holds is counted. Where every disk of it is gone, nothing can come back, and all is decided.

import type { FinalLog } from '../history/facts.ts'
import { type History, OK } from '../history.ts'
import { lostRanges } from './acked-loss.ts'
import type { RpoOfPartition } from './figures.ts'
import type { Rpo } from './judgement.ts'
import type { Ledger } from './ledger.ts'
import { type Loss, lossesOf } from './loss-fault.ts'
import { rowsByTime } from './rows.ts'

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

/**
 * Times are milliseconds, 0 where nothing was lost. `undecided` names the partitions whose loss may
 * still grow or shrink; `lostRanges` holds the first 100.
 */
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
    undecided: undecided(history),
    lostRanges: lostRanges(history, ledger, LOST_RANGES_MAX),
  }
}

/** Sums over the partitions that lost something. */
function tallies(history: History, ledger: Ledger): Map<number, Tally> {
  const result = new Map<number, Tally>()
  if (ledger.lost.size === 0) return result
  for (const [partition, loss] of lossesOf(history, ledger)) {
    result.set(partition, newTally(history, loss))
  }
  for (const index of rowsByTime(history.produced.column('doneAt'))) {
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

function newTally(history: History, { firstAt, faultAt }: Loss): Tally {
  return {
    faultAt,
    records: 0,
    bytes: 0,
    firstLostAt: firstAt,
    lastLostAt: firstAt,
    prefixAt: history.startAt,
    lastAckedAt: firstAt,
  }
}

/** Names of the partitions that end without a leader, or without a log of that leader. */
function undecided(history: History): string[] {
  const decided = new Set(history.finalLogs.flatMap((l) => (l.isSurvivor ? [l.partition] : [])))
  const leaders = new Map(history.partitionChanges.map((c) => [c.partition, c.leader]))
  for (const [partition, leader] of leaders) if (leader < 0) decided.delete(partition)
  const held = new Set(history.finalLogs.filter(holdsAnything).map(({ partition }) => partition))
  return [...held].filter((p) => !decided.has(p)).map((p) => history.partitionName(p))
}

function holdsAnything({ logStart, logEnd }: FinalLog): boolean {
  return logEnd > logStart
}
