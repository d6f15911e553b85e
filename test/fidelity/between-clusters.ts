// What can carry a link, and how clusters can be laid out: found in the code, with the scenarios of
// the library that show each.

import { link } from '../../src/scenario/document/links.ts'
import type { LinkSpec } from '../../src/scenario/links.ts'
import type { Scenario } from '../../src/scenario/model.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'
import { TOPOLOGIES } from '../../src/scenario/topologies/catalogue.ts'
import { LIBRARY } from '../support/library.ts'
import { sourceFiles } from '../tidy/source-code.ts'

/** A scenario of the library that shows something. */
interface Shown {
  readonly name: string
  readonly scenario: Scenario
}

export interface SystemRow {
  readonly system: LinkSpec['system']
  /** Its own files of the model. */
  readonly files: readonly string[]
  readonly shownBy: readonly Shown[]
}

export interface PatternRow {
  readonly pattern: string
  readonly line: string
  /** Null where the library lacks one. */
  readonly shownBy: Shown | null
  /** How it fails, a sentence each, from the head of its scenario. */
  readonly failureModes: readonly string[]
}

const SCENARIOS: readonly Shown[] = LIBRARY.map(({ name, text }) => ({
  name,
  scenario: scenarioOf(text, `${name}.yaml`),
}))

const MODEL = sourceFiles(['src/mirror']).map(({ path }) => path)

/** Every system that the language knows as the carrier of a link. */
export const SYSTEMS: readonly SystemRow[] = link.options.map(({ shape }) => {
  const system = shape.system.value
  return {
    system,
    files: MODEL.filter((path) => path.startsWith(`src/mirror/${system}/`)),
    shownBy: SCENARIOS.filter(({ scenario }) => scenario.links.some((l) => l.system === system)),
  }
})

/** Every pattern that `highwater new` can lay out. */
export const PATTERNS: readonly PatternRow[] = TOPOLOGIES.map(({ name, line }) => ({
  pattern: name,
  line,
  shownBy: SCENARIOS.find((shown) => shown.name === `topology-${name}`) ?? null,
  failureModes: failureModesOf(`topology-${name}`),
}))

function failureModesOf(scenario: string): string[] {
  const text = LIBRARY.find(({ name }) => name === scenario)?.text ?? ''
  const block = /\n# How it fails:\n((?:#.+\n)+)/.exec(text)?.[1] ?? ''
  return block
    .replace(/\n# {3}/g, ' ')
    .split('\n')
    .filter((each) => each.startsWith('# - '))
    .map((each) => each.slice('# - '.length))
}

export function linked(names: readonly string[]): string {
  return names.map((name) => `[${name}](scenarios/${name}.yaml)`).join(', ')
}

export function systemRows(): string[][] {
  return SYSTEMS.map(({ system, files, shownBy }) => [
    `\`${system}\``,
    `${files.length} under [src/mirror/${system}](src/mirror/${system})`,
    linked(shownBy.map(({ name }) => name)),
  ])
}

export function patternRows(): string[][] {
  return PATTERNS.map(({ pattern, line, shownBy, failureModes }) => [
    `\`${pattern}\``,
    line,
    failureModes.join(' '),
    linked(shownBy === null ? [] : [shownBy.name]),
  ])
}
