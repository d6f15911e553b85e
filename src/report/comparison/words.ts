// The words and figures that every form of a comparison shares.

import type {
  ComparedMeasure,
  ComparedObjective,
  ComparedPair,
  Comparison,
  MeasureCell,
} from '../../contract.ts'
import { promise, quantity } from '../quantity.ts'

/** 'A' for the first design: columns bear letters, a legend the names. */
export function letterOf(design: number): string {
  return String.fromCharCode(65 + design)
}

/** 'rto.produce ≤ 20 s' */
export function objectiveText(objective: ComparedObjective): string {
  return `${objective.id} ${promise(objective)}`
}

/** '8.214 s (7.090 s to 9.911 s)': median, and from p5 to p95 where they are apart. */
export function cellText({ p5, p50, p95, absent }: MeasureCell, measure: ComparedMeasure): string {
  if (absent !== null) return `– ${absent}`
  const { unit } = measure
  if (p5 === p50 && p50 === p95) return quantity(p50, unit)
  return `${quantity(p50, unit)} (${quantity(p5, unit)} to ${quantity(p95, unit)})`
}

/** '18 of 20', and what became of the others. */
export function metText(cell: ComparedObjective['cells'][number]): string {
  const { met, missed, unknown, worstSeed } = cell
  const parts = [`${met} of ${met + missed + unknown}`]
  if (missed > 0) parts.push(`${missed} missed`)
  if (unknown > 0) parts.push(`${unknown} unknown`)
  return parts.join(', ') + (worstSeed === null ? '' : ` (seed ${worstSeed})`)
}

/** Measures that some design has, split into those that differ and those that do not. */
export function splitMeasures({ measures }: Comparison): {
  readonly different: readonly ComparedMeasure[]
  readonly same: readonly ComparedMeasure[]
} {
  const had = measures.filter(({ cells }) => cells.some(({ absent }) => absent === null))
  return {
    different: had.filter(({ isSame }) => !isSame),
    same: had.filter(({ isSame }) => isSame),
  }
}

/** 'records lost 0, writes available 100 %': figures that no design changes. */
export function sameText(same: readonly ComparedMeasure[]): string {
  return same
    .map((measure) => {
      const [cell] = measure.cells
      return cell === undefined ? measure.label : `${measure.label} ${cellText(cell, measure)}`
    })
    .join('; ')
}

/** Seeds without a figure, so that a dash is not taken for nothing. */
export function undecidedNotes({ measures, runs }: Comparison): string[] {
  return measures.flatMap(({ label, cells }) =>
    cells.flatMap(({ undecided, absent }, design) =>
      undecided === 0 || absent !== null
        ? []
        : [`${label}, ${letterOf(design)}: undecided in ${undecided} of ${runs} seeds`],
    ),
  )
}

/** What a pair comes to, in a sentence with the seeds that bear it out. */
export function pairText(comparison: Comparison, pair: ComparedPair): string {
  const [a, b] = [letterOf(pair.a), letterOf(pair.b)]
  const told = {
    a: tellings(comparison, pair, 'a'),
    b: tellings(comparison, pair, 'b'),
    same: tellings(comparison, pair, 'same'),
    open: tellings(comparison, pair, 'open'),
  }
  const rest = [
    ...(told.same === '' ? [] : [`the same: ${told.same}`]),
    ...(told.open === '' ? [] : [`not told apart: ${told.open}`]),
  ].map((text) => `; ${text}`)
  switch (pair.relation) {
    case 'dominates':
    case 'ahead': {
      const isA = pair.winner === pair.a
      const [winner, other] = isA ? [a, b] : [b, a]
      const verb = pair.relation === 'dominates' ? 'dominates' : 'is ahead of'
      return `${winner} ${verb} ${other}: better in ${isA ? told.a : told.b}${rest.join('')}`
    }
    case 'trade-off':
      return [
        `${a} or ${b} is a trade-off: ${a} is better in ${told.a}; ${b} in ${told.b}`,
        ...rest,
      ].join('')
    case 'same':
      return `${a} and ${b} come out the same: ${told.same}`
    case 'open':
      return `${a} and ${b} are not told apart${rest.join('')}`
  }
}

/** The measures of a pair that count and came out so, each with its evidence. */
function tellings(
  { measures, runs }: Comparison,
  pair: ComparedPair,
  outcome: 'a' | 'b' | 'same' | 'open',
): string {
  const [a, b] = [letterOf(pair.a), letterOf(pair.b)]
  const all = pair.measures.flatMap((paired, i) => {
    const measure = measures[i]
    if (measure === undefined || !measure.counts || paired.outcome !== outcome) return []
    if (measure.cells[pair.a]?.absent != null && measure.cells[pair.b]?.absent != null) return []
    const { label, unit } = measure
    const { aBetter, bBetter, undecided, difference } = paired
    if (outcome === 'same') return [label]
    if (outcome === 'open') {
      const unknown = undecided === 0 ? '' : `, ${undecided} undecided`
      return [`${label} (${a} better in ${aBetter}, ${b} in ${bBetter}${unknown})`]
    }
    const by =
      difference === null ? '' : `by ${quantity(Math.abs(difference), unit)} in the median, `
    const better = outcome === 'a' ? aBetter : bBetter
    return [`${label} (${by}in ${better} of ${runs} seeds)`]
  })
  return all.join(', ')
}

/** What a reader must know of a comparison of few runs; null where there are enough. */
export function fewSeeds({ varies, runs }: Comparison): string | null {
  if (varies === 'seed') return 'Chance alone sets these runs apart: they are of one design.'
  if (runs > 5) return null
  const few = runs === 1 ? 'One run of each tells' : `${runs} runs of each tell`
  return `${few} designs apart by nothing that chance could not do: add --seeds 20.`
}
