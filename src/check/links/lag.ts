// How far a link's target is behind over time: records that were acknowledged and not copied yet.
// A record that the source itself lost is waited for no longer, nor is any once the target took
// over: what was missing then is the failover's (failover.ts).

import type { History } from '../../history.ts'
import type { Series } from '../judgement.ts'
import type { LinkPaths } from './path.ts'
import type { Piece } from './piece.ts'
import { ackedPieces } from './point.ts'

/** When a link was behind no longer for a piece. */
export function settledAt({ copiedAt, cutAt }: Piece): number {
  return Math.min(copiedAt, cutAt)
}

/** The most records behind, and the longest that one was, until the run ended. */
export function lagMaxOf(
  history: History,
  acked: readonly Piece[],
): {
  readonly recordsMax: number
  readonly msMax: number
} {
  const behind = acked.filter((piece) => settledAt(piece) > piece.ackedAt)
  const done = [...behind].sort((a, b) => settledAt(a) - settledAt(b))
  let records = 0
  let recordsMax = 0
  let longest = 0
  let d = 0
  for (const piece of behind) {
    for (; d < done.length; d++) {
      const other = done[d]
      if (other === undefined || settledAt(other) > piece.ackedAt) break
      records -= other.count
    }
    records += piece.count
    recordsMax = Math.max(recordsMax, records)
    longest = Math.max(longest, Math.min(settledAt(piece), history.endAt) - piece.ackedAt)
  }
  return { recordsMax, msMax: longest / 1_000 }
}

/** Charts of each link: records copied a second, records behind, and for how long. */
export function linkSeries(
  { links }: History,
  paths: LinkPaths,
  step: number,
  points: number,
): Series[] {
  return links.flatMap((link) => {
    const { pieces } = paths.of(link)
    const { records, ms } = lagOverTime(ackedPieces(pieces), step, points)
    const { name } = link
    return [
      {
        ...{ id: `link.${name}.copied`, label: `${name} copied rec/s`, unit: 'records/s' },
        values: copiedOverTime(pieces, step, points),
      },
      { id: `link.${name}.lag`, label: `${name} behind`, unit: 'records', values: records },
      { id: `link.${name}.age`, label: `${name} behind for`, unit: 'ms', values: ms },
    ] satisfies Series[]
  })
}

function copiedOverTime(pieces: readonly Piece[], step: number, points: number): number[] {
  const values = new Array<number>(points).fill(0)
  for (const { copiedAt, count } of pieces) {
    const cell = Math.floor(copiedAt / step)
    if (cell < points) values[cell] = (values[cell] ?? 0) + (count * 1_000_000) / step
  }
  return values
}

/** At each instant of the grid: how many are behind, and since when the oldest of them is. */
function lagOverTime(
  acked: readonly Piece[],
  step: number,
  points: number,
): { records: number[]; ms: number[] } {
  const records = new Array<number>(points).fill(0)
  const ms = new Array<number>(points).fill(0)
  for (const piece of acked) {
    const from = Math.ceil(piece.ackedAt / step)
    const until = Math.min(points, Math.ceil(settledAt(piece) / step))
    if (from >= until) continue
    records[from] = (records[from] ?? 0) + piece.count
    if (until < points) records[until] = (records[until] ?? 0) - piece.count
  }
  let oldest = 0
  let behind = 0
  for (let cell = 0; cell < points; cell++) {
    behind += records[cell] ?? 0
    records[cell] = behind
    const now = cell * step
    // Pieces come in the order of their acknowledgement, so those in front stay settled.
    for (let piece = acked[oldest]; piece !== undefined && settledAt(piece) <= now; ) {
      oldest++
      piece = acked[oldest]
    }
    const since = acked[oldest]?.ackedAt ?? now
    ms[cell] = Math.max(0, now - since) / 1_000
  }
  return { records, ms }
}
