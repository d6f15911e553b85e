// A scenario of the library does what its file says, whatever the draw, and would not without its
// faults.

import { beforeAll, describe, expect, it } from 'vitest'
import type { RunResult } from '../../src/contract.ts'
import { unmetExpectations } from '../../src/lab/expectation.ts'
import { run } from '../../src/lab/run.ts'
import type { Expectation, Scenario } from '../../src/scenario/model.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'
import { withoutFaults } from '../../src/scenario/twin.ts'
import type { LibraryFile } from '../support/library.ts'

/** Beside a file's own seed, so that an expectation is no accident of one draw. */
const MORE_SEEDS = ['1', '2', '3']
/** Events between two looks at all state. */
const CHECK_EVERY = 499

/** The tests of each of some files. */
export function describePlays(files: readonly LibraryFile[]): void {
  describe.each(files)('$name', ({ name, text }) => {
    const scenario = scenarioOf(text, `${name}.yaml`)
    let quiet: RunResult
    beforeAll(() => {
      quiet = run(withoutFaults(scenario), scenario.seed)
    })

    it('does what its file says', () => {
      expect(unmet(scenario, scenario.seed)).toEqual([])
    })

    it.each(MORE_SEEDS)('does so with seed %s as well', (seed) => {
      expect(unmet(scenario, seed)).toEqual([])
    })

    it('meets every objective on a day without faults', () => {
      expect(quiet.objectives.filter(({ verdict }) => verdict !== 'met')).toEqual([])
      expect(quiet.verdict).toBe('met')
    })

    it('expects what a day without faults does not give', () => {
      expect(unmetExpectations(expectationOf(scenario), quiet)).not.toEqual([])
    })
  })
}

function unmet(scenario: Scenario, seed: string): string[] {
  const result = run(scenario, seed, { checkEvery: CHECK_EVERY })
  return unmetExpectations(expectationOf(scenario), result)
}

function expectationOf(scenario: Scenario): Expectation {
  if (scenario.expect === null) throw new Error(`${scenario.name} expects nothing`)
  return scenario.expect
}
