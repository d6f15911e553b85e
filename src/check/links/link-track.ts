// What a monitor of a link would be told at the instants of the charts, partition by partition of
// the target: how much has been copied, how long it took, and how much is behind.

import type { Link } from '../../history/facts.ts'
import type { History } from '../../history.ts'
import type { LinkTrack } from './judgement.ts'
import { settledAt } from './lag.ts'
import { type Piece, pathOf } from './path.ts'

/** A sample of Kafka's metrics lasts so long (metrics.sample.window.ms). */
const WINDOW_MICROS = 30_000_000

/** In the order of links and partitions; of `max` partitions, as in other views. */
export function linkTracks(history: History, step: number, max: number): LinkTrack[] {
  const shown = new Set(history.shownPartitions(max).map(({ index }) => index))
  return history.links.flatMap((link) => tracksOf(history, link, step, shown))
}

function tracksOf(
  history: History,
  link: Link,
  step: number,
  shown: ReadonlySet<number>,
): LinkTrack[] {
  const { pieces } = pathOf(history, link)
  const sourceOf = new Map<number, number>()
  const byTarget = new Map<number, Piece[]>()
  for (const piece of pieces) {
    if (!shown.has(piece.copiedTo)) continue
    sourceOf.set(piece.copiedTo, piece.partition)
    const own = byTarget.get(piece.copiedTo) ?? []
    byTarget.set(piece.copiedTo, own)
    own.push(piece)
  }
  const points = Math.ceil(history.endAt / step) + 1
  return [...byTarget]
    .sort(([a], [b]) => a - b)
    .map(([target, copied]) => ({
      ...{ link: link.name, partition: history.partitionName(target) },
      ...arrivals(copied, step, points),
      behind: behindOf(
        pieces.filter(({ partition }) => partition === sourceOf.get(target)),
        step,
        points,
      ),
    }))
}

/** What came in one step of the grid. */
interface Cell {
  records: number
  bytes: number
  last: number
  min: number
  max: number
  sum: number
}

type Arrivals = Omit<LinkTrack, 'link' | 'partition' | 'behind'>

function arrivals(copied: readonly Piece[], step: number, points: number): Arrivals {
  const cells = cellsOf(copied, step)
  const window = Math.max(1, Math.round(WINDOW_MICROS / step))
  let records = 0
  let bytes = 0
  let last: number | null = null
  const columns = { records: [], bytes: [], lastMs: [], minMs: [], maxMs: [], meanMs: [] }
  const track: { [K in keyof Arrivals]: (number | null)[] } & {
    records: number[]
    bytes: number[]
  } = columns
  for (let at = 0; at < points; at++) {
    const cell = cells.get(at)
    records += cell?.records ?? 0
    bytes += cell?.bytes ?? 0
    last = cell?.last ?? last
    const recent = recentCells(cells, at, window)
    const count = recent.reduce((sum, one) => sum + one.records, 0)
    track.records.push(records)
    track.bytes.push(bytes)
    track.lastMs.push(inMs(last))
    track.minMs.push(count === 0 ? null : inMs(Math.min(...recent.map(({ min }) => min))))
    track.maxMs.push(count === 0 ? null : inMs(Math.max(...recent.map((one) => one.max))))
    track.meanMs.push(count === 0 ? null : inMs(recent.reduce((s, c) => s + c.sum, 0) / count))
  }
  return track
}

function inMs(micros: number | null): number | null {
  return micros === null ? null : micros / 1_000
}

function recentCells(cells: ReadonlyMap<number, Cell>, at: number, window: number): Cell[] {
  const recent: Cell[] = []
  for (let i = Math.max(0, at - window + 1); i <= at; i++) {
    const cell = cells.get(i)
    if (cell !== undefined) recent.push(cell)
  }
  return recent
}

/** By the first instant of the grid that is not before them. */
function cellsOf(copied: readonly Piece[], step: number): Map<number, Cell> {
  const cells = new Map<number, Cell>()
  const inOrder = [...copied].sort((a, b) => a.copiedAt - b.copiedAt)
  for (const { copiedAt, createdFirst, createdLast, count, bytes } of inOrder) {
    const at = Math.ceil(copiedAt / step)
    const [shortest, longest] = [copiedAt - createdLast, copiedAt - createdFirst]
    const cell = cells.get(at)
    const sum = (count * (shortest + longest)) / 2
    if (cell === undefined) {
      cells.set(at, { records: count, bytes, last: shortest, min: shortest, max: longest, sum })
      continue
    }
    cell.records += count
    cell.bytes += bytes
    cell.last = shortest
    cell.min = Math.min(cell.min, shortest)
    cell.max = Math.max(cell.max, longest)
    cell.sum += sum
  }
  return cells
}

function behindOf(pieces: readonly Piece[], step: number, points: number): number[] {
  const changes = new Array<number>(points + 1).fill(0)
  for (const piece of pieces) {
    if (!Number.isFinite(piece.ackedAt)) continue
    const from = Math.ceil(piece.ackedAt / step)
    const until = Math.min(points, Math.ceil(settledAt(piece) / step))
    if (from >= until) continue
    changes[from] = (changes[from] ?? 0) + piece.count
    changes[until] = (changes[until] ?? 0) - piece.count
  }
  let behind = 0
  return changes.slice(0, points).map((change) => {
    behind += change
    return behind
  })
}
