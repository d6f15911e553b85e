// Claim C2: two replicas of a partition hold the same record at the same offset.
//
// C2a  below both log ends, once the cluster is at rest: `offsets`.
// C2b  below both high watermarks: `committedOffsets`; those were promised to readers.
// Same means same record id and same leader epoch. Every pair of replicas is compared.

import type { FinalLog, LogRangeRow } from '../history/facts.ts'
import type { History } from '../history.ts'
import type { Divergence } from './judgement.ts'

export function divergenceOf(history: History): Divergence {
  let offsets = 0
  let committedOffsets = 0
  let evidence: string | null = null
  for (const [index, a] of history.finalLogs.entries()) {
    for (const b of history.finalLogs.slice(index + 1)) {
      if (b.partition !== a.partition) continue
      const found = compare(a, b)
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

interface Found {
  offsets: number
  committedOffsets: number
  firstOffset: number | null
}

function compare(a: FinalLog, b: FinalLog): Found {
  const found: Found = { offsets: 0, committedOffsets: 0, firstOffset: null }
  const committed = Math.min(a.highWatermark, b.highWatermark)
  const from = Math.max(a.logStart, b.logStart)
  const until = Math.min(a.logEnd, b.logEnd)
  const left = [...a.ranges]
  const right = [...b.ranges]
  let i = 0
  let j = 0
  for (let offset = from; offset < until; ) {
    while (endOf(left[i]) <= offset) i++
    while (endOf(right[j]) <= offset) j++
    const x = left[i]
    const y = right[j]
    const end = Math.min(until, stretchEnd(x, offset), stretchEnd(y, offset))
    if (recordAt(x, offset) !== recordAt(y, offset) || epochAt(x, offset) !== epochAt(y, offset)) {
      found.offsets += end - offset
      found.committedOffsets += Math.max(0, Math.min(end, committed) - offset)
      found.firstOffset ??= offset
    }
    offset = end
  }
  return found
}

function endOf(range: LogRangeRow | undefined): number {
  return range === undefined ? Number.POSITIVE_INFINITY : range.baseOffset + range.count
}

/** Where what holds at `offset` ends: the range's end, or the next range's beginning. */
function stretchEnd(range: LogRangeRow | undefined, offset: number): number {
  if (range === undefined) return Number.POSITIVE_INFINITY
  return range.baseOffset > offset ? range.baseOffset : range.baseOffset + range.count
}

/** -1 in a hole: control records and compacted ones have no id. */
function recordAt(range: LogRangeRow | undefined, offset: number): number {
  if (range === undefined || range.baseOffset > offset) return -1
  return range.firstRecordId + offset - range.baseOffset
}

function epochAt(range: LogRangeRow | undefined, offset: number): number {
  return range === undefined || range.baseOffset > offset ? -1 : range.leaderEpoch
}
