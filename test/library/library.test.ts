// The library of scenarios as files: each asks, answers and promises something that can be checked.
// That it keeps its promises stands beside this file, a file a group of questions.

import { describe, expect, it } from 'vitest'
import { parseScenario, scenarioOf } from '../../src/scenario/parse.ts'
import { LIBRARY } from '../support/library.ts'
import { GROUPS } from './groups.ts'

describe('the library of scenarios', () => {
  it('answers the fifteen questions about one cluster, each in its number’s files', () => {
    const questions = new Set(LIBRARY.map(({ name }) => /^(q\d\d|topology)-/.exec(name)?.[1]))
    const numbers = Array.from({ length: 15 }, (_, i) => `q${String(i + 1).padStart(2, '0')}`)
    expect([...questions]).toEqual(expect.arrayContaining(numbers))
    expect(questions).not.toContain(undefined)
  })

  it('plays every file in one group', () => {
    const names = LIBRARY.map(({ name }) => name)
    expect(Object.values(GROUPS).flatMap((group) => group.map(({ name }) => name))).toEqual(names)
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
