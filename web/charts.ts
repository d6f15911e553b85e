// Chart.js charts of a result's series, each with the faults as bands and a table as its twin.

import {
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  type Plugin,
  PointElement,
} from 'chart.js'
import type { RunResult, Series } from '../src/contract.ts'
import { COLOURS } from './colours.ts'
import { el } from './dom.ts'
import { duration, moment } from './format.ts'

Chart.register(Filler, LinearScale, LineController, LineElement, PointElement)

interface ChartSpec {
  readonly title: string
  readonly unit: string
  readonly lines: readonly {
    readonly id: string
    readonly label: string
    readonly colour: string
  }[]
  readonly stepped: boolean
}

const SPECS: readonly ChartSpec[] = [
  {
    title: 'Produce latency',
    unit: 'ms',
    lines: [
      { id: 'produce.p50', label: 'p50', colour: COLOURS.leader },
      { id: 'produce.p99', label: 'p99', colour: COLOURS.lost },
    ],
    stepped: false,
  },
  {
    title: 'Smallest ISR',
    unit: 'replicas',
    lines: [{ id: 'isr.smallest', label: 'replicas', colour: COLOURS.inSync }],
    stepped: true,
  },
  {
    title: 'Partitions under min ISR',
    unit: 'partitions',
    lines: [{ id: 'under-min-isr', label: 'partitions', colour: COLOURS.lost }],
    stepped: true,
  },
]

const drawn: Chart[] = []

/** Replaces the charts in `host` by those of a result. */
export function drawCharts(host: HTMLElement, result: RunResult): void {
  for (const chart of drawn.splice(0)) chart.destroy()
  host.replaceChildren(...SPECS.map((spec) => figure(spec, result)))
}

function figure(spec: ChartSpec, result: RunResult): HTMLElement {
  const lines = spec.lines.flatMap((line) => {
    const series = result.series.series.find((each) => each.id === line.id)
    return series === undefined ? [] : [{ ...line, series }]
  })
  const canvas = el('canvas', {
    role: 'img',
    'aria-label': `${spec.title}; the table has the values`,
  })
  const legend = (lines.length > 1 ? lines : []).map((line) =>
    el('li', {}, el('span', { class: 'key', style: `background:${line.colour}` }), line.label),
  )
  const box = el(
    'figure',
    { class: 'chart' },
    el(
      'figcaption',
      {},
      el('h2', { class: 'eyebrow' }, spec.title),
      el('ul', { class: 'keys' }, ...legend),
    ),
    el('div', { class: 'canvas' }, canvas),
    table(
      spec,
      result,
      lines.map((line) => line.series),
    ),
  )
  drawn.push(new Chart(canvas, configuration(spec, result, lines)))
  return box
}

type Line = ChartSpec['lines'][number] & { readonly series: Series }

function configuration(spec: ChartSpec, result: RunResult, lines: readonly Line[]) {
  const { startMs, stepMs, points } = result.series
  const secondsAt = (index: number) => (startMs + index * stepMs) / 1_000
  const font = { size: 11, family: getComputedStyle(document.body).fontFamily }
  const ticks = { color: COLOURS.muted, font, maxRotation: 0, autoSkipPadding: 24 }
  const grid = { color: COLOURS.line, drawTicks: false }
  return {
    type: 'line' as const,
    data: {
      datasets: lines.map((line) => ({
        label: line.label,
        data: line.series.values.map((y, index) => ({ x: secondsAt(index), y })),
        borderColor: line.colour,
        backgroundColor: `${line.colour}1f`,
        borderWidth: 1.6,
        pointRadius: 0,
        fill: spec.stepped,
        stepped: spec.stepped ? ('after' as const) : (false as const),
      })),
    },
    options: {
      animation: false as const,
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      scales: {
        x: {
          type: 'linear' as const,
          min: secondsAt(0),
          max: secondsAt(points - 1),
          ticks: { ...ticks, callback: (value: number | string) => `${value} s` },
          grid: { display: false },
          border: { color: COLOURS.line },
        },
        y: {
          beginAtZero: true,
          ticks: { ...ticks, maxTicksLimit: 5, ...(spec.stepped ? { precision: 0 } : {}) },
          grid,
          border: { display: false },
        },
      },
    },
    plugins: [faultBands(result)],
  }
}

/** Paints the time of each fault behind the lines. */
function faultBands(result: RunResult): Plugin<'line'> {
  return {
    id: 'faults',
    beforeDatasetsDraw({ ctx, chartArea }) {
      const { startMs, stepMs, points } = result.series
      const length = Math.max(1, (points - 1) * stepMs)
      const x = (ms: number) => {
        const share = Math.min(Math.max((ms - startMs) / length, 0), 1)
        return chartArea.left + share * chartArea.width
      }
      ctx.save()
      ctx.fillStyle = COLOURS.band
      for (const fault of result.faults) {
        const from = x(fault.fromMs)
        ctx.fillRect(from, chartArea.top, Math.max(2, x(fault.untilMs) - from), chartArea.height)
      }
      ctx.restore()
    },
  }
}

/** The chart's values as a table, at most fifty rows of it. */
function table(spec: ChartSpec, result: RunResult, series: readonly Series[]): HTMLElement {
  const { startMs, stepMs, points } = result.series
  const stride = Math.max(1, Math.ceil(points / 50))
  const head = el(
    'tr',
    {},
    ...['s', ...series.map((each) => each.label)].map((t) => el('th', { scope: 'col' }, t)),
  )
  const rows: HTMLElement[] = []
  for (let i = 0; i < points; i += stride) {
    const cells = series.map((each) => el('td', {}, cell(each.values[i] ?? null, spec)))
    const at = el('th', { scope: 'row' }, moment(startMs + i * stepMs))
    rows.push(el('tr', {}, at, ...cells))
  }
  const body = el('table', {}, el('thead', {}, head), el('tbody', {}, ...rows))
  return el('details', {}, el('summary', {}, 'as a table'), el('div', { class: 'scroll' }, body))
}

function cell(value: number | null, spec: ChartSpec): string {
  if (value === null) return '–'
  return spec.unit === 'ms' ? duration(value) : String(Math.round(value * 100) / 100)
}
