// The formats in which results leave the command line, for one run and for several.

import type { RunResult } from '../contract.ts'
import { csvReport } from '../report/csv.ts'
import { jsonReport } from '../report/json.ts'
import { junitReport } from '../report/junit.ts'
import { markdownReport } from '../report/markdown.ts'
import { openMetricsReport } from '../report/openmetrics.ts'
import type { Palette } from '../report/palette.ts'
import { summarizeRuns, summaryText } from '../report/summary.ts'
import { textReport } from '../report/text.ts'

export const FORMATS = ['text', 'md', 'json', 'csv', 'junit', 'openmetrics'] as const
export type Format = (typeof FORMATS)[number]

/** File name ending of each format. */
export const ENDINGS: Readonly<Record<Format, string>> = {
  text: 'txt',
  md: 'md',
  json: 'json',
  csv: 'csv',
  junit: 'xml',
  openmetrics: 'om',
}

/** How results are printed. */
export interface Rendering {
  readonly palette: Palette
  /** Time zero of the runs, for formats with a clock. */
  readonly epochSeconds: number
}

/** One result in a format. */
export function renderRun(format: Format, result: RunResult, rendering: Rendering): string {
  const { palette, epochSeconds } = rendering
  if (format === 'text') return textReport(result, palette)
  if (format === 'md') return markdownReport(result)
  if (format === 'json') return jsonReport(result)
  if (format === 'csv') return csvReport(result)
  return format === 'junit' ? junitReport([result]) : openMetricsReport([result], epochSeconds)
}

/** Formats that hold several runs in one document; of the others each run is one. */
export const TOGETHER: readonly Format[] = ['text', 'md', 'json', 'junit', 'openmetrics']

/** Several results as one document. */
export function renderRuns(
  format: Format,
  results: readonly RunResult[],
  { palette, epochSeconds }: Rendering,
): string {
  if (format === 'json') {
    return jsonReport({ runs: results, summary: summarizeRuns(results) })
  }
  if (format === 'junit') return junitReport(results)
  if (format === 'openmetrics') return openMetricsReport(results, epochSeconds)
  if (format === 'md') return results.map(markdownReport).join('\n')
  return byScenario(results)
    .map((runs) => summaryText(summarizeRuns(runs), palette))
    .join('\n')
}

/** Results of one scenario together, in the order of their first appearance. */
function byScenario(results: readonly RunResult[]): RunResult[][] {
  const groups = new Map<string, RunResult[]>()
  for (const result of results) {
    groups.set(result.scenario, [...(groups.get(result.scenario) ?? []), result])
  }
  return [...groups.values()]
}
