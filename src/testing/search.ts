// A random search: run after run of scenarios that chance makes up, each put to every claim. The
// number of a run and the seed of the search give its scenario, whoever runs it and in what order.

import fc from 'fast-check'
import type { ScenarioInput } from '../scenario/document/document.ts'
import type { Claim } from './claims/claim.ts'
import { type Coverage, coverageOf } from './coverage.ts'
import { anyScenario } from './scenario.ts'
import { type Trial, tryScenario } from './violation.ts'

/** Smaller scenarios that are tried to find the smallest that shows the same. */
export const SHRINKS_MAX = 400

export interface Found {
  /** Number of the run in the search. */
  readonly index: number
  readonly claim: string
  readonly sentences: readonly string[]
  /** The smallest scenario found that contradicts the claim, as a file. */
  readonly text: string
  readonly seed: string
}

export interface SearchedRun {
  readonly coverage: Coverage
  /** Null where every claim holds. */
  readonly found: Found | null
}

/** Makes up scenario number `index` of a search and runs it; what it finds is made small. */
export function searchRun(
  seed: number,
  index: number,
  claims: readonly Claim[],
  shrinksMax: number = SHRINKS_MAX,
  scenarios: fc.Arbitrary<ScenarioInput> = anyScenario,
): SearchedRun {
  let first: Trial | null = null
  let smallest: Trial | null = null
  let tries = 0
  const property = fc.property(scenarios, (document) => {
    if (tries++ > shrinksMax) return true
    const trial = tryScenario(document, claims)
    first ??= trial
    if (!showsSame(first, trial)) return true
    smallest = trial
    return false
  })
  fc.check(property, { seed: Math.imul(seed, 2_654_435_761) ^ index, numRuns: 1 })
  return {
    coverage: first === null ? new Map() : coverageOf(first),
    found: foundIn(index, smallest),
  }
}

/** Whether a smaller scenario contradicts the claim that the first one contradicts. */
function showsSame(first: Trial, trial: Trial): boolean {
  const claim = first.violations[0]?.claim
  return trial.violations.some((violation) => violation.claim === claim)
}

function foundIn(index: number, trial: Trial | null): Found | null {
  const violation = trial?.violations[0]
  if (trial === null || violation === undefined) return null
  const seed = trial.run?.seed ?? seedIn(trial.text)
  return { index, ...violation, text: trial.text, seed }
}

/** Of a run that was stopped only the file is left. */
function seedIn(text: string): string {
  return /^seed: "?([^"\n]+)"?$/m.exec(text)?.[1] ?? ''
}
