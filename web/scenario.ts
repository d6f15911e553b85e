// What a scenario promises and what happens to it, in the words of its summary.

import type { FaultBand, RunResult, ScenarioSummary } from '../src/contract.ts'
import { el } from './dom.ts'
import { duration, promise } from './format.ts'

/** As many faults of a run are named; the timeline shows them all. */
const FAULTS_MAX = 8

export type Facts = Pick<ScenarioSummary, 'regions' | 'objectives' | 'faults'>

/** The same of a run, whose scenario may be a text that no library knows. */
export function factsOfRun({ faults, objectives, topology }: RunResult): Facts {
  const more = faults.length - FAULTS_MAX
  const named = faults.slice(0, FAULTS_MAX).map(faultText)
  return {
    regions: topology.regions.map(({ name }) => name),
    objectives: objectives.map(promise),
    faults: more > 0 ? [...named, `${more} more`] : named,
  }
}

function faultText({ text, fromMs, untilMs }: FaultBand): string {
  const length = untilMs === fromMs ? '' : ` for ${duration(untilMs - fromMs)}`
  return `${text} at ${duration(fromMs)}${length}`
}

/** Lists of regions, faults and objectives; nothing for an empty one. */
export function scenarioFacts(summary: Facts): HTMLElement[] {
  return [
    ...facts('Faults', summary.faults, 'chip fault'),
    ...facts('Objectives', summary.objectives, 'chip'),
    ...facts('Regions', summary.regions, 'chip'),
  ]
}

function facts(title: string, texts: readonly string[], kind: string): HTMLElement[] {
  if (texts.length === 0) return []
  const items = texts.map((text) => el('li', { class: kind }, text))
  return [el('h2', { class: 'eyebrow' }, title), el('ul', { class: 'chips' }, ...items)]
}
