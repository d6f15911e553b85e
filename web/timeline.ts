// The timeline: lanes over one clock, with the faults as bands behind them and the cursor before.

import type { PartitionView, RunResult, Series, Span } from '../src/contract.ts'
import { COLOURS } from './colours.ts'
import { svg } from './dom.ts'
import { faultLabels, LABEL_ROW, LETTER } from './fault-labels.ts'
import { duration, moment } from './format.ts'

const LABELS = 96
const RIGHT = 22
/** Room above the names of the faults, for the cursor and its time. */
const HEAD = 25
const BAR = 12
/** Height of a line of a lane's label, and how many letters one holds. */
const LINE = 12
const LABEL_LETTERS = Math.floor((LABELS - 8) / LETTER)
const CURVE = 34

/** Where the drawing puts a moment, and which moment a place shows. */
export interface TimeScale {
  readonly left: number
  readonly width: number
  readonly endMs: number
}

/** The scale of a drawing of the given width in pixels. */
export function timeScale(result: RunResult, pixels: number): TimeScale {
  return { left: LABELS, width: Math.max(40, pixels - LABELS - RIGHT), endMs: result.clock.endMs }
}

/** Pixels from the left edge for a moment. */
export function xOf(scale: TimeScale, ms: number): number {
  return scale.left + (Math.min(Math.max(ms, 0), scale.endMs) / scale.endMs) * scale.width
}

/** The drawing, and the function that moves its cursor. */
export interface TimelineDrawing {
  readonly element: SVGSVGElement
  moveTo(ms: number): void
}

/** Draws a result's lanes; `partition` is the one whose leader and ISR are shown. */
export function drawTimeline(
  result: RunResult,
  partition: PartitionView | undefined,
  pixels: number,
): TimelineDrawing {
  const scale = timeScale(result, pixels)
  const names = faultLabels(result.faults, scale.left, scale.left + scale.width, (ms) =>
    xOf(scale, ms),
  )
  const top = HEAD + names.rows * LABEL_ROW
  const lanes: SVGElement[] = []
  let y = top
  const bars = (label: string, spans: readonly Span[], kind: BarKind) => {
    lanes.push(laneLabel(label, y + 6), ...spans.map((span) => bar(scale, span, y, kind)))
    y += BAR + 8
  }
  bars('controller', controllersOf(result, partition), 'controller')
  if (partition !== undefined) {
    bars('leader', partition.leaders, 'leader')
    bars('ISR', partition.isr, 'isr')
  }
  for (const [id, label, colour] of [...CURVES, ...linkCurves(result)]) {
    const series = result.series.series.find((each) => each.id === id)
    if (series === undefined) continue
    lanes.push(laneLabel(label, y + CURVE / 2), curve(result, series, scale, y, colour))
    if (id === CURVES[0][0]) lanes.push(...outage(result, scale, y + CURVE - 4))
    y += CURVE + 8
  }
  const cursor = svg('g', { class: 'cursor' })
  const height = y + 20
  const element = svg(
    'svg',
    { width: pixels, height, role: 'img', 'aria-label': summary(result) },
    ...bands(result, scale, top - 8, y),
    ...names.draw(top - LABEL_ROW),
    ...axis(scale, y, top - 4),
    ...lanes,
    cursor,
  )
  return { element, moveTo: (ms) => drawCursor(cursor, xOf(scale, ms), ms, y, pixels) }
}

/** Series drawn as lanes: id, label, colour. */
const CURVES = [
  ['acked', 'acked rec/s', COLOURS.leader],
  ['end-to-end.lag', 'end-to-end lag', COLOURS.lagging],
] as const

/** More links than this have their lag in the charts and the report only. */
const LINK_LANES_MAX = 2

function linkCurves({
  links,
}: RunResult): (readonly [id: string, label: string, colour: string])[] {
  const shown = links.length > LINK_LANES_MAX ? [] : links
  return shown.map(({ link, from, to }) => {
    const name = `${from} → ${to}`
    const label = `${name} behind`
    const fits = label.length * LETTER <= LABELS
    return [`link.${link}.lag`, fits ? label : name, COLOURS.copied]
  })
}

/** The active controllers of the cluster that holds the partition. */
function controllersOf(result: RunResult, partition: PartitionView | undefined): readonly Span[] {
  const replica = partition?.replicas[0]
  const holder = result.topology.brokers.find(({ id }) => id === replica)
  if (holder === undefined) return result.controllers
  return result.controllers.filter(({ cluster }) => cluster === holder.cluster)
}

type BarKind = 'controller' | 'leader' | 'isr'

