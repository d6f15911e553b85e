// What the server's routes need of the lab, on worker threads so that the server stays awake.

import type { ApiError, ApiProblem, RunRequest } from '../contract.ts'
import { schemaDocument } from '../scenario/json-schema.ts'
import { parseScenario } from '../scenario/parse.ts'
import type { Problem } from '../scenario/problem.ts'
import { UsageError } from '../scenario/usage-error.ts'
import type { LabPort } from '../server/app.ts'
import { comparedRuns } from './compared-runs.ts'
import type { Outcome } from './job.ts'
import { libraryNames, libraryScenario, type ScenarioFile } from './library.ts'
import { runJobs } from './pool.ts'
import { librarySummary, notesOf, scenarioDocument } from './scenario-summary.ts'

/** The lab behind the routes. */
export const labPort: LabPort = {
  list: () => libraryNames().map(librarySummary),
  read: (name) => {
    const file = libraryScenario(name)
    return file === null ? null : scenarioDocument(file)
  },
  schema: schemaDocument,
  validate: (yaml) => {
    const { problems, notes } = parseScenario(yaml, 'scenario')
    return { problems: problems.map(apiProblem), notes: notesOf(notes) }
  },
  run: async (request, signal) => {
    const file = fileOf(request)
    if (file === null) return unnamed(request)
    const outcomes: Outcome[] = []
    const job = { file, seed: request.seed ?? null, until: null }
    await runJobs([job], (_, outcome) => outcomes.push(outcome), signal)
    const [outcome] = outcomes
    if (outcome === undefined) return { error: 'given up', problems: [] }
    return outcome.kind === 'result' ? outcome.result : refusal(outcome)
  },
  compare: async ({ designs, ...how }, signal) => {
    const files = designs.map((design, i) => fileOf(design, `scenario ${i + 1}`))
    const missing = files.indexOf(null)
    if (missing >= 0) return unnamed(designs[missing] ?? {})
    try {
      const present = files.filter((file) => file !== null)
      const outcome = await comparedRuns(present, how, signal)
      if (outcome === null) return { error: 'given up', problems: [] }
      return 'kind' in outcome ? refusal(outcome) : outcome
    } catch (error) {
      if (error instanceof UsageError) return refusal(error)
      throw error
    }
  },
}

function fileOf(request: RunRequest, path = 'scenario'): ScenarioFile | null {
  if (request.yaml !== undefined) return { path, text: request.yaml }
  return libraryScenario(request.scenario ?? '')
}

function unnamed({ scenario }: RunRequest): ApiError {
  return { error: `no scenario is named ${scenario}`, problems: [] }
}

function refusal({ message, problems }: Pick<UsageError, 'message' | 'problems'>): ApiError {
  return { error: message, problems: problems.map(apiProblem) }
}

function apiProblem({ file, line, column, path, message, value, fix }: Problem): ApiProblem {
  const what = value === '' ? message : `${message} (found ${value})`
  return { file, line, column, path, message: what, fix: fix === '' ? null : fix }
}
