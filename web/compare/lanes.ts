// The runs of a comparison on one clock: the outages of each, then one lane a series with all runs
// drawn over one another, and the values of the chosen moment at its right.

import type { ComparedRun } from '../../src/contract/compared-runs.ts'
import type { Series } from '../../src/contract.ts'
import { letterOf } from '../../src/report/comparison/words.ts'
import { count } from '../../src/report/quantity.ts'
import { svg } from '../dom.ts'
import { duration, moment } from '../format.ts'
import { axis, type TimeScale, xOf } from '../timeline.ts'
import { colourOf, DESIGN_DASHES } from './colours.ts'

const LABELS = 102
const TOP = 30
const ROW = 20
const LANE = 64
const GAP = 12

/** A lane: its series and how its values are read. */
export interface LaneSpec {
  readonly id: string
  readonly label: string
  readonly isStepped: boolean
  readonly text: (value: number) => string
}

const whole = (value: number) => count(Math.round(value))

export const LANES: readonly LaneSpec[] = [
  { id: 'acked', label: 'acked rec/s', isStepped: false, text: whole },
  { id: 'produce.p99', label: 'produce p99', isStepped: false, text: duration },
  { id: 'end-to-end.lag', label: 'end-to-end lag', isStepped: false, text: duration },
  { id: 'isr.smallest', label: 'smallest ISR', isStepped: true, text: whole },
  { id: 'under-min-isr', label: 'under min ISR', isStepped: true, text: whole },
]

/** The series of a run, undefined where it has none of that name. */
export function seriesOf(run: ComparedRun, id: string): Series | undefined {
  return run.series.series.find((series) => series.id === id)
}

/** The value at a moment, null before and after the run and where there is none. */
export function valueAt(run: ComparedRun, id: string, ms: number): number | null {
  const { startMs, stepMs } = run.series
  return seriesOf(run, id)?.values[Math.floor((ms - startMs) / stepMs)] ?? null
}

/** The clock that holds all runs. */
export function clockOf(runs: readonly ComparedRun[], pixels: number): TimeScale {
  const [left, right] = [LABELS, pixels < 480 ? 64 : 84]
  const endMs = Math.max(1, ...runs.map(({ clock }) => clock.endMs))
  return { left, width: Math.max(40, pixels - left - right), endMs }
}

/** The drawing, and the function that moves its cursor. */
export interface LanesDrawing {
  readonly element: SVGSVGElement
  moveTo(ms: number): void
}

/** Draws all runs; none of them is longer than the scale. */
export function drawLanes(
  runs: readonly ComparedRun[],
  scale: TimeScale,
  pixels: number,
): LanesDrawing {
  const shown = LANES.filter(({ id }) => runs.some((run) => hasValues(seriesOf(run, id))))
  const lanesTop = TOP + runs.length * ROW + GAP
  const bottom = lanesTop + shown.length * LANE
  const tops = shown.map((_, i) => lanesTop + i * LANE)
  const cursor = svg('g', { class: 'cursor' })
  const element = svg(
    'svg',
    { width: pixels, height: bottom + 22, role: 'img', 'aria-label': summary(runs) },
    ...runs.flatMap((run, i) => faultBands(run, scale, bandPlace(runs, i, bottom))),
    ...axis(scale, bottom, TOP - 4),
    ...runs.flatMap((run, i) => outages(run, i, scale)),
    ...shown.flatMap((spec, i) => lane(spec, runs, scale, tops[i] ?? 0)),
    cursor,
  )
  const moveTo = (ms: number) =>
    cursor.replaceChildren(
      ...cursorLine(xOf(scale, ms), ms, bottom, pixels),
      ...shown.flatMap((spec, i) => readout(spec, runs, ms, scale, tops[i] ?? 0)),
    )
  return { element, moveTo }
}

function hasValues(series: Series | undefined): boolean {
  return series?.values.some((value) => value !== null && value !== 0) ?? false
}

interface Place {
  readonly y: number
  readonly height: number
}

/** Faults that strike all runs alike lie behind everything, others behind their own run's row. */
function bandPlace(runs: readonly ComparedRun[], i: number, bottom: number): Place {
  const faultsOf = ({ faults }: ComparedRun) =>
    JSON.stringify(faults.map(({ fromMs, untilMs }) => [fromMs, untilMs]))
  const [first] = runs
  const isCommon = runs.every((run) => first !== undefined && faultsOf(run) === faultsOf(first))
  if (!isCommon) return { y: TOP + i * ROW, height: ROW - 4 }
  return { y: TOP - 4, height: i === 0 ? bottom - TOP + 4 : 0 }
}

