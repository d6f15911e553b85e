// What a scenario promises and what happens to it, in the words of its summary.

import type { ScenarioSummary } from '../src/contract.ts'
import { el } from './dom.ts'

/** Lists of regions, faults and objectives; nothing for an empty one. */
export function scenarioFacts(summary: ScenarioSummary): HTMLElement[] {
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
