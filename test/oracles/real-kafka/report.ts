// How a calibration is printed: a line a figure, real beside simulated.

import type { FigureVerdict } from './pass-rule.ts'

export interface FileReport {
  readonly name: string
  readonly kind: string
  /** False also for a file with no figure at all; null for kinds that are not modelled yet. */
  readonly pass: boolean | null
  readonly figures: readonly FigureVerdict[]
  /** What the simulation had to leave out of the experiment. */
  readonly notes: readonly string[]
  /** Why the file could not be simulated; then it has no figures. */
  readonly error?: string
}

/** Collects the figures of one file. */
export function fileReport(
  name: string,
  kind: string,
  figures: readonly FigureVerdict[],
  notes: readonly string[],
): FileReport {
  return { name, kind, pass: figures.length > 0 && figures.every((f) => f.pass), figures, notes }
}

/** The report of a file that is no experiment, or one that cannot be simulated. */
export function failedReport(name: string, kind: string, error: string): FileReport {
  return { name, kind, pass: false, figures: [], notes: [], error }
}

function number(value: number): string {
  if (!Number.isFinite(value)) return '-'
  return Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toFixed(2)))
}

function rangeOf(values: readonly number[]): string {
  const low = Math.min(...values)
  const high = Math.max(...values)
  return low === high ? number(low) : `${number(low)} .. ${number(high)}`
}

function simulatedText(f: FigureVerdict): string {
  const s = f.simulated
  if (s === null) return 'none'
  if (s.min === s.max) return number(s.min)
  return `${number(s.min)} .. ${number(s.median)} .. ${number(s.max)}`
}

/** The report of one file as text. */
export function printFile(report: FileReport): string {
  if (report.pass === null) return `${report.name} (${report.kind}): not modelled yet`
  if (report.error !== undefined) return `${report.name} (${report.kind}): ${report.error}`
  const lines = [`${report.name} (${report.kind}): ${report.pass ? 'pass' : 'FAIL'}`]
  if (report.figures.length === 0) lines.push('  no run was measured')
  for (const note of report.notes) lines.push(`  note ${note}`)
  for (const f of report.figures) {
    const mark = f.pass ? '  ok  ' : '  FAIL'
    const where = f.case === '' ? '' : `[${f.case}] `
    const why = f.why === '' ? '' : `   ${f.why}`
    lines.push(
      `${mark} ${where}${f.figure}: real ${rangeOf(f.real)}, simulated ${simulatedText(f)}${why}`,
    )
  }
  return lines.join('\n')
}
