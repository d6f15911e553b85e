// Matchers for Vitest and Jest: expect.extend(matchers).

import type { RunResult } from '../contract.ts'
import { CLAIMS } from './claims/all.ts'
import type { Claim } from './claims/claim.ts'
import type { ObservedRun } from './observed-run.ts'

export interface MatcherAnswer {
  readonly pass: boolean
  readonly message: () => string
}

export const matchers = {
  /** Every claim holds that says anything about the run. */
  toKeepClaims(run: ObservedRun, claims: readonly Claim[] = CLAIMS): MatcherAnswer {
    const broken = claims.flatMap(({ name, check }) =>
      (check(run) ?? []).map((sentence) => `${name}: ${sentence}`),
    )
    return answer(broken, run.result.replay)
  },

  /** Every objective of the scenario is met. */
  toMeetObjectives(result: RunResult): MatcherAnswer {
    const open = result.objectives.filter(({ verdict }) => verdict !== 'met')
    const broken = open.map(({ id, verdict, evidence }) => `${id} ${verdict}: ${evidence}`)
    return answer(broken, result.replay)
  },
}

function answer(broken: readonly string[], replay: string): MatcherAnswer {
  const told = broken.length === 0 ? 'nothing speaks against it' : broken.join('\n')
  return { pass: broken.length === 0, message: () => `${told}\nagain: ${replay}` }
}
