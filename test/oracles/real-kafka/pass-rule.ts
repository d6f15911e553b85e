// When a simulated figure agrees with the runs of a real Kafka cluster.
//
// The real value sets its own tolerance. Three conditions hold for each figure of a group of runs:
// (a) every real value lies within the simulated range, widened by the tolerance;
// (b) the simulated median lies within the real range, widened by the tolerance and by half the
//     simulated interquartile range; (c) the simulated width (p95 - p5) is at most three times the
// real one plus four tolerances, so that a model cannot agree with everything by being vague.
// A line of the controller's log is judged by how often it occurs.

import { quantile, type Spread, spreadOf } from './quantile.ts'

export interface Tolerance {
  readonly ms: number
  readonly relative: number
  readonly records: number
}

/** How far off the percentiles of a case may be: this much, or this share of the real one. */
export const P50_LIMITS = { ms: 4, relative: 0.12 }
const P90_LIMITS = { ms: 6, relative: 0.25 }
/** Cases with fewer records than this have no percentiles that count. */
const RECORDS_MIN = 30

export const DEFAULT_TOLERANCE: Tolerance = { ms: 400, relative: 0.1, records: 0.25 }

/** What kind of quantity a figure is; each has its own tolerance. */
export type FigureKind = 'time' | 'gap' | 'latency' | 'count'

export interface Simulated {
  readonly min: number
  readonly p5: number
  readonly median: number
  readonly p95: number
  readonly max: number
}

/** One line of the calibration report. */
export interface FigureVerdict {
  readonly figure: string
  readonly case: string
  readonly real: readonly number[]
  readonly simulated: Simulated | null
  readonly tolerance: number
  readonly pass: boolean
  /** Which condition failed, in words; empty when it passes. */
  readonly why: string
}

/** Tolerance for the real value `v` (milliseconds, or a count). */
export function toleranceFor(kind: FigureKind, v: number, t: Tolerance): number {
  const size = Math.abs(v)
  switch (kind) {
    case 'time':
      return Math.max(t.ms, t.relative * size)
    case 'gap':
      return size < 2000 ? Math.max(150, 0.25 * size) : Math.max(t.ms, t.relative * size)
    case 'latency':
      return Math.max(15, 0.15 * size)
    case 'count':
      return Math.max(2, t.records * size)
  }
}

function simulatedOf(s: Spread): Simulated {
  return { min: s.min, p5: s.p5, median: s.median, p95: s.p95, max: s.max }
}

/** Conditions (a), (b) and (c) for the real values of one group and the pooled simulated ones. */
export function judgeFigure(
  figure: string,
  caseName: string,
  kind: FigureKind,
  real: readonly number[],
  simulated: readonly number[],
  t: Tolerance,
): FigureVerdict {
  const tol = (v: number) => toleranceFor(kind, v, t)
  const lowest = Math.min(...real)
  const highest = Math.max(...real)
  const tolerance = Math.max(tol(lowest), tol(highest))
  const base = { figure, case: caseName, real, tolerance }
  if (simulated.length === 0) {
    return { ...base, simulated: null, pass: false, why: 'no simulated run has this figure' }
  }
  const s = spreadOf(simulated)
  const half = (s.quartileHigh - s.quartileLow) / 2
  const faults: string[] = []
  if (real.some((v) => v < s.min - tol(v) || v > s.max + tol(v))) {
    faults.push('(a) a real value lies outside the simulated range')
  }
  if (s.median < lowest - tol(lowest) - half || s.median > highest + tol(highest) + half) {
    faults.push('(b) the simulated median lies outside the real range')
  }
  if (s.p95 - s.p5 > 3 * (highest - lowest) + 4 * tolerance) {
    faults.push('(c) the simulated range is too wide')
  }
  return { ...base, simulated: simulatedOf(s), pass: faults.length === 0, why: faults.join('; ') }
}

/** Share of runs with a log line: real runs `realShare`, simulated ones `share` (0..1). */
export function judgeOccurrence(
  line: string,
  caseName: string,
  realShare: number,
  share: number,
): FigureVerdict {
  const allowed = allowedShare(realShare)
  const pass = share >= allowed[0] && share <= allowed[1]
  const simulated = { min: share, p5: share, median: share, p95: share, max: share }
  const percent = (x: number) => `${Math.round(100 * x)} %`
  return {
    figure: `occurs: ${line}`,
    case: caseName,
    real: [realShare],
    simulated,
    tolerance: 0,
    pass,
    why: pass
      ? ''
      : `in ${percent(share)} of the simulated runs, ${percent(realShare)} of the real`,
  }
}

function allowedShare(realShare: number): readonly [number, number] {
  if (realShare >= 1) return [0.8, 1]
  if (realShare > 0) return [0.02, 0.98]
  return [0, 0.2]
}

/** A percentile of a latency case, pooled over seeds, within `ms` or `relative` of the real. */
export function judgePercentile(
  figure: string,
  caseName: string,
  real: number,
  pooledSorted: readonly number[],
  q: number,
  limits: { readonly ms: number; readonly relative: number },
): FigureVerdict {
  const tolerance = Math.max(limits.ms, limits.relative * real)
  return judgeValue(figure, caseName, real, quantile(pooledSorted, q), tolerance)
}

/** p50 and p90 of a latency case; none where too few records were measured. */
export function judgeLatencies(
  caseName: string,
  real: { readonly n: number; readonly p50: number; readonly p90: number },
  simulate: () => readonly number[],
): FigureVerdict[] {
  if (real.n < RECORDS_MIN) return []
  const sorted = [...simulate()].sort((a, b) => a - b)
  return [
    judgePercentile('p50', caseName, real.p50, sorted, 0.5, P50_LIMITS),
    judgePercentile('p90', caseName, real.p90, sorted, 0.9, P90_LIMITS),
  ]
}

/** What the runs with seeds 1 to `seeds` gave, in one list. */
export function pooledOver(seeds: number, simulate: (seed: number) => readonly number[]): number[] {
  return Array.from({ length: seeds }, (_, i) => simulate(i + 1)).flat()
}

/** One simulated value against one real one. */
export function judgeValue(
  figure: string,
  caseName: string,
  real: number,
  value: number,
  tolerance: number,
): FigureVerdict {
  const pass = Math.abs(value - real) <= tolerance
  const simulated = { min: value, p5: value, median: value, p95: value, max: value }
  const why = pass ? '' : `off by ${(value - real).toFixed(1)}`
  return { figure, case: caseName, real: [real], simulated, tolerance, pass, why }
}

/** One simulated value at most `factor` times the real one, and at least its `factor`th part. */
export function judgeRatio(
  figure: string,
  caseName: string,
  real: number,
  value: number,
  factor: number,
): FigureVerdict {
  const verdict = judgeValue(figure, caseName, real, value, (factor - 1) * real)
  const pass = value <= factor * real && value >= real / factor
  return { ...verdict, pass, why: pass ? '' : `not within a factor of ${factor}` }
}
