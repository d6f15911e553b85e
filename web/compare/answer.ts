// The head of a comparison: the designs with their verdicts, and the sentence to take away.

import type { ComparedDesign, Comparison } from '../../src/contract.ts'
import { comparisonMarkdown } from '../../src/report/comparison/markdown.ts'
import { decisionSentence } from '../../src/report/comparison/sentence.ts'
import { fewSeeds, pairText } from '../../src/report/comparison/words.ts'
import { el } from '../dom.ts'
import { VERDICT } from '../format.ts'
import { letter } from './colours.ts'

/** One card a design: letter, name, question, verdict, and the way to its run alone. */
export function headCards(comparison: Comparison): HTMLElement {
  const { designs, runs, seeds, varies } = comparison
  const cards = designs.map((design, i) => {
    const seed = seeds[varies === 'seed' ? i : 0] ?? ''
    const address = `./#${new URLSearchParams({ scenario: design.scenario, seed })}`
    return el(
      'li',
      { class: 'card' },
      el('h2', {}, letter(i), el('span', {}, design.name)),
      ...(varies === 'seed' ? [] : [el('p', { class: 'muted' }, design.question ?? '')]),
      el(
        'p',
        { class: 'keeps' },
        el('span', {}, ...verdict(design, runs)),
        el('a', { href: address, title: `seed ${seed}` }, 'see its run'),
      ),
    )
  })
  return el('ul', { class: 'heads' }, ...cards)
}

function verdict({ verdicts: { met, missed, unknown } }: ComparedDesign, runs: number) {
  const word = missed > 0 ? 'missed' : unknown > 0 ? 'unknown' : 'met'
  const often = runs === 1 ? '' : ` every promise in ${met} of ${runs} runs`
  const sign = runs === 1 ? VERDICT[word] : VERDICT[word].slice(0, 1)
  return [el('b', { class: `verdict ${word}` }, sign), often]
}

/** The sentence for a decision record, what bears it out, and how to carry it away. */
export function decision(comparison: Comparison): HTMLElement {
  const sentence = decisionSentence(comparison)
  const few = fewSeeds(comparison)
  const pairs = comparison.varies === 'seed' ? [] : comparison.pairs
  return el(
    'section',
    { class: 'decision', 'aria-label': 'For the decision record' },
    el('p', { class: 'sentence' }, sentence),
    el(
      'p',
      { class: 'carry' },
      copyButton('Copy the sentence', sentence),
      copyButton('Copy as Markdown', comparisonMarkdown(comparison)),
    ),
    ...(few === null ? [] : [el('p', { class: 'muted note' }, advice(few))]),
    ...(few === null ? pairs : []).map((pair) =>
      el('p', { class: 'muted note' }, `${pairText(comparison, pair)}.`),
    ),
  )
}

/** What the terminal says of too few runs, with the page's way out in place of its option. */
function advice(few: string): string {
  return few.replace('add --seeds 20', 'choose 20 runs of each')
}

/** Says on itself that it has done so; without a clipboard the text is selected to be copied. */
function copyButton(label: string, text: string): HTMLButtonElement {
  const button = el('button', { type: 'button', onclick: () => void copy() }, label)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      button.textContent = 'Copied'
    } catch {
      button.replaceWith(el('textarea', { rows: 4, 'aria-label': label }, text))
    }
  }
  return button
}