function faultBands(run: ComparedRun, scale: TimeScale, { y, height }: Place): SVGElement[] {
  if (height === 0) return []
  return run.faults.map((fault) => {
    const x = xOf(scale, fault.fromMs)
    const width = Math.max(2, xOf(scale, fault.untilMs) - x)
    const title = svg('title', {}, `${moment(fault.fromMs)} s: ${fault.text}`)
    return svg('rect', { x, y, width, height, class: 'band' }, title)
  })
}

/** From the fault to the first acknowledgement after it, with its length beside it. */
function outages(run: ComparedRun, i: number, scale: TimeScale): SVGElement[] {
  const y = TOP + i * ROW + 8
  const { faultAtMs, backAtMs, ms } = run.rto.produce
  const name = svg(
    'text',
    { x: scale.left - 8, y: y + 4, class: 'lane' },
    svg('tspan', { fill: colourOf(i), class: 'name' }, letterOf(i)),
    ' no writes',
  )
  if (faultAtMs === null || ms === 0) {
    return [name, svg('text', { x: scale.left + 4, y: y + 4, class: 'quiet' }, 'never stopped')]
  }
  const [from, to] = [xOf(scale, faultAtMs), xOf(scale, backAtMs ?? run.clock.endMs)]
  const text = ms === null ? 'not back' : `RTO ${duration(ms)}`
  const isRoom = to + text.length * 7 < scale.left + scale.width
  const label = isRoom
    ? { x: to + 6, y: y + 4, class: 'outage-label after' }
    : { x: from - 6, y: y + 4, class: 'outage-label end' }
  return [
    name,
    svg('line', { x1: from, x2: to, y1: y, y2: y, class: 'outage' }),
    svg('text', label, text),
  ]
}

function lane(
  spec: LaneSpec,
  runs: readonly ComparedRun[],
  scale: TimeScale,
  y: number,
): SVGElement[] {
  const floor = y + LANE - GAP
  const all = runs.flatMap((run) => seriesOf(run, spec.id)?.values ?? [])
  const top = all.reduce<number>((max, value) => Math.max(max, value ?? 0), 0) || 1
  const height = LANE - GAP - 8
  const right = scale.left + scale.width
  return [
    svg('text', { x: scale.left - 8, y: y + 20, class: 'lane name' }, spec.label),
    svg('text', { x: scale.left - 8, y: y + 33, class: 'lane' }, `to ${spec.text(top)}`),
    svg('line', { x1: scale.left, x2: right, y1: floor, y2: floor, class: 'tick' }),
    ...runs.map((run, i) =>
      svg('path', {
        d: pathOf(run, spec, scale, (value) => floor - (value / top) * height),
        class: 'curve',
        stroke: colourOf(i),
        'stroke-dasharray': DESIGN_DASHES[i] ?? 'none',
      }),
    ),
  ]
}

/** A line that is broken where there is no value. */
function pathOf(
  run: ComparedRun,
  { id, isStepped }: LaneSpec,
  scale: TimeScale,
  yOf: (value: number) => number,
): string {
  const { startMs, stepMs } = run.series
  let isDown = false
  return (seriesOf(run, id)?.values ?? [])
    .map((value, i) => {
      const wasDown = isDown
      isDown = value !== null
      if (value === null) return ''
      const [x, y] = [xOf(scale, startMs + i * stepMs).toFixed(1), yOf(value).toFixed(1)]
      if (!wasDown) return `M${x} ${y}`
      return isStepped ? `H${x}V${y}` : `L${x} ${y}`
    })
    .join('')
}

function cursorLine(x: number, ms: number, bottom: number, pixels: number): SVGElement[] {
  const isEnd = x > pixels - 150
  const label = { x: isEnd ? x - 8 : x + 8, y: 12, class: isEnd ? 'now end' : 'now' }
  return [
    svg('line', { x1: x, x2: x, y1: 6, y2: bottom }),
    svg('path', { d: `M${x - 5} 3h10l-5 7z` }),
    svg('text', label, `${moment(ms)} s`),
  ]
}

/** The values of all runs at a moment, each behind its letter. */
function readout(
  spec: LaneSpec,
  runs: readonly ComparedRun[],
  ms: number,
  scale: TimeScale,
  y: number,
): SVGElement[] {
  const x = scale.left + scale.width + 8
  const step = runs.length > 3 ? 12 : 14
  return runs.map((run, i) => {
    const value = valueAt(run, spec.id, ms)
    const text = value === null ? '–' : spec.text(value)
    const name = svg('tspan', { fill: colourOf(i), class: 'name' }, letterOf(i))
    return svg('text', { x, y: y + 14 + i * step, class: 'readout' }, name, ` ${text}`)
  })
}

function summary(runs: readonly ComparedRun[]): string {
  const told = runs.map(({ rto }, i) => {
    const { ms } = rto.produce
    return `${letterOf(i)} ${ms === null ? 'does not take writes again' : `RTO ${duration(ms)}`}`
  })
  return `${runs.length} runs on one clock: ${told.join(', ')}; the table has the values`
}
