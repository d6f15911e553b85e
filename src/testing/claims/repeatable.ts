import { run } from '../../lab/run.ts'
import type { Claim } from './claim.ts'

/** Costs a second run. */
export const repeatable: Claim = {
  name: 'repeatable',
  says: 'the same scenario and seed give the same events and the same result',
  check({ scenario, seed, result }) {
    const again = run(scenario, seed)
    if (again.digest !== result.digest) return [`${result.digest}, then ${again.digest}`]
    return JSON.stringify(again) === JSON.stringify(result)
      ? []
      : ['the same events, another result']
  },
}
