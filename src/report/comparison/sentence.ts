// One sentence for a decision record, made of what was measured.

import type { ComparedMeasure, ComparedPair, Comparison, Relation, Tally } from '../../contract.ts'
import { quantity } from '../quantity.ts'
import { objectiveText, splitMeasures } from './words.ts'

/** Measures in the order in which a decision asks for them. */
const ASKED = [
  ...['rpo.records', 'rpo.seconds', 'rto.produce', 'rto.consume', 'produce.p99'],
  ...['end-to-end.p99', 'availability', 'price'],
]
const MEASURES_MAX = 4

/** The whole sentence, without Markdown, ending in a full stop. */
export function decisionSentence(comparison: Comparison): string {
  const clauses = [
    promisesClause(comparison),
    ...measureClauses(comparison),
    conclusionClause(comparison),
  ]
  return `${seedsClause(comparison)}, ${clauses.join('; ')}.`
}

function seedsClause({ varies, seeds, designs }: Comparison): string {
  const [first, last] = [seeds[0] ?? '', seeds[seeds.length - 1] ?? '']
  if (varies === 'seed') {
    return `In ${seeds.length} simulations of ${designs[0]?.scenario}, apart by their seeds alone`
  }
  const what = `simulations of ${designs.length} designs`
  if (seeds.length === 1) return `In ${what} with the one seed ${first}`
  return `In ${what} with the same ${seeds.length} seeds (${first} to ${last})`
}

/** Who kept all that was promised, how often, and what the others missed. */
function promisesClause({ varies, designs, objectives, runs }: Comparison): string {
  const [only] = objectives
  if (only === undefined) return 'no objective was stated'
  const all = objectives.length === 1 ? objectiveText(only) : 'every objective'
  const told = designs.map(({ name, verdicts }, design) => {
    const failed = objectives.flatMap((objective) => {
      const cell = objective.cells[design]
      if (cell === undefined || cell.missed + cell.unknown === 0) return []
      return [`${objectiveText(objective)} ${howOften(cell, runs)}`]
    })
    if (varies === 'seed') {
      return failed.length === 0 ? `${name} met ${all}` : `${name} did not (${failed.join(', ')})`
    }
    const but = failed.length === 0 ? '' : ` (${failed.join(', ')})`
    return `${name} met ${all} in ${verdicts.met} of ${runs} runs${but}`
  })
  return told.join(', ')
}

/** 'missed in 2, undecided in 1'; of one run only what it came to. */
function howOften({ missed, unknown }: Tally, runs: number): string {
  const times = (word: string, n: number) =>
    n === 0 ? [] : [runs === 1 ? word : `${word} in ${n}`]
  return [...times('missed', missed), ...times('undecided', unknown)].join(', ')
}

/** The measures that count and differ; where none does, the first of those that are the same. */
function measureClauses(comparison: Comparison): string[] {
  const { different, same } = splitMeasures(comparison)
  const asked = (from: readonly ComparedMeasure[]) =>
    ASKED.flatMap((id) => from.filter((m) => m.id === id && m.counts)).slice(0, MEASURES_MAX)
  const told = asked(different).map((measure) => differentClause(measure, comparison))
  const equal = asked(same).map(
    ({ label, unit, cells }) => `${label} ${quantity(cells[0]?.p50 ?? null, unit)}`,
  )
  return equal.length === 0 ? told : [...told, `the same in all: ${equal.join(', ')}`]
}

/** A measure with the figures of every design: median, and p95 where there are several runs. */
function differentClause(measure: ComparedMeasure, { designs, runs }: Comparison): string {
  const { label, unit, cells } = measure
  const hasSpread = runs > 1
  const told = cells.map(({ p50, p95, absent }, design) => {
    const name = designs[design]?.name ?? ''
    if (absent !== null) return `not measured with ${name} (${absent})`
    const worst = hasSpread ? ` (${figureWord(p95, unit)})` : ''
    return `${figureWord(p50, unit)}${worst} with ${name}`
  })
  return `${label}${hasSpread ? ', median (p95)' : ''}: ${told.join(', ')}`
}

function figureWord(value: number | null, unit: ComparedMeasure['unit']): string {
  return value === null ? 'undecided' : quantity(value, unit)
}

/** Which design the figures speak for, by what was promised and then by price, if any. */
function conclusionClause(comparison: Comparison): string {
  const { varies, designs, objectives, runs } = comparison
  if (objectives.length === 0) return relationClause(comparison)
  const kept = designs.flatMap(({ verdicts }, i) => (verdicts.met === runs ? [i] : []))
  if (varies === 'seed') return `${kept.length} of ${designs.length} met everything`
  const [only] = kept
  if (only === undefined) return 'no design met everything in every run'
  if (kept.length === 1) return `only ${designs[only]?.name} met everything in every run`
  return `${relationClause(comparison)}, and ${cheapestClause(comparison, kept)}`
}

function relationClause({ designs, pairs }: Comparison): string {
  const isAll = (relation: Relation) =>
    pairs.length > 1 && pairs.every((pair) => pair.relation === relation)
  if (isAll('open')) return 'the runs tell none of them apart'
  if (isAll('same')) return 'all of them come out the same'
  return pairs
    .map((pair) => relationWords(pair, (design) => designs[design]?.name ?? ''))
    .join(', ')
}

function relationWords(
  { a, b, relation, winner }: ComparedPair,
  nameOf: (design: number) => string,
): string {
  const [better, other] = winner === b ? [b, a] : [a, b]
  switch (relation) {
    case 'dominates':
      return `${nameOf(better)} dominates ${nameOf(other)}`
    case 'ahead':
      return `${nameOf(better)} is ahead of ${nameOf(other)} where the runs decide`
    case 'trade-off':
      return `${nameOf(a)} or ${nameOf(b)} is a trade-off`
    case 'same':
      return `${nameOf(a)} and ${nameOf(b)} come out the same`
    case 'open':
      return `the runs do not tell ${nameOf(a)} and ${nameOf(b)} apart`
  }
}

/** Of the designs that keep every promise, the one with the lowest price between regions. */
function cheapestClause({ designs, measures }: Comparison, kept: readonly number[]): string {
  const price = measures.find(({ id }) => id === 'price')
  const known = kept.flatMap((design) => {
    const usd = price?.cells[design]?.p50 ?? null
    return usd === null ? [] : [{ usd, name: designs[design]?.name ?? '' }]
  })
  if (known.length < kept.length) return 'which costs least between regions is unknown'
  const [least, next] = known.sort((x, y) => x.usd - y.usd)
  if (least === undefined || next === undefined || least.usd === next.usd) {
    return 'they cost the same between regions'
  }
  return `of those that met everything in every run ${least.name} costs least between regions`
}
