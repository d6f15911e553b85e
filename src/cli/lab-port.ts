// What the server's routes need of the lab, on worker threads so that the server stays awake.

import type { ApiError, ApiProblem, RunRequest } from '../contract.ts'
import { schemaDocument } from '../scenario/json-schema.ts'
import { parseScenario } from '../scenario/parse.ts'
import type { Problem } from '../scenario/problem.ts'
import type { LabPort } from '../server/app.ts'
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
    if (file === null) return { error: `no scenario is named ${request.scenario}`, problems: [] }
    const outcomes: Outcome[] = []
    const job = { file, seed: request.seed ?? null, until: null }
    await runJobs([job], (_, outcome) => outcomes.push(outcome), signal)
    const [outcome] = outcomes
    if (outcome === undefined) return { error: 'given up', problems: [] }
    return outcome.kind === 'result' ? outcome.result : refusal(outcome)
  },
}

function fileOf(request: RunRequest): ScenarioFile | null {
  if (request.yaml !== undefined) return { path: 'scenario', text: request.yaml }
  return libraryScenario(request.scenario ?? '')
}

function refusal(outcome: Outcome & { kind: 'refused' }): ApiError {
  return { error: outcome.message, problems: outcome.problems.map(apiProblem) }
}

function apiProblem({ file, line, column, path, message, value, fix }: Problem): ApiProblem {
  const what = value === '' ? message : `${message} (found ${value})`
  return { file, line, column, path, message: what, fix: fix === '' ? null : fix }
}
