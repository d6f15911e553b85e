// The figures of fault runs, by group of runs with the same active controller.

import { canonicalLine, type LogLine } from './controller-log.ts'
import type { FaultExperiment, FaultRun } from './experiment.ts'
import type { SimulatedRun } from './fault.ts'
import {
  type FigureKind,
  type FigureVerdict,
  judgeFigure,
  judgeOccurrence,
  type Tolerance,
} from './pass-rule.ts'

/** A gap at least this long has a beginning and an end that count. */
const LONG_GAP_MS = 1000
/** A line that no real run has is looked at when it is in this share of the simulated ones. */
const STRANGE_SHARE = 0.2

interface Group {
  readonly name: string
  readonly real: FaultRun[]
  readonly simulated: SimulatedRun[]
}

/** `simulated[i]` are the simulations of run i. */
export function judgeFaultRuns(
  file: FaultExperiment,
  simulated: readonly (readonly SimulatedRun[])[],
  tolerance: Tolerance,
): FigureVerdict[] {
  const until = file.figures_until_s === undefined ? Infinity : file.figures_until_s * 1000
  return groupsOf(file, simulated).flatMap((group) => [
    ...producerVerdicts(group, tolerance),
    ...logVerdicts(group, tolerance, until),
  ])
}

function groupsOf(file: FaultExperiment, simulated: readonly (readonly SimulatedRun[])[]): Group[] {
  const groups = new Map<number | null, Group>()
  for (const [i, run] of file.measured.entries()) {
    const key = run.active_controller
    const group = groups.get(key) ?? { name: `controller ${key ?? 'any'}`, real: [], simulated: [] }
    groups.set(key, group)
    group.real.push(run)
    group.simulated.push(...simulated[i])
  }
  return [...groups.values()]
}

type Pick<T> = (run: T) => number | null | undefined

function producerVerdicts(group: Group, tolerance: Tolerance): FigureVerdict[] {
  const isLong = (gap: number | null | undefined) => (gap ?? 0) > LONG_GAP_MS
  const judge = (
    figure: string,
    kind: FigureKind,
    real: Pick<FaultRun>,
    simulated: Pick<SimulatedRun>,
  ): FigureVerdict[] => {
    const reals = numbers(group.real.map(real))
    if (reals.length === 0) return []
    const values = numbers(group.simulated.map(simulated))
    return [judgeFigure(figure, group.name, kind, reals, values, tolerance)]
  }
  const ackedAfter = (run: FaultRun) => (run.gap_ends_ms ?? -1) > 0
  return [
    ...judge(
      'produce_gap_ms',
      'gap',
      (r) => (ackedAfter(r) ? r.produce_gap_ms : null),
      (s) => s.gapMs,
    ),
    ...judge(
      'gap_starts_ms',
      'time',
      (r) => (ackedAfter(r) && isLong(r.produce_gap_ms) ? r.gap_starts_ms : null),
      (s) => (isLong(s.gapMs) ? s.gapStartsMs : null),
    ),
    ...judge(
      'gap_ends_ms',
      'time',
      (r) => (ackedAfter(r) && isLong(r.produce_gap_ms) ? r.gap_ends_ms : null),
      (s) => (isLong(s.gapMs) ? s.gapEndsMs : null),
    ),
    ...judge(
      'ack_latency_p50_before_ms',
      'latency',
      (r) => r.ack_latency_p50_before_ms,
      (s) => s.ackP50BeforeMs,
    ),
    ...judge(
      'acked_lost',
      'count',
      (r) => r.acked_lost,
      (s) => s.ackedLost,
    ),
    ...judge(
      'duplicates',
      'count',
      (r) => r.duplicates,
      (s) => s.duplicates,
    ),
    ...judge(
      'failed_but_present',
      'count',
      (r) => r.failed_but_present,
      (s) => s.failedButPresent,
    ),
    ...errorNames(group).flatMap((error) =>
      judge(
        `failed ${error}`,
        'count',
        (r) => (r.failed === null || r.failed === undefined ? null : (r.failed[error] ?? 0)),
        (s) => s.failed.get(error) ?? 0,
      ),
    ),
  ]
}

function errorNames({ real, simulated }: Group): string[] {
  const names = new Set<string>()
  for (const run of real) for (const name of Object.keys(run.failed ?? {})) names.add(name)
  for (const run of simulated) for (const name of run.failed.keys()) names.add(name)
  return [...names].sort()
}

function numbers(values: readonly (number | null | undefined)[]): number[] {
  return values.filter((v) => v !== null && v !== undefined && !Number.isNaN(v)) as number[]
}

/** Lines are matched by content and by how often that content has come before in its run. */
function logVerdicts(group: Group, tolerance: Tolerance, untilMs: number): FigureVerdict[] {
  const real = group.real.flatMap(({ controller_log_ms: log }) => {
    const lines = log?.map(([ms, text]) => ({ ms, text: canonicalLine(text) }))
    return lines === undefined ? [] : [numbered(lines, untilMs)]
  })
  if (real.length === 0) return []
  const simulated = group.simulated.map((run) => numbered(run.log, untilMs))
  const verdicts: FigureVerdict[] = []
  const names = new Set([...real, ...simulated].flatMap((lines) => [...lines.keys()]))
  for (const name of names) {
    const reals = numbers(real.map((lines) => lines.get(name)))
    const values = numbers(simulated.map((lines) => lines.get(name)))
    const share = values.length / simulated.length
    const realShare = reals.length / real.length
    if (reals.length === 0 && share <= STRANGE_SHARE) continue
    verdicts.push(judgeOccurrence(name, group.name, realShare, share))
    if (reals.length === 0) continue
    verdicts.push(judgeFigure(`at ms: ${name}`, group.name, 'time', reals, values, tolerance))
  }
  return verdicts
}

function numbered(lines: readonly LogLine[], untilMs: number): Map<string, number> {
  const seen = new Map<string, number>()
  const result = new Map<string, number>()
  for (const { ms, text } of lines) {
    if (ms > untilMs) continue
    const count = (seen.get(text) ?? 0) + 1
    seen.set(text, count)
    result.set(count === 1 ? text : `${text} #${count}`, ms)
  }
  return result
}
