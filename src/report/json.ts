import type { RunResult, RunsDocument } from '../contract.ts'

/** A run, or several with their summary, as one JSON document ending in a newline. */
export function jsonReport(document: RunResult | RunsDocument): string {
  if ('runs' in document) {
    const runs = document.runs.map(ordered)
    return `${JSON.stringify({ runs, summary: document.summary }, null, 2)}\n`
  }
  return `${JSON.stringify(ordered(document), null, 2)}\n`
}

/** What a reader looks for stands first, whatever order the run was put together in. */
function ordered(result: RunResult): RunResult {
  const { schemaVersion, scenario, seed, digest, verdict, objectives, rpo, rto, ...rest } = result
  return { schemaVersion, scenario, seed, digest, verdict, objectives, rpo, rto, ...rest }
}
