// A comparison as Markdown, for a decision record or a review.

import type { ComparedMeasure, Comparison } from '../../contract.ts'
import { markdownTable } from '../markdown-table.ts'
import { decisionSentence } from './sentence.ts'
import {
  cellText,
  fewSeeds,
  letterOf,
  metText,
  objectiveText,
  pairText,
  sameText,
  splitMeasures,
  undecidedNotes,
} from './words.ts'

/** The whole document, ending in a newline. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { designs, runs, differences, links, pairs } = comparison
  const columns = designs.map((_, i) => letterOf(i))
  const { different, same } = splitMeasures(comparison)
  const few = fewSeeds(comparison)
  const over = runs === 1 ? 'One run of each.' : `Median over ${runs} seeds (p5 to p95).`
  const parts = [
    ...[`# ${designs.map(({ name }) => name).join(' or ')}`, ''],
    ...[decisionSentence(comparison), ''],
    ...(few === null ? [] : [few, '']),
    ...markdownTable(
      ['', 'Design', 'Question', 'To see its first run again'],
      designs.map(({ name, question, replay }, i) => [
        ...[letterOf(i), name, question ?? '', `\`${replay}\``],
      ]),
    ),
    ...section('What the designs say differently', differences.length > 0, [
      ...markdownTable(
        ['', ...columns],
        differences.map(({ subject, values }) => [subject, ...values.map((v) => v ?? '–')]),
      ),
    ]),
    ...section('What came out differently', different.length > 0, [
      ...[`${over} A dash is undecided or absent.`, ''],
      ...measureTable(columns, different),
      ...undecidedNotes(comparison).map((note) => `- ${note}`),
      '',
    ]),
    ...(same.length === 0 ? [] : [`The same in all: ${sameText(same)}.`, '']),
    ...section('Objectives met', comparison.objectives.length > 0, matrix(comparison, columns)),
    ...section('One against another', pairs.length > 0, [
      ...pairs.map((pair) => `- ${pairText(comparison, pair)}.`),
      '',
    ]),
    ...section('Bytes between regions', links.length > 0, measureTable(columns, links)),
  ]
  return `${parts.join('\n').trimEnd()}\n`
}

function section(title: string, isThere: boolean, lines: readonly string[]): string[] {
  return isThere ? [`## ${title}`, '', ...lines] : []
}

function measureTable(columns: readonly string[], measures: readonly ComparedMeasure[]): string[] {
  const rows = measures.map((m) => [m.label, ...m.cells.map((cell) => cellText(cell, m))])
  return markdownTable(['', ...columns], rows)
}

function matrix({ objectives, designs, runs }: Comparison, columns: readonly string[]): string[] {
  return markdownTable(
    ['Objective', 'Stated by', ...columns],
    [
      ...objectives.map((objective) => [
        `\`${objectiveText(objective)}\``,
        objective.statedBy.map(letterOf).join(', '),
        ...objective.cells.map(metText),
      ]),
      ['all of them', '', ...designs.map(({ verdicts }) => `${verdicts.met} of ${runs}`)],
    ],
  )
}
