// Charts of a run: its facts laid on an even grid of time. A cell holds what happened in the step
// that begins at its instant (rates, latencies), or what was true at that instant (states).

import { type History, OK } from '../history.ts'
import { addLatencies, type Histograms } from './histogram.ts'
import type { Series, SeriesGrid } from './judgement.ts'
import { linkSeries } from './links/lag.ts'
import { LinkPaths } from './links/path.ts'
import { isUnderMinIsr, registrationsOf } from './registrations.ts'
import { rowsByPartition, rowsByTime } from './rows.ts'

/** Lays the charts on a grid of `stepMicros` from 0 to the end of the run. */
export function seriesOf(
  history: History,
  stepMicros: number,
  paths: LinkPaths = new LinkPaths(history),
): SeriesGrid {
  const points = Math.ceil(history.endAt / stepMicros) + 1
  return {
    startMs: 0,
    stepMs: stepMicros / 1_000,
    points,
    series: [
      ...produceSeries(history, stepMicros, points),
      ...consumeSeries(history, stepMicros, points),
      ...isrSeries(history, stepMicros, points),
      highWatermarkLag(history, stepMicros, points),
      ...linkSeries(history, paths, stepMicros, points),
    ],
  }
}

function produceSeries(history: History, step: number, points: number): Series[] {
  const { produced } = history
  const acked = zeros(points)
  const failed = zeros(points)
  const latencies: Histograms = new Array(points)
  const outcomes = produced.column('outcome')
  const doneAt = produced.column('doneAt')
  const counts = produced.column('count')
  const firsts = produced.column('createdFirst')
  const lasts = produced.column('createdLast')
  for (let row = 0; row < produced.length; row++) {
    const done = doneAt[row] ?? 0
    const cell = Math.floor(done / step)
    const count = counts[row] ?? 0
    const target = outcomes[row] === OK ? acked : failed
    target[cell] = (target[cell] ?? 0) + count
    if (outcomes[row] !== OK) continue
    addLatencies(latencies, cell, done, firsts[row] ?? 0, lasts[row] ?? 0, count)
  }
  return [
    { id: 'acked', label: 'acked rec/s', unit: 'records/s', values: perSecond(acked, step) },
    { id: 'failed', label: 'failed rec/s', unit: 'records/s', values: perSecond(failed, step) },
    quantileSeries('produce.p50', 'produce p50', latencies, points, 0.5),
    quantileSeries('produce.p99', 'produce p99', latencies, points, 0.99),
  ]
}

function consumeSeries(history: History, step: number, points: number): Series[] {
  const { delivered } = history
  const got = zeros(points)
  const latencies: Histograms = new Array(points)
  const ats = delivered.column('at')
  const counts = delivered.column('count')
  const firsts = delivered.column('createdFirst')
  const lasts = delivered.column('createdLast')
  for (let row = 0; row < delivered.length; row++) {
    const at = ats[row] ?? 0
    const cell = Math.floor(at / step)
    const count = counts[row] ?? 0
    got[cell] = (got[cell] ?? 0) + count
    addLatencies(latencies, cell, at, firsts[row] ?? 0, lasts[row] ?? 0, count)
  }
  return [
    { id: 'delivered', label: 'delivered rec/s', unit: 'records/s', values: perSecond(got, step) },
    quantileSeries('end-to-end.p99', 'end-to-end p99', latencies, points, 0.99),
    endToEndLag(history, step, points),
  ]
}

/** At each instant: the age of the oldest record sent and not yet delivered, worst partition. */
function endToEndLag(history: History, step: number, points: number): Series {
  const values = new Array<number | null>(points).fill(history.consumers.length > 0 ? 0 : null)
  const sent = rowsByPartition(history.produced.column('partition'))
  const got = rowsByPartition(history.delivered.column('partition'))
  if (history.consumers.length > 0) {
    for (const [partition, rows] of sent) {
      raiseToLag(history, rows, got.get(partition) ?? [], step, values)
    }
  }
  return { id: 'end-to-end.lag', label: 'end-to-end lag', unit: 'ms', values }
}

