// One run as the edges see it: a scenario's text and a seed go in, a result or a refusal comes out.

import type { RunResult } from '../contract.ts'
import { type Followed, follow } from '../lab/follow.ts'
import { replayLine } from '../lab/replay-line.ts'
import { type RunOptions, run } from '../lab/run.ts'
import type { Scenario } from '../scenario/model.ts'
import { parseScenario } from '../scenario/parse.ts'
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

/** A job's scenario and seed, ready to run; throws UsageError. */
function prepared(job: Job): { scenario: Scenario; seed: string; options: RunOptions } {
  const { scenario, problems } = parseScenario(job.file.text, job.file.path)
  if (scenario === undefined) throw new UsageError(problems)
  const until = job.until === null ? {} : { until: job.until }
  return {
    scenario,
    seed: job.seed ?? scenario.seed,
    options: { ...until, file: job.file.path },
  }
}

/**
 * Runs one job on this thread. Bad input is an outcome; a bug is thrown.
 * @param onProgress told which part of the run's time is over, 0 to 1
 */
export function execute(job: Job, onProgress?: (share: number) => void): Outcome {
  let seed = job.seed ?? ''
  try {
    const ready = prepared(job)
    seed = ready.seed
    const options = onProgress === undefined ? ready.options : { ...ready.options, onProgress }
    return { kind: 'result', result: run(ready.scenario, seed, options) }
  } catch (error) {
    if (!(error instanceof UsageError)) throw bugReport(error, job, seed)
    return { kind: 'refused', message: error.message, problems: error.problems }
  }
}

/** A bug with the line that shows it again. */
function bugReport(error: unknown, { file, until }: Job, seed: string): Error {
  const [message, stack] = error instanceof Error ? [error.message, error.stack] : [String(error)]
  const again = replayLine(file.path, seed, until === null ? null : until / 1_000)
  const [what] = message.split('\nreplay: ')
  const report = new Error(`a bug of Highwater, not of the scenario: ${what}`)
  report.stack = `${report.message}\n${stack ?? ''}\nreplay: ${again}`
  return report
}

/** The result of one job; throws its UsageError when it is refused. */
export function resultOf(job: Job): RunResult {
  const outcome = execute(job)
  if (outcome.kind === 'refused') throw new UsageError(outcome.problems)
  return outcome.result
}

/** The result of one job and the life of one of its records; throws UsageError. */
export function followedOf(job: Job, record: string): Followed {
  const { scenario, seed, options } = prepared(job)
  return follow(scenario, seed, record, options)
}
