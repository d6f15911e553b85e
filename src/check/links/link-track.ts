// What a monitor of a link would be told at the instants of the charts, partition by partition of
// the target: how much has been copied, how long it took, and how much is behind.

import type { Link } from '../../history/facts.ts'
import type { History } from '../../history.ts'
import type { LinkTrack, TimingTrack } from './judgement.ts'
import { settledAt } from './lag.ts'
import { LinkPaths, type Path } from './path.ts'
import type { Piece } from './piece.ts'

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
  const by = polled.column('link')
  for (let i = 0; i < by.length; i++) {
    if (by[i] !== own) continue
    const { partition, at, count, createdFirst, createdLast } = polled.row(i)
    const list = byPartition.get(partition) ?? []
    byPartition.set(partition, list)
    list.push({ at, count, bytes: 0, createdFirst, createdLast })
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
  const recent = new RecentCells(cells, Math.max(1, Math.round(WINDOW_MICROS / step)))
  const lastMs: (number | null)[] = []
  const minMs: (number | null)[] = []
  const maxMs: (number | null)[] = []
  const meanMs: (number | null)[] = []
  for (let at = 0; at < points; at++) {
    recent.moveTo(at)
    const { last, records, sum } = recent
    const inMs = (micros: number) => (records === 0 ? null : micros / 1_000)
    lastMs.push(last === null ? null : last / 1_000)
    minMs.push(inMs(recent.min()))
    maxMs.push(inMs(recent.max()))
    meanMs.push(inMs(sum / records))
  }
  return { lastMs, minMs, maxMs, meanMs }
}

/** The cells of a window that moves along the grid: each comes into it once, and leaves it once. */
class RecentCells {
  /** Of the cells in the window. */
  records = 0
  sum = 0
  /** Of the newest cell that ever was in it. */
  last: number | null = null
  private readonly cells: readonly (readonly [at: number, cell: Cell])[]
  private readonly window: number
  private from = 0
  private until = 0

  /** @param cells by their place on the grid, in its order */
  constructor(cells: Cells, window: number) {
    this.cells = [...cells]
    this.window = window
  }

  /** The window ends with the cell at `at`, which is not before where it ended. */
  moveTo(at: number): void {
    const { cells } = this
    for (; this.until < cells.length && cells[this.until][0] <= at; this.until++) {
      const { records, sum, last } = cells[this.until][1]
      this.records += records
      this.sum += sum
      this.last = last
    }
    for (; this.from < this.until && cells[this.from][0] <= at - this.window; this.from++) {
      const { records, sum } = cells[this.from][1]
      this.records -= records
      this.sum -= sum
    }
  }

  min(): number {
    let min = Number.POSITIVE_INFINITY
    for (let i = this.from; i < this.until; i++) min = Math.min(min, this.cells[i][1].min)
    return min
  }

  max(): number {
    let max = Number.NEGATIVE_INFINITY
    for (let i = this.from; i < this.until; i++) max = Math.max(max, this.cells[i][1].max)
    return max
  }
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