function raiseToLag(
  history: History,
  sent: number[],
  got: readonly number[],
  step: number,
  values: (number | null)[],
): void {
  const firsts = history.produced.column('createdFirst')
  const lasts = history.produced.column('createdLast')
  const deliveredAt = history.delivered.column('at')
  const deliveredLasts = history.delivered.column('createdLast')
  sent.sort((a, b) => (firsts[a] ?? 0) - (firsts[b] ?? 0) || a - b)
  let newest = 0
  let d = 0
  let s = 0
  for (let cell = 0; cell < values.length; cell++) {
    const now = Math.min(cell * step, history.loadEndAt)
    for (; d < got.length && (deliveredAt[got[d] ?? 0] ?? 0) <= now; d++) {
      newest = Math.max(newest, deliveredLasts[got[d] ?? 0] ?? 0)
    }
    while (s < sent.length && (lasts[sent[s] ?? 0] ?? 0) <= newest) s++
    const oldest = Math.max(newest, firsts[sent[s] ?? -1] ?? Number.POSITIVE_INFINITY)
    if (oldest < now) values[cell] = Math.max(values[cell] ?? 0, (now - oldest) / 1_000)
  }
}

function isrSeries(history: History, step: number, points: number): Series[] {
  const smallest: (number | null)[] = new Array(points).fill(null)
  const underMin = zeros(points)
  const underReplicated = zeros(points)
  const leaderless = zeros(points)
  for (const [partition, list] of registrationsOf(history).entries()) {
    const known = history.partitions[partition]
    const replicas = (known?.replicas.length ?? 0) - (known?.observers.length ?? 0)
    for (const stretch of list) {
      const { from, until, leader, isr } = stretch
      const isUnder = isUnderMinIsr(history, partition, stretch)
      const end = until >= history.endAt ? points : Math.ceil(until / step)
      for (let cell = Math.ceil(from / step); cell < end; cell++) {
        smallest[cell] = Math.min(smallest[cell] ?? isr.length, isr.length)
        if (isUnder) underMin[cell] = (underMin[cell] ?? 0) + 1
        if (isr.length < replicas) underReplicated[cell] = (underReplicated[cell] ?? 0) + 1
        if (leader < 0) leaderless[cell] = (leaderless[cell] ?? 0) + 1
      }
    }
  }
  const count = (id: string, label: string, values: number[]): Series => ({
    id,
    label,
    unit: 'partitions',
    values,
  })
  return [
    { id: 'isr.smallest', label: 'smallest ISR', unit: 'replicas', values: smallest },
    count('under-min-isr', 'under min ISR', underMin),
    count('under-replicated', 'under-replicated', underReplicated),
    count('leaderless', 'without a leader', leaderless),
  ]
}

/** Records appended by leaders and not yet committed, summed over partitions, at each instant. */
function highWatermarkLag(history: History, step: number, points: number): Series {
  const { appends, highWatermarks, partitions } = history
  const ends = zeros(partitions.length)
  const marks = zeros(partitions.length)
  let lag = 0
  const put = (target: number[], partition: number, offset: number) => {
    lag -= Math.max(0, (ends[partition] ?? 0) - (marks[partition] ?? 0))
    target[partition] = offset
    lag += Math.max(0, (ends[partition] ?? 0) - (marks[partition] ?? 0))
  }
  const appended = rowsByTime(appends.column('at'))
  const [appendAt, led] = [appends.column('at'), appends.column('partition')]
  const [offsets, counts] = [appends.column('baseOffset'), appends.column('count')]
  const moved = rowsByTime(highWatermarks.column('at'))
  const [markAt, marked] = [highWatermarks.column('at'), highWatermarks.column('partition')]
  const markOffsets = highWatermarks.column('offset')
  const values: number[] = []
  let a = 0
  let m = 0
  for (let i = 0; i < points; i++) {
    const now = i * step
    for (; a < appended.length; a++) {
      const row = appended[a] ?? 0
      if ((appendAt[row] ?? 0) > now) break
      put(ends, led[row] ?? 0, (offsets[row] ?? 0) + (counts[row] ?? 0))
    }
    for (; m < moved.length; m++) {
      const row = moved[m] ?? 0
      if ((markAt[row] ?? 0) > now) break
      put(marks, marked[row] ?? 0, markOffsets[row] ?? 0)
    }
    values.push(lag)
  }
  return { id: 'hw.lag', label: 'LEO - HW', unit: 'records', values }
}

function quantileSeries(
  id: string,
  label: string,
  cells: Readonly<Histograms>,
  points: number,
  share: number,
): Series {
  const values: (number | null)[] = []
  for (let i = 0; i < points; i++) {
    const micros = cells[i]?.quantile(share) ?? null
    values.push(micros === null ? null : micros / 1_000)
  }
  return { id, label, unit: 'ms', values }
}

function perSecond(counts: readonly number[], step: number): number[] {
  return counts.map((count) => (count * 1_000_000) / step)
}

function zeros(points: number): number[] {
  return new Array<number>(points).fill(0)
}
