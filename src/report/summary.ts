// Several runs of one scenario, one a seed: how their figures spread, and which seed is the worst.

import type { ObjectiveResult, RunResult, Spread, SweepSummary, Verdict } from '../contract.ts'
import { inVerdict, type Palette } from './palette.ts'
import { count, duration, size } from './quantity.ts'

/** Summarises runs in the order given; percentiles are nearest rank, null counts as endless. */
export function summarizeRuns(results: readonly RunResult[]): SweepSummary {
  const verdicts = { met: 0, missed: 0, unknown: 0 }
  for (const result of results) verdicts[result.verdict] += 1
  const over = (pick: (r: RunResult) => number | null): Spread => spread(results.map(pick))
  // Where a partition has no leader its log may still come to count, or be lost with all it holds.
  const decided = (pick: (rpo: RunResult['rpo']) => number): Spread =>
    over(({ rpo }) => (rpo.undecided.length > 0 ? null : pick(rpo)))
  return {
    scenario: results[0]?.scenario ?? '',
    seeds: results.map((r) => r.seed),
    runs: results.length,
    verdict: worst(verdicts),
    verdicts,
    rpo: {
      records: decided((rpo) => rpo.records),
      bytes: decided((rpo) => rpo.bytes),
      windowMs: decided((rpo) => rpo.windowMs),
      ageMs: decided((rpo) => rpo.ageMs),
    },
    rto: {
      produceMs: over((r) => r.rto.produce.ms),
      consumeMs: over((r) => r.rto.consume.ms),
    },
    objectives: objectives(results),
  }
}

/** The summary for a terminal, ending in a newline. */
export function summaryText(summary: SweepSummary, palette: Palette): string {
  const { verdicts } = summary
  const row = (name: string, s: Spread, show: (n: number | null) => string): string =>
    `  ${name.padEnd(24)}${[s.p5, s.p50, s.p95].map((n) => show(n).padStart(12)).join('')}`
  const number = (n: number | null): string => (n === null ? '–' : count(n))
  const bytes = (n: number | null): string => (n === null ? '–' : size(n))
  const lines = [
    palette.strong(`${summary.scenario}: ${count(summary.runs)} seeds`),
    `  ${verdicts.met} met, ${verdicts.missed} missed, ${verdicts.unknown} unknown`,
    '',
    palette.quiet(`  ${''.padEnd(24)}${['p5', 'p50', 'p95'].map((p) => p.padStart(12)).join('')}`),
    row('records lost', summary.rpo.records, number),
    row('bytes lost', summary.rpo.bytes, bytes),
    row('loss window', summary.rpo.windowMs, duration),
    row('recovery time, produce', summary.rto.produceMs, duration),
    row('recovery time, consume', summary.rto.consumeMs, duration),
    ...summary.objectives.map(
      (o) =>
        `  ${o.id.padEnd(24)}met ${o.met}, missed ${o.missed}, unknown ${o.unknown}; ` +
        `worst with seed ${o.worstSeed}`,
    ),
    '',
    `Verdict: ${inVerdict(palette, summary.verdict, summary.verdict)}`,
  ]
  return `${lines.join('\n')}\n`
}

function objectives(results: readonly RunResult[]): SweepSummary['objectives'] {
  const ids = [...new Set(results.flatMap((r) => r.objectives.map((o) => o.id)))]
  return ids.map((id) => {
    const found = results.flatMap((r) =>
      r.objectives.filter((o) => o.id === id).map((o) => ({ seed: r.seed, o })),
    )
    const tally = (verdict: Verdict): number => found.filter((f) => f.o.verdict === verdict).length
    const worstFound = found.reduce((a, b) => (badness(b.o) > badness(a.o) ? b : a))
    return {
      id,
      met: tally('met'),
      missed: tally('missed'),
      unknown: tally('unknown'),
      worstSeed: worstFound.seed,
    }
  })
}

/** Grows with the distance on the wrong side; undecided is worst of all. */
function badness(objective: ObjectiveResult): number {
  if (objective.measured === null) return Number.POSITIVE_INFINITY
  return objective.comparison === 'at-most' ? objective.measured : -objective.measured
}

function spread(values: readonly (number | null)[]): Spread {
  const ascending = values.map((v) => v ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)
  const at = (share: number): number | null => {
    const value = ascending[Math.max(1, Math.ceil(ascending.length * share)) - 1]
    return value === undefined || !Number.isFinite(value) ? null : value
  }
  return { p5: at(0.05), p50: at(0.5), p95: at(0.95) }
}

function worst(verdicts: { readonly missed: number; readonly unknown: number }): Verdict {
  if (verdicts.missed > 0) return 'missed'
  return verdicts.unknown > 0 ? 'unknown' : 'met'
}
