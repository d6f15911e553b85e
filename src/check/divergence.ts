// Claim C2: two replicas of a partition hold the same record at the same offset.
//
// C2a  below both log ends, once the cluster is at rest: `offsets`.
// C2b  below both high watermarks: `committedOffsets`; those were promised to readers.
// Same means same record id and same leader epoch. Every pair of replicas is compared.

import type { FinalLog } from '../history/facts.ts'
import type { History } from '../history.ts'
import type { Divergence } from './judgement.ts'

/**
 * Counts offsets for each pair that differs, so one bad offset of three replicas counts twice or
 * more. `evidence` names the first pair found, null where all agree. Call it when the run is over.
 */
export function divergenceOf(history: History): Divergence {
  let offsets = 0
  let committedOffsets = 0
  let evidence: string | null = null
  const logs = logsByPartition(history)
  for (const a of history.finalLogs) {
    const replicas = logs.get(a.partition) ?? []
    for (const b of replicas.slice(replicas.indexOf(a) + 1)) {
      const found = differencesOf(a, b)
      offsets += found.offsets
      committedOffsets += found.committedOffsets
      if (found.firstOffset !== null && evidence === null) {
        const name = history.partitionName(a.partition)
        const pair = `brokers ${a.broker} and ${b.broker}`
        evidence = `${name}: ${pair} differ from offset ${found.firstOffset}`
      }
    }
  }
  return { offsets, committedOffsets, evidence }
}

function logsByPartition(history: History): Map<number, FinalLog[]> {
  const logs = new Map<number, FinalLog[]>()
  for (const log of history.finalLogs) {
    const replicas = logs.get(log.partition)
    if (replicas === undefined) logs.set(log.partition, [log])
    else replicas.push(log)
  }
  return logs
}

/** Of two replicas of one partition: C2a, C2b, and the first offset at which they differ. */
export interface Differences {
  offsets: number
  committedOffsets: number
  firstOffset: number | null
}

/** Offsets that both logs have, with another record or another leader epoch. */
export function differencesOf(a: FinalLog, b: FinalLog): Differences {
  const found: Differences = { offsets: 0, committedOffsets: 0, firstOffset: null }
  const committed = Math.min(a.highWatermark, b.highWatermark)
  const from = Math.max(a.logStart, b.logStart)
  const until = Math.min(a.logEnd, b.logEnd)
  const left = new Cursor(a)
  const right = new Cursor(b)
  for (let offset = from; offset < until; ) {
    left.moveTo(offset)
    right.moveTo(offset)
    const end = Math.min(until, left.stretchEnd, right.stretchEnd)
    if (left.recordId !== right.recordId || left.leaderEpoch !== right.leaderEpoch) {
      found.offsets += end - offset
      found.committedOffsets += Math.max(0, Math.min(end, committed) - offset)
      found.firstOffset ??= offset
    }
    offset = end
  }
  return found
}

/** Walks a log by offsets, forward only. Where no record stands, ids and epochs are -1. */
class Cursor {
  private readonly offsets: ArrayLike<number>
  private readonly counts: ArrayLike<number>
  private readonly ids: ArrayLike<number>
  private readonly epochs: ArrayLike<number>
  private range = 0
  recordId = -1
  leaderEpoch = -1
  /** Exclusive end of the offsets for which the answer goes on like this. */
  stretchEnd = 0

  constructor(log: FinalLog) {
    this.offsets = log.ranges.column('baseOffset')
    this.counts = log.ranges.column('count')
    this.ids = log.ranges.column('firstRecordId')
    this.epochs = log.ranges.column('leaderEpoch')
  }

  moveTo(offset: number): void {
    while (this.endOf(this.range) <= offset) this.range += 1
    const base = this.offsets[this.range] ?? Number.POSITIVE_INFINITY
    const isHole = base > offset
    this.recordId = isHole ? -1 : (this.ids[this.range] ?? 0) + offset - base
    this.leaderEpoch = isHole ? -1 : (this.epochs[this.range] ?? -1)
    this.stretchEnd = isHole ? base : this.endOf(this.range)
  }

  private endOf(range: number): number {
    const base = this.offsets[range]
    return base === undefined ? Number.POSITIVE_INFINITY : base + (this.counts[range] ?? 0)
  }
}
