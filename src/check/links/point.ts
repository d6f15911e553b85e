// Claim: the recovery point of a link, which acknowledged records its target has not got at an
// instant, by id.
//
// missing         acknowledged at the source and in no log of the target's cluster.
// records, bytes  of the missing, summed over partitions; bytes are the batch's share.
// window          T0 - acknowledgement of the first missing record, at least 0.
// age             acknowledgement of the last record (up to T0, or missing) minus that of the
//                 newest one before the first missing: idle time does not count.
// split brain     how long after T0 missing records were acknowledged.
// T0 is the fault. Times are the worst partition's, as in rpo.ts.

import type { History } from '../../history.ts'
import type { RpoOfPartition } from '../figures.ts'
import type { Intervals } from '../intervals.ts'
import type { LinkPoint, PredictedPoint } from './judgement.ts'
import type { Piece } from './piece.ts'

/** Confluent Cloud samples the lag of its links once a minute. */
const SCRAPE_MICROS = 60_000_000

interface Tally {
  records: number
  bytes: number
  firstAt: number
  lastAt: number
  prefixAt: number
  lastAckedAt: number
}

/** Pieces of which a client was told, in the order of being told. */
export function ackedPieces(pieces: readonly Piece[]): Piece[] {
  const acked = pieces.filter(({ ackedAt }) => Number.isFinite(ackedAt))
  return acked.sort((a, b) => a.ackedAt - b.ackedAt || a.firstRecordId - b.firstRecordId)
}

/** What is missing at `at` of `acked` pieces; `faultAt` is T0. */
export function pointAt(
  history: History,
  acked: readonly Piece[],
  missing: Intervals,
  { at, faultAt }: { readonly at: number; readonly faultAt: number },
): LinkPoint {
  const tallies = new Map<number, Tally>()
  let count = 0
  for (const piece of acked) {
    count += piece.count
    const tally = tallies.get(piece.partition) ?? newTally(history)
    tallies.set(piece.partition, tally)
    add(tally, piece, missing.countIn(piece.firstRecordId, piece.count), faultAt)
  }
  const short = [...tallies].filter(([, { records }]) => records > 0)
  const byPartition = short
    .map(([partition, tally]) => ofPartition(history.partitionName(partition), tally, faultAt))
    .sort((a, b) => b.records - a.records)
  const most = (of: (point: RpoOfPartition) => number) => Math.max(0, ...byPartition.map(of))
  return {
    ...{ atMs: at / 1_000, acked: count },
    records: byPartition.reduce((sum, { records }) => sum + records, 0),
    bytes: byPartition.reduce((sum, { bytes }) => sum + bytes, 0),
    ...{ windowMs: most((p) => p.windowMs), ageMs: most((p) => p.ageMs) },
    splitBrainMs: Math.max(0, ...short.map(([, { lastAt }]) => lastAt - faultAt)) / 1_000,
    byPartition,
  }
}

function newTally({ startAt }: History): Tally {
  return { records: 0, bytes: 0, firstAt: 0, lastAt: 0, prefixAt: startAt, lastAckedAt: startAt }
}

function add(tally: Tally, piece: Piece, missing: number, faultAt: number): void {
  const { ackedAt, count, bytes } = piece
  if (missing > 0) {
    if (tally.records === 0) tally.firstAt = ackedAt
    tally.lastAt = ackedAt
    tally.records += missing
    tally.bytes += Math.round((bytes * missing) / count)
  } else if (tally.records === 0) tally.prefixAt = ackedAt
  if (missing > 0 || ackedAt <= faultAt) tally.lastAckedAt = ackedAt
}

function ofPartition(partition: string, tally: Tally, faultAt: number): RpoOfPartition {
  return {
    partition,
    records: tally.records,
    bytes: tally.bytes,
    windowMs: Math.max(0, faultAt - tally.firstAt) / 1_000,
    ageMs: (tally.lastAckedAt - tally.prefixAt) / 1_000,
  }
}

/**
 * What was acknowledged and not copied at the last scrape before `at`; null before the first. A
 * monitor scrapes once a minute from the start of the load on.
 */
export function predictedAt(
  { startAt }: History,
  acked: readonly Piece[],
  at: number,
): PredictedPoint | null {
  const scrapes = Math.floor((at - startAt) / SCRAPE_MICROS)
  if (scrapes < 1) return null
  const scrapedAt = startAt + scrapes * SCRAPE_MICROS
  let records = 0
  let recent = 0
  for (const { ackedAt, copiedAt, count } of acked) {
    if (ackedAt > scrapedAt) break
    if (copiedAt > scrapedAt) records += count
    if (ackedAt > scrapedAt - SCRAPE_MICROS) recent += count
  }
  const ms = recent === 0 ? null : (records * (SCRAPE_MICROS / 1_000)) / recent
  return { scrapedAtMs: scrapedAt / 1_000, records, ms }
}
