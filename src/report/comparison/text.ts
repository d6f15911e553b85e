// A comparison for the terminal: what differs first, then what is the same, what was promised, and
// the sentence to take away. Columns bear letters, so that four designs fit beside one another.

import type { ComparedMeasure, Comparison, DesignDifference } from '../../contract.ts'
import type { Palette } from '../palette.ts'
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

const COLUMNS = 98
const DIFFERENCES_MAX = 16
const VALUE_COLUMNS_MAX = 40

/** The whole report, ending in a newline. */
export function comparisonText(comparison: Comparison, palette: Palette): string {
  const { different, same } = splitMeasures(comparison)
  const few = fewSeeds(comparison)
  const sections = [
    head(comparison, palette),
    differences(comparison, palette),
    measures('What came out differently, median (p5 to p95)', different, comparison, palette),
    undecidedNotes(comparison).map((note) => palette.quiet(`  ${note}`)),
    same.length === 0 ? [] : prose(`The same in all: ${sameText(same)}.`),
    measures('Bytes from region to region', comparison.links, comparison, palette),
    matrix(comparison, palette),
    againstOneAnother(comparison, palette),
    few === null ? [] : prose(few),
    [palette.strong('For the decision record'), ...prose(decisionSentence(comparison))],
  ]
  const lines = sections.filter((section) => section.length > 0).map((s) => s.join('\n'))
  return `${lines.join('\n\n')}\n`
}

function head({ varies, designs, seeds }: Comparison, palette: Palette): string[] {
  const [first, last] = [seeds[0] ?? '', seeds[seeds.length - 1] ?? '']
  const over = seeds.length === 1 ? `seed ${first}` : `${seeds.length} seeds, ${first} to ${last}`
  const title =
    varies === 'seed'
      ? `${designs[0]?.scenario} with ${seeds.length} seeds`
      : `${designs.length} designs, the same for all: ${over}`
  return [
    palette.strong(title),
    ...designs.map(({ name }, i) => `  ${palette.strong(letterOf(i))}  ${name}`),
  ]
}

/** Short values beside one another, long ones below their subject. */
function differences({ designs, differences: all }: Comparison, palette: Palette): string[] {
  if (all.length === 0) return ['The scenarios say the same.']
  const shown = all.slice(0, DIFFERENCES_MAX)
  const isLong = ({ values }: DesignDifference) =>
    values.some((value) => (value ?? '').length > VALUE_COLUMNS_MAX)
  const rows = shown
    .filter((each) => !isLong(each))
    .map(({ subject, values }) => [subject, ...values.map((value) => value ?? '–')])
  const more = all.length - shown.length
  return [
    palette.strong('What the designs say differently'),
    ...(rows.length > 0 ? table([header(designs.length), ...rows], palette) : []),
    ...shown
      .filter(isLong)
      .flatMap(({ subject, values }) => [
        `  ${subject}`,
        ...values.map((value, i) => `    ${palette.quiet(letterOf(i))}  ${value ?? '–'}`),
      ]),
    ...(more > 0 ? [palette.quiet(`  ${more} more are in the JSON document.`)] : []),
  ]
}

function measures(
  title: string,
  shown: readonly ComparedMeasure[],
  { designs }: Comparison,
  palette: Palette,
): string[] {
  if (shown.length === 0) return []
  const rows = shown.map((m) => [m.label, ...m.cells.map((cell) => cellText(cell, m))])
  return [palette.strong(title), ...table([header(designs.length), ...rows], palette)]
}

function matrix({ objectives, designs, runs }: Comparison, palette: Palette): string[] {
  if (objectives.length === 0) return ['No objectives were given.']
  const rows = objectives.map((o) => [objectiveText(o), ...o.cells.map(metText)])
  const all = designs.map(({ verdicts }) => `${verdicts.met} of ${runs}`)
  return [
    palette.strong('In how many seeds each objective is met'),
    ...table([header(designs.length), ...rows, ['all of them', ...all]], palette),
  ]
}

function againstOneAnother(comparison: Comparison, palette: Palette): string[] {
  return [
    palette.strong('One against another, by what has an objective, and by price'),
    ...comparison.pairs.flatMap((pair) => prose(`${pairText(comparison, pair)}.`)),
  ]
}

function header(designs: number): string[] {
  return ['', ...Array.from({ length: designs }, (_, i) => letterOf(i))]
}

/** Rows flush left below a quiet header. */
function table(rows: readonly (readonly string[])[], palette: Palette): string[] {
  const columns = rows[0]?.length ?? 0
  const widths = Array.from({ length: columns }, (_, c) =>
    Math.max(...rows.map((row) => row[c]?.length ?? 0)),
  )
  return rows.map((row, i) => {
    const line = `  ${row.map((cell, c) => cell.padEnd(widths[c] ?? 0)).join('  ')}`.trimEnd()
    return i === 0 ? palette.quiet(line) : line
  })
}

/** A paragraph as indented lines of a page's width. */
function prose(text: string): string[] {
  const lines = ['']
  for (const word of text.split(/\s+/)) {
    const last = lines[lines.length - 1] ?? ''
    if (last !== '' && last.length + 1 + word.length > COLUMNS - 2) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines.map((line) => `  ${line}`)
}