function bar(scale: TimeScale, span: Span, y: number, kind: BarKind): SVGElement {
  const from = xOf(scale, span.fromMs)
  const width = Math.max(1, xOf(scale, span.untilMs) - from)
  const none = kind !== 'isr' && span.node < 0
  const text = none ? 'none' : span.label
  const label = svg('text', { x: from + width / 2, y: y + 9, class: 'inside' }, text)
  const fits = width > text.length * LETTER + 6
  const rect = svg('rect', { x: from, y, width, height: BAR, rx: 2, class: none ? 'none' : kind })
  const title = svg('title', {}, `${moment(span.fromMs)} s: ${kind === 'isr' ? 'ISR ' : ''}${text}`)
  return svg('g', { class: none ? 'absent' : 'bar' }, rect, title, ...(fits ? [label] : []))
}

function curve(
  result: RunResult,
  series: Series,
  scale: TimeScale,
  y: number,
  colour: string,
): SVGElement {
  const { startMs, stepMs } = result.series
  const top = series.values.reduce<number>((max, value) => Math.max(max, value ?? 0), 1)
  const floor = y + CURVE - 6
  const points = series.values.map((value, index) => {
    const height = ((value ?? 0) / top) * (CURVE - 8)
    return `${xOf(scale, startMs + index * stepMs).toFixed(1)},${(floor - height).toFixed(1)}`
  })
  const last = xOf(scale, startMs + (series.values.length - 1) * stepMs)
  const area = `${xOf(scale, startMs)},${floor} ${points.join(' ')} ${last},${floor}`
  return svg(
    'g',
    {},
    svg('polygon', { points: area, fill: colour, opacity: 0.13 }),
    svg('polyline', {
      points: points.join(' '),
      fill: 'none',
      stroke: colour,
      'stroke-width': 1.4,
    }),
  )
}

/** The recovery time as a span from the fault to the first acknowledgement after it. */
function outage(result: RunResult, scale: TimeScale, y: number): SVGElement[] {
  const { faultAtMs, backAtMs, ms } = result.rto.produce
  if (faultAtMs === null || ms === 0) return []
  const from = xOf(scale, faultAtMs)
  const to = xOf(scale, backAtMs ?? scale.endMs)
  const text = ms === null ? 'not back' : `RTO ${duration(ms)}`
  const line = svg('line', { x1: from, x2: to, y1: y, y2: y, class: 'outage' })
  return [line, svg('text', { x: (from + to) / 2, y: y - 6, class: 'outage-label' }, text)]
}

function bands(result: RunResult, scale: TimeScale, y: number, floor: number): SVGElement[] {
  return result.faults.map(({ text, fromMs, untilMs }) => {
    const x = xOf(scale, fromMs)
    const width = Math.max(2, xOf(scale, untilMs) - x)
    const title = svg('title', {}, `${moment(fromMs)} s: ${text}`)
    return svg('g', {}, svg('rect', { x, y, width, height: floor - y, class: 'band' }), title)
  })
}

/** Ticks and their seconds: lines from `top` down to `y`, which the seconds stand below. */
export function axis(scale: TimeScale, y: number, top: number): SVGElement[] {
  const steps = [100, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 3_600_000]
  const step = steps.find((ms) => (scale.width * ms) / scale.endMs > 56) ?? scale.endMs
  const ticks: SVGElement[] = []
  for (let ms = 0; ms <= scale.endMs; ms += step) {
    const x = xOf(scale, ms)
    ticks.push(svg('line', { x1: x, x2: x, y1: top, y2: y, class: 'tick' }))
    ticks.push(svg('text', { x, y: y + 14, class: 'axis' }, `${ms / 1_000} s`))
  }
  return ticks
}

/** In front of a lane: what is too long stands on two lines, and may end in an ellipsis. */
function laneLabel(text: string, y: number): SVGElement {
  const x = LABELS - 8
  const lines = text.length <= LABEL_LETTERS ? [text] : text.split(/(?<=→) /)
  const parts = lines.map((line, i) => {
    const whole = line.length <= LABEL_LETTERS
    const shown = whole ? line : `${line.slice(0, LABEL_LETTERS - 1)}…`
    return svg('tspan', { x, y: y + 3 + LINE * (i - (lines.length - 1) / 2) }, shown)
  })
  return svg('text', { class: 'lane' }, svg('title', {}, text), ...parts)
}

function drawCursor(group: SVGGElement, x: number, ms: number, height: number, pixels: number) {
  const end = x > pixels - 90
  const label = { x: end ? x - 8 : x + 8, y: 12, class: end ? 'now end' : 'now' }
  group.replaceChildren(
    svg('line', { x1: x, x2: x, y1: 6, y2: height }),
    svg('path', { d: `M${x - 5} 3h10l-5 7z` }),
    svg('text', label, `${moment(ms)} s`),
  )
}

function summary(result: RunResult): string {
  const faults = result.faults.map((fault) => `${fault.text} at ${moment(fault.fromMs)} s`)
  return `Timeline of ${duration(result.clock.endMs)}; faults: ${faults.join(', ') || 'none'}`
}
