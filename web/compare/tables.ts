// The figures of a comparison as tables: what was promised, what came out differently, what is the
// same, and what the designs say differently. What a table cannot show is not in another place.

import type {
  ComparedMeasure,
  ComparedObjective,
  Comparison,
  MeasureCell,
  Verdict,
} from '../../src/contract.ts'
import { letterOf, sameText, splitMeasures } from '../../src/report/comparison/words.ts'
import { quantity } from '../../src/report/quantity.ts'
import { el } from '../dom.ts'
import { promise, VERDICT } from '../format.ts'
import { colourOf } from './colours.ts'

/** Differences before the others are folded away: the first ones say most. */
const DIFFERENCES_MAX = 12

/** Objectives and measures, one column a design. */
export function figureTables(comparison: Comparison): HTMLElement[] {
  const { different, same } = splitMeasures(comparison)
  const note = same.length === 0 ? [] : [`The same in all: ${sameText(same)}.`]
  const spread = comparison.runs > 1 ? ', median (p5 to p95)' : ''
  return [
    ...promises(comparison),
    ...measureTable(`Came out differently${spread}`, different, comparison),
    ...note.map((text) => el('p', { class: 'muted note' }, text)),
    ...links(comparison),
  ]
}

/** What sets the scenarios apart; nothing where only the seed does. */
export function differencesTable({ varies, designs, differences }: Comparison): HTMLElement[] {
  if (varies === 'seed') return []
  const title = el('h2', { class: 'eyebrow' }, 'What the designs say differently')
  if (differences.length === 0) return [title, el('p', { class: 'muted' }, 'Nothing.')]
  const rows = differences.map(({ subject, values }) => {
    const cells = values.map((value) => el('td', {}, value ?? '–'))
    return el('tr', {}, el('th', { scope: 'row' }, subject), ...cells)
  })
  const said = (some: readonly HTMLElement[]) => table('said', header(designs.length), some)
  const rest = rows.slice(DIFFERENCES_MAX)
  const more = el('summary', {}, `${rest.length} more`)
  return [
    title,
    said(rows.slice(0, DIFFERENCES_MAX)),
    ...(rest.length === 0 ? [] : [el('details', {}, more, said(rest))]),
  ]
}

function promises({ objectives, designs, runs }: Comparison): HTMLElement[] {
  const title = el('h2', { class: 'eyebrow' }, 'Promises kept')
  if (objectives.length === 0) return [title, el('p', { class: 'muted' }, 'None was made.')]
  const rows = objectives.map((objective) => {
    const cells = objective.cells.map((cell) => el('td', {}, ...kept(cell, runs)))
    return el('tr', {}, el('th', { scope: 'row' }, promiseText(objective)), ...cells)
  })
  const all = designs.map(({ verdicts }) => el('td', {}, ...kept(verdicts, runs)))
  const total = el('tr', { class: 'total' }, el('th', { scope: 'row' }, 'all of them'), ...all)
  const body = objectives.length === 1 ? rows : [...rows, total]
  return [title, table('promises', header(designs.length), body)]
}

function promiseText(objective: ComparedObjective): string {
  return promise({ ...objective, measured: null, verdict: 'unknown', evidence: '' })
}

type Kept = ComparedObjective['cells'][number] | Comparison['designs'][number]['verdicts']

/** '✓ met', or of several runs '✗ 4 of 6' with the seed that shows why. */
function kept(cell: Kept, runs: number): HTMLElement[] {
  const verdict: Verdict = cell.missed > 0 ? 'missed' : cell.unknown > 0 ? 'unknown' : 'met'
  const word = VERDICT[verdict]
  const text = runs === 1 ? word : `${word.slice(0, 1)} ${cell.met} of ${runs}`
  const seed = 'worstSeed' in cell && runs > 1 ? cell.worstSeed : null
  return [
    el('b', { class: `verdict ${verdict}` }, text),
    ...(seed === null ? [] : [el('span', { class: 'range' }, `seed ${seed}`)]),
  ]
}

function measureTable(
  title: string,
  measures: readonly ComparedMeasure[],
  comparison: Comparison,
): HTMLElement[] {
  if (measures.length === 0) return []
  const hasGap = comparison.designs.length === 2
  const rows = measures.map((measure) => {
    const gap = hasGap ? [el('td', { class: 'gap' }, ...gapParts(measure, comparison))] : []
    return el('tr', {}, ...measureCells(measure), ...gap)
  })
  const gapTitle = comparison.runs > 1 ? 'B less A, by seed' : 'B less A'
  const last = hasGap ? [el('th', { scope: 'col' }, gapTitle)] : []
  const head = [...header(comparison.designs.length), ...last]
  return [el('h2', { class: 'eyebrow' }, title), table('measures', head, rows)]
}

function measureCells(measure: ComparedMeasure): HTMLElement[] {
  const cells = measure.cells.map((cell) => el('td', {}, ...cellParts(cell, measure)))
  return [el('th', { scope: 'row' }, measure.label), ...cells]
}

function cellParts({ p5, p50, p95, undecided, absent }: MeasureCell, { unit }: ComparedMeasure) {
  if (absent !== null) return [el('span', { class: 'muted' }, absent)]
  const median = el('b', {}, p50 === null ? 'not decided' : quantity(p50, unit))
  const range = `${quantity(p5, unit)} to ${quantity(p95, unit)}`
  const isWide = p5 !== p50 || p50 !== p95
  return [
    median,
    ...(isWide ? [el('span', { class: 'range' }, range)] : []),
    ...(undecided > 0 && p50 !== null
      ? [el('span', { class: 'range' }, `undecided in ${undecided}`)]
      : []),
  ]
}

/** How far the second design lies from the first, and which one the seeds call better. */
function gapParts({ id, unit }: ComparedMeasure, { varies, pairs }: Comparison): HTMLElement[] {
  const paired = pairs[0]?.measures.find((measure) => measure.id === id)
  if (paired === undefined) return []
  const { difference, outcome } = paired
  const winner = outcome === 'a' ? 0 : outcome === 'b' ? 1 : null
  const better =
    winner === null || varies === 'seed'
      ? []
      : [el('span', { class: 'better' }, `${letterOf(winner)} better`)]
  return [el('span', {}, gapText(difference, unit)), ...better]
}

function gapText(difference: number | null, unit: ComparedMeasure['unit']): string {
  if (difference === null) return '–'
  if (difference === 0) return '0'
  const [sign, size] = [difference < 0 ? '−' : '+', Math.abs(difference)]
  // A share of a share would be read as one: two per cent less than 80 % is not 78 %.
  return unit === 'ratio' ? `${sign}${(size * 100).toFixed(1)} points` : sign + quantity(size, unit)
}

/** Bytes of each direction between regions, folded away. */
function links(comparison: Comparison): HTMLElement[] {
  if (comparison.links.length === 0) return []
  const rows = comparison.links.map((link) => el('tr', {}, ...measureCells(link)))
  const summary = el('summary', {}, 'bytes from region to region')
  return [el('details', {}, summary, table('links', header(comparison.designs.length), rows))]
}

/** An empty corner and a letter for each design. */
function header(designs: number): HTMLElement[] {
  const letters = Array.from({ length: designs }, (_, i) =>
    el('th', { scope: 'col', style: `color:${colourOf(i)}` }, letterOf(i)),
  )
  return [el('td', {}), ...letters]
}

function table(kind: string, head: readonly HTMLElement[], rows: readonly HTMLElement[]) {
  return el(
    'div',
    { class: 'scroll' },
    el('table', { class: kind }, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...rows)),
  )
}
