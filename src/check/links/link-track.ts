// What a monitor of a link would be told at the instants of the charts, partition by partition of
// the target: how much has been copied, how long it took, and how much is behind.

import type { Link } from '../../history/facts.ts'
import type { History } from '../../history.ts'
import type { LinkTrack, TimingTrack } from './judgement.ts'
import { settledAt } from './lag.ts'
import { LinkPaths, type Path, type Piece } from './path.ts'

/** A sample of Kafka's metrics lasts so long (metrics.sample.window.ms). */
const WINDOW_MICROS = 30_000_000

/** In the order of links and partitions; of `max` partitions, as in other views. */
export function linkTracks(
  history: History,
  step: number,
  max: number,
  paths: LinkPaths = new LinkPaths(history),
): LinkTrack[] {
  const shown = new Set(history.shownPartitions(max).map(({ index }) => index))
  return history.links.flatMap((link) => tracksOf(history, paths.of(link), step, shown))
}

function tracksOf(
  history: History,
  { link, pieces }: Path,
  step: number,
  shown: ReadonlySet<number>,
): LinkTrack[] {
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
  const polled = polledBy(history, link)
  return [...byTarget]
    .sort(([a], [b]) => a - b)
    .map(([target, copied]) => {
      const cells = cellsOf(copied.map(arrivalOf), step)
      return {
        ...{ link: link.name, partition: history.partitionName(target) },
        records: sumsOf(cells, points, ({ records }) => records),
        bytes: sumsOf(cells, points, ({ bytes }) => bytes),
        latency: timingOf(cells, step, points),
        age: timingOf(cellsOf(polled.get(target) ?? [], step), step, points),
        behind: behindOf(
          pieces.filter(({ partition }) => partition === sourceOf.get(target)),
          step,
          points,
        ),
      }
    })
}

/** Records that came together. */
interface Arrival {
  readonly at: number
  readonly count: number
  readonly bytes: number
  readonly createdFirst: number
  readonly createdLast: number
}

function arrivalOf({ copiedAt, count, bytes, createdFirst, createdLast }: Piece): Arrival {
  return { at: copiedAt, count, bytes, createdFirst, createdLast }
}

/** What the tasks of a link got, by partition of its target. */
function polledBy({ polled, links }: History, link: Link): Map<number, Arrival[]> {
  const own = links.indexOf(link)
  const byPartition = new Map<number, Arrival[]>()
  for (let i = 0; i < polled.length; i++) {
    const { link: by, partition, ...records } = polled.row(i)
    if (by !== own) continue
    const list = byPartition.get(partition) ?? []
    byPartition.set(partition, list)
    list.push({ ...records, bytes: 0 })
  }
  return byPartition
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

type Cells = ReadonlyMap<number, Cell>

function sumsOf(cells: Cells, points: number, read: (cell: Cell) => number): number[] {
  let sum = 0
  return Array.from({ length: points }, (_, at) => {
    const cell = cells.get(at)
    sum += cell === undefined ? 0 : read(cell)
    return sum
  })
}

function timingOf(cells: Cells, step: number, points: number): TimingTrack {
  const window = Math.max(1, Math.round(WINDOW_MICROS / step))
  const lastMs: (number | null)[] = []
  const minMs: (number | null)[] = []
  const maxMs: (number | null)[] = []
  const meanMs: (number | null)[] = []
  let last: number | null = null
  for (let at = 0; at < points; at++) {
    last = cells.get(at)?.last ?? last
    const recent = recentCells(cells, at, window)
    const count = recent.reduce((sum, one) => sum + one.records, 0)
    const inMs = (micros: number) => (count === 0 ? null : micros / 1_000)
    lastMs.push(last === null ? null : last / 1_000)
    minMs.push(inMs(Math.min(...recent.map(({ min }) => min))))
    maxMs.push(inMs(Math.max(...recent.map(({ max }) => max))))
    meanMs.push(inMs(recent.reduce((sum, one) => sum + one.sum, 0) / count))
  }
  return { lastMs, minMs, maxMs, meanMs }
}

function recentCells(cells: Cells, at: number, window: number): Cell[] {
  const recent: Cell[] = []
  for (let i = Math.max(0, at - window + 1); i <= at; i++) {
    const cell = cells.get(i)
    if (cell !== undefined) recent.push(cell)
  }
  return recent
}

/** By the first instant of the grid that is not before them. */
function cellsOf(arrivals: readonly Arrival[], step: number): Cells {
  const cells = new Map<number, Cell>()
  const inOrder = [...arrivals].sort((a, b) => a.at - b.at)
  for (const { at: arrivedAt, createdFirst, createdLast, count, bytes } of inOrder) {
    const at = Math.ceil(arrivedAt / step)
    const [shortest, longest] = [arrivedAt - createdLast, arrivedAt - createdFirst]
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
