// The partition view: one bar a replica near its end, with the high watermark and the epochs.

import type { PartitionView } from '../src/contract.ts'
import { COLOURS } from './colours.ts'
import { svg } from './dom.ts'
import { count } from './format.ts'
import { type ReplicaRow, replicaRows } from './replica-rows.ts'

const LABELS = 92
const VALUES = 88
const ROW = 30
const TOP = 30
/** How many offsets behind the longest log the drawing reaches, at least. */
const WINDOW_MIN = 24

/** Draws the replicas' logs at a moment, zoomed to where they differ. */
export function drawReplicas(partition: PartitionView, ms: number, pixels: number): SVGSVGElement {
  const rows = replicaRows(partition, ms)
  const ends = rows.flatMap((row) => [row.logEnd, row.highWatermark]).filter((x) => x !== null)
  const last = ends.reduce((max, x) => Math.max(max, x), 0)
  const first = ends.reduce((min, x) => Math.min(min, x), last)
  const from = Math.max(0, Math.floor(last - Math.max(WINDOW_MIN, (last - first) * 1.35)))
  const width = Math.max(60, pixels - LABELS - VALUES)
  const x = (offset: number) =>
    LABELS + (Math.max(0, offset - from) / Math.max(1, last - from)) * width
  const leader = partition.leaders.find((span) => span.fromMs <= ms && ms < span.untilMs)?.node
  const epochs = partition.epochs.filter(
    (each) => each.startOffset > from && each.startOffset < last,
  )
  const height = TOP + rows.length * ROW
  return svg(
    'svg',
    { width: pixels, height, role: 'img', 'aria-label': describe(partition, rows) },
    hatching(),
    ...epochs.flatMap((each) => [
      svg('line', {
        x1: x(each.startOffset),
        x2: x(each.startOffset),
        y1: 18,
        y2: height,
        class: 'epoch',
      }),
      svg('text', { x: x(each.startOffset), y: 13, class: 'axis' }, `epoch ${each.epoch}`),
    ]),
    ...rows.flatMap((row, i) => replicaRow(row, TOP + i * ROW, x, from, row.broker === leader)),
  )
}

function replicaRow(
  row: ReplicaRow,
  y: number,
  x: (offset: number) => number,
  from: number,
  leads: boolean,
): SVGElement[] {
  const name = `${row.broker}${leads ? ' · leader' : row.role === 'observer' ? ' · observer' : ''}`
  const label = svg('text', { x: LABELS - 8, y: y + 13, class: 'lane' }, name)
  if (row.logEnd === null) return [label, svg('text', { x: LABELS, y: y + 13 }, 'no log')]
  const committed = row.highWatermark ?? from
  const colour = leads
    ? COLOURS.leader
    : row.role === 'observer'
      ? COLOURS.observer
      : COLOURS.inSync
  const end = x(row.logEnd)
  const mark = x(Math.min(committed, row.logEnd))
  const box = { y, height: 18 }
  return [
    label,
    svg('rect', { ...box, x: LABELS, width: Math.max(0, mark - LABELS), fill: '#dbe8f2' }),
    svg('rect', { ...box, x: mark, width: Math.max(0, end - mark), fill: 'url(#uncommitted)' }),
    svg('rect', {
      ...box,
      x: LABELS,
      width: Math.max(1, end - LABELS),
      fill: 'none',
      stroke: colour,
      'stroke-width': 1.6,
    }),
    svg('path', { d: `M${mark - 4} ${y - 6}h8l-4 5zM${mark} ${y - 3}v22`, class: 'watermark' }),
    svg('text', { x: end + 8, y: y + 13, class: 'leo' }, `LEO ${count(row.logEnd)}`),
  ]
}

function hatching(): SVGElement {
  const line = svg('path', { d: 'M0 6L6 0', stroke: COLOURS.leader, 'stroke-width': 1.3 })
  const pattern = { id: 'uncommitted', width: 6, height: 6, patternUnits: 'userSpaceOnUse' }
  return svg('defs', {}, svg('pattern', pattern, line))
}

function describe(partition: PartitionView, rows: readonly ReplicaRow[]): string {
  const texts = rows.map(({ broker, logEnd, highWatermark }) => {
    return `broker ${broker} log end ${logEnd ?? 'none'} high watermark ${highWatermark ?? 'none'}`
  })
  return `${partition.partition}: ${texts.join('; ')}`
}
