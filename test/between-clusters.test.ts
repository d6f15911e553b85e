import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Expectation } from '../src/scenario/model.ts'
import { PATTERNS, SYSTEMS } from './fidelity/between-clusters.ts'
import { ROOT } from './tidy/source-code.ts'

const PAGE = readFileSync(join(ROOT, 'FIDELITY.md'), 'utf8')

/** More than a verdict: what only the story can give. */
function saysSomething(expectation: Expectation | null): boolean {
  return expectation !== null && expectation.figures.length + expectation.objectives.length > 0
}

describe.each(SYSTEMS)('the system $system', ({ system, files, shownBy }) => {
  it('has files of its own, each on the fidelity page', () => {
    expect(files).not.toEqual([])
    for (const path of files) expect(PAGE).toContain(`](${path})`)
  })

  it('has a scenario in the library that expects something', () => {
    expect(shownBy.filter(({ scenario }) => saysSomething(scenario.expect))).not.toEqual([])
  })

  it('has its line among the systems of the fidelity page', () => {
    expect(PAGE).toMatch(new RegExp(`^\\| \`${system}\` \\| \\d+ under .*${shownBy[0]?.name}`, 'm'))
  })
})

describe.each(PATTERNS)('the pattern $pattern', ({ pattern, shownBy, failureModes }) => {
  it('has a scenario of its own, with a question and an expectation', () => {
    expect(shownBy?.scenario.question).toMatch(/\?$/)
    expect(saysSomething(shownBy?.scenario.expect ?? null)).toBe(true)
  })

  it('says how it fails', () => {
    expect(failureModes.length).toBeGreaterThan(1)
    for (const mode of failureModes) expect(mode).toMatch(/^[A-Z].*[.?]$/)
  })

  it('has its line among the patterns of the fidelity page', () => {
    expect(PAGE).toMatch(new RegExp(`^\\| \`${pattern}\` \\| .*topology-${pattern}\\]`, 'm'))
  })
})
