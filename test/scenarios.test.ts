import { beforeAll, describe, expect, it } from 'vitest'
import type { RunResult } from '../src/contract.ts'
import { unmetExpectations } from '../src/lab/expectation.ts'
import { run } from '../src/lab/run.ts'
import type { Expectation, Scenario } from '../src/scenario/model.ts'
import { parseScenario, scenarioOf } from '../src/scenario/parse.ts'
import { withoutFaults } from '../src/scenario/twin.ts'
import { LIBRARY } from './support/library.ts'

/** Beside a file's own seed, so that an expectation is no accident of one draw. */
const MORE_SEEDS = ['1', '2', '3']
/** Events between two looks at all state. */
const CHECK_EVERY = 499

describe('the library of scenarios', () => {
  it('answers the fifteen questions about one cluster, each in its number’s files', () => {
    const questions = new Set(LIBRARY.map(({ name }) => /^(q\d\d|topology)-/.exec(name)?.[1]))
    const numbers = Array.from({ length: 15 }, (_, i) => `q${String(i + 1).padStart(2, '0')}`)
    expect([...questions]).toEqual(expect.arrayContaining(numbers))
    expect(questions).not.toContain(undefined)
  })

  it.each(LIBRARY)('$name is a file without problems and without idle settings', (file) => {
    const { scenario, problems, notes } = parseScenario(file.text, `${file.name}.yaml`)
    expect(problems).toEqual([])
    expect(notes.filter(({ message }) => /not modelled|no effect/.test(message))).toEqual([])
    expect(scenario?.name).toBe(file.name)
  })

  it.each(LIBRARY)('$name asks, answers and expects', ({ name, text }) => {
    const { question, answer, objectives, expect: expectation } = scenarioOf(text, `${name}.yaml`)
    expect(question).toMatch(/\?$/)
    expect(answer).toMatch(/\.$/)
    expect(objectives).not.toEqual([])
    expect(expectation?.verdict).not.toBeNull()
  })
})

describe.each(LIBRARY)('$name', ({ name, text }) => {
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

function unmet(scenario: Scenario, seed: string): string[] {
  const result = run(scenario, seed, { checkEvery: CHECK_EVERY })
  return unmetExpectations(expectationOf(scenario), result)
}

function expectationOf(scenario: Scenario): Expectation {
  if (scenario.expect === null) throw new Error(`${scenario.name} expects nothing`)
  return scenario.expect
}
