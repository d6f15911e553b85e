// One run as the edges see it: a scenario's text and a seed go in, a result or a refusal comes out.

import type { RunResult } from '../contract.ts'
import { run } from '../lab/run.ts'
import { scenarioOf } from '../scenario/parse.ts'
import type { Problem } from '../scenario/problem.ts'
import { UsageError } from '../scenario/usage-error.ts'
import type { ScenarioFile } from './library.ts'

/** What to run; plain data, so that it can cross into a worker thread. */
export interface Job {
  readonly file: ScenarioFile
  /** Null: the scenario's own. */
  readonly seed: string | null
  /** Where to stop, in simulated microseconds; null: where the scenario ends. */
  readonly until: number | null
}

/** What came of a job: a result, or what is wrong with its input. */
export type Outcome =
  | { readonly kind: 'result'; readonly result: RunResult }
  | { readonly kind: 'refused'; readonly message: string; readonly problems: readonly Problem[] }

/** Runs one job on this thread. Bad input is an outcome; a bug is thrown. */
export function execute(job: Job): Outcome {
  try {
    const scenario = scenarioOf(job.file.text, job.file.path)
    const options = job.until === null ? {} : { until: job.until }
    return { kind: 'result', result: run(scenario, job.seed ?? scenario.seed, options) }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return { kind: 'refused', message: error.message, problems: error.problems }
  }
}

/** The result of one job; throws its UsageError when it is refused. */
export function resultOf(job: Job): RunResult {
  const outcome = execute(job)
  if (outcome.kind === 'refused') throw new UsageError(outcome.problems)
  return outcome.result
}
