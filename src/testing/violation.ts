// One scenario put to every claim: the first thing that a run of it contradicts.

import type { ScenarioInput } from '../scenario/document/document.ts'
import { parseScenario } from '../scenario/parse.ts'
import { UsageError } from '../scenario/usage-error.ts'
import { scenarioYaml } from '../scenario/write.ts'
import type { Claim } from './claims/claim.ts'
import { type ObservedRun, observe } from './observed-run.ts'

export interface Violation {
  /** Name of the claim, or what stopped the run; smaller scenarios must show the same. */
  readonly claim: string
  readonly sentences: readonly string[]
}

export interface Trial {
  /** The scenario as a file. */
  readonly text: string
  /** Null where the run was stopped. */
  readonly run: ObservedRun | null
  /** Names of the claims that had something to say. */
  readonly judged: readonly string[]
  readonly violations: readonly Violation[]
}

/** Runs a document, as a user would run its file, and puts each claim to the run. */
export function tryScenario(document: ScenarioInput, claims: readonly Claim[]): Trial {
  return tryText(scenarioYaml(document), claims)
}

/**
 * Never throws for what a run does: a text that is refused contradicts 'valid', one that exceeds
 * its budget 'ends', and a broken invariant is a violation named after its sentence.
 */
export function tryText(text: string, claims: readonly Claim[]): Trial {
  const { scenario, problems } = parseScenario(text, 'found.yaml')
  const stopped = (claim: string, sentence: string): Trial => {
    return { text, run: null, judged: [], violations: [{ claim, sentences: [sentence] }] }
  }
  if (scenario === undefined) return stopped('valid', problems[0]?.message ?? 'no scenario')
  try {
    const run = observe(scenario)
    const answers = claims.map((claim) => ({ claim: claim.name, sentences: claim.check(run) }))
    const judged = answers.filter(({ sentences }) => sentences !== null)
    const violations = judged.flatMap(({ claim, sentences }) =>
      sentences === null || sentences.length === 0 ? [] : [{ claim, sentences }],
    )
    return { text, run, judged: judged.map(({ claim }) => claim), violations }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // The facts in brackets and the replay line differ from run to run, the sentence does not.
    const sentence = error.message.split(/ \(|\n/)[0] ?? ''
    return stopped(error instanceof UsageError ? 'ends' : `bug: ${sentence}`, error.stack ?? '')
  }
}
