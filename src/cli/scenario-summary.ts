// A scenario as a line of a list and as the page shows it before it runs.

import type { Note, ScenarioDocument, ScenarioSummary } from '../contract.ts'
import { targetText } from '../faults/target-text.ts'
import type { Scenario } from '../scenario/model.ts'
import { scenarioOf } from '../scenario/parse.ts'
import { findScenario, type ScenarioFile } from './library.ts'

/** A scenario of the library, by its name. */
export function librarySummary(name: string): ScenarioSummary {
  const file = findScenario(name)
  return { ...summaryOf(scenarioOf(file.text, file.path)), name }
}

/** The file, its summary and its seed. */
export function scenarioDocument(file: ScenarioFile): ScenarioDocument {
  const scenario = scenarioOf(file.text, file.path)
  const summary = { ...summaryOf(scenario), name: file.path }
  return { summary, yaml: file.text, seed: scenario.seed }
}

function summaryOf(scenario: Scenario): ScenarioSummary {
  return {
    name: scenario.name,
    question: scenario.question === '' ? null : scenario.question,
    answer: scenario.answer === '' ? null : scenario.answer,
    kafkaVersion: scenario.version,
    durationMs: scenario.duration / 1_000,
    regions: scenario.regions.map(({ name }) => name),
    objectives: scenario.objectives.map(objectiveText),
    faults: scenario.faults.map(faultText),
  }
}

function objectiveText({ name, direction, text }: Scenario['objectives'][number]): string {
  const limit = text.replace(/^[<>]=?\s*/, '')
  if (direction === 'at-least') return `${name} ≥ ${limit}`
  return limit === '0' ? `${name} = 0` : `${name} ≤ ${limit}`
}

function faultText({ at, for: length, fault }: Scenario['faults'][number]): string {
  const seconds = (micros: number) => `${micros / 1_000_000} s`
  const [from, to] = at
  const when = from === to ? seconds(from) : `${seconds(from)} to ${seconds(to)}`
  const until = length === null ? '' : ` for ${seconds(length[1])}`
  return `${[fault.kind, whom(fault.params)].join(' ').trim()} at ${when}${until}`
}

/** Whom a fault hits, or what it cuts; '' for what needs no target. */
function whom(params: Scenario['faults'][number]['fault']['params']): string {
  if ('target' in params) return targetText(params.target)
  return 'between' in params ? params.between.map(targetText).join(' | ') : ''
}

/** Notes of the parser in the words of the contract. */
export function notesOf(notes: readonly { path: string; message: string }[]): Note[] {
  return notes.map(({ path, message }) => ({ subject: path, text: message }))
}
