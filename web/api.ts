// The only place that speaks to the server, typed by the contract.

import type { ComparedRuns, CompareRequest } from '../src/contract/compared-runs.ts'
import type { Api, ApiError, RunRequest, RunResult } from '../src/contract.ts'

/** A refusal of the server, with the problems of the scenario where it is one. */
export class Refusal extends Error {
  readonly problems: ApiError['problems']

  constructor(answer: ApiError) {
    super(answer.error)
    this.problems = answer.problems
  }
}

/** The library's scenarios. */
export function listScenarios(): Promise<Api['GET /api/scenarios']['out']> {
  return ask('api/scenarios')
}

/** One scenario of the library, with its text. */
export function readScenario(name: string): Promise<Api['GET /api/scenarios/:name']['out']> {
  return ask(`api/scenarios/${encodeURIComponent(name)}`)
}

/** Runs a scenario; rejects with a Refusal when it is no valid one. */
export function runScenario(request: RunRequest): Promise<RunResult> {
  return ask('api/run', post(request))
}

/** Compares designs; rejects with a Refusal, or when `signal` gives it up. */
export function compareDesigns(
  request: CompareRequest,
  signal: AbortSignal,
): Promise<ComparedRuns> {
  return ask('api/compare', { ...post(request), signal })
}

function post(body: unknown): RequestInit {
  const headers = { 'content-type': 'application/json' }
  return { method: 'POST', headers, body: JSON.stringify(body) }
}

async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(path, init)
  const body: unknown = await response.json()
  if (!response.ok) throw new Refusal(body as ApiError)
  return body as T
}
