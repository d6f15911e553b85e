import type { RunResult } from '../contract.ts'

/** The series of a run, a row an instant: seconds first, then a column a series. RFC 4180. */
export function csvReport(result: RunResult): string {
  const { startMs, stepMs, points, series } = result.series
  const header = ['seconds', ...series.map((s) => quoted(`${s.id} (${s.unit})`))]
  const rows = Array.from({ length: points }, (_, i) => {
    const seconds = (startMs + i * stepMs) / 1_000
    const cells = series.map((s) => s.values[i] ?? null)
    return [seconds, ...cells.map((value) => (value === null ? '' : value))].join(',')
  })
  return `${[header.join(','), ...rows].join('\r\n')}\r\n`
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text
}
