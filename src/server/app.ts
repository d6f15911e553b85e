// The routes of the lab's server, and nothing else: what runs and where files lie is plugged in.

import express, { type ErrorRequestHandler, type Express, type Response } from 'express'
import type { ComparedRuns, CompareRequest } from '../contract/compared-runs.ts'
import type {
  Api,
  ApiError,
  RunRequest,
  RunResult,
  ScenarioDocument,
  ScenarioSummary,
} from '../contract.ts'
import { compareRequestOf, textOf } from './request.ts'

/** What the routes need of the lab. */
export interface LabPort {
  list(): readonly ScenarioSummary[]
  /** Null when the library has no scenario of that name. */
  read(name: string): ScenarioDocument | null
  /** JSON Schema of a scenario. */
  schema(): Readonly<Record<string, unknown>>
  validate(yaml: string): Api['POST /api/validate']['out']
  /** The result, or what is wrong with the request. Gives up when `signal` aborts. */
  run(request: RunRequest, signal: AbortSignal): Promise<RunResult | ApiError>
  /** Several designs side by side; as `run`. */
  compare(request: CompareRequest, signal: AbortSignal): Promise<ComparedRuns | ApiError>
}

/** The server as an Express app that listens nowhere yet; `page` is the built page's folder. */
export function createApp(lab: LabPort, page: string): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(express.json({ limit: '3mb' }))

  app.get('/api/scenarios', (_request, response) => {
    response.json(lab.list())
  })

  app.get('/api/scenarios/:name', (request, response) => {
    const scenario = lab.read(request.params.name)
    if (scenario !== null) return response.json(scenario)
    return fail(response, 404, `no scenario is named '${request.params.name}'`)
  })

  app.get('/api/schema', (_request, response) => {
    response.json(lab.schema())
  })

  app.post('/api/validate', (request, response) => {
    const yaml = textOf(request.body, 'yaml')
    if (yaml === undefined) return fail(response, 400, 'send {"yaml": "…"}')
    return response.json(lab.validate(yaml))
  })

  app.post('/api/run', async (request, response) => {
    const [scenario, yaml] = [textOf(request.body, 'scenario'), textOf(request.body, 'yaml')]
    if ((scenario === undefined) === (yaml === undefined)) {
      return fail(response, 400, 'send either "scenario", a name of the library, or "yaml"')
    }
    const wanted = { scenario, yaml, seed: textOf(request.body, 'seed') }
    return answer(response, (gone) => lab.run(wanted, gone))
  })

  app.post('/api/compare', async (request, response) => {
    const wanted = compareRequestOf(request.body)
    if (typeof wanted === 'string') return fail(response, 400, wanted)
    return answer(response, (gone) => lab.compare(wanted, gone))
  })

  app.use('/api', (request, response) => {
    fail(response, 404, `no route ${request.method} /api${request.path}`)
  })
  app.use(express.static(page))
  app.use(jsonErrors)
  return app
}

/** Sends what the lab comes to, and tells it when the asker has gone. */
async function answer(
  response: Response,
  ask: (gone: AbortSignal) => Promise<object>,
): Promise<Response> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const outcome = await ask(gone.signal)
  if (gone.signal.aborted) return response.end()
  return response.status('error' in outcome ? 400 : 200).json(outcome)
}

function fail(response: Response, status: number, error: string): Response {
  return response.status(status).json({ error, problems: [] } satisfies ApiError)
}

// Express knows an error handler by its four parameters.
const jsonErrors: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error)
  const status = typeof error?.status === 'number' ? error.status : 500
  return fail(response, status, String(error?.message ?? error))
}
