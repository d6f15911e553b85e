// Two designs beside one another: which is better in which measure, seed by seed. Both ran with the
// same seeds, so their figures come in pairs, and a sign test says what the seeds decide.

import type { ComparedPair, PairedMeasure, Relation } from '../../contract.ts'
import type { Figure } from './measures.ts'

/** A measure with its figures, [design][seed]. */
export interface Figures {
  readonly id: string
  readonly better: 'lower' | 'higher'
  readonly counts: boolean
  readonly byDesign: readonly (readonly Figure[])[]
}

/** Each design against each later one. */
export function comparedPairs(designs: number, measures: readonly Figures[]): ComparedPair[] {
  const pairs: ComparedPair[] = []
  for (let a = 0; a < designs; a++) {
    for (let b = a + 1; b < designs; b++) pairs.push(comparedPair(a, b, measures))
  }
  return pairs
}

function comparedPair(a: number, b: number, measures: readonly Figures[]): ComparedPair {
  const paired = measures.map((measure) => pairedMeasure(measure, a, b))
  // What neither design can have says nothing of either, as reading where nobody reads.
  const counting = paired.filter((_, i) => {
    const measure = measures[i]
    const figures = [...(measure?.byDesign[a] ?? []), ...(measure?.byDesign[b] ?? [])]
    return measure?.counts === true && figures.some(({ kind }) => kind !== 'none')
  })
  const relation = relationOf(counting.map(({ outcome }) => outcome))
  const isWon = relation === 'dominates' || relation === 'ahead'
  const winner = counting.some(({ outcome }) => outcome === 'a') ? a : b
  return { a, b, relation, winner: isWon ? winner : null, measures: paired }
}

function relationOf(outcomes: readonly PairedMeasure['outcome'][]): Relation {
  const has = (outcome: PairedMeasure['outcome']) => outcomes.includes(outcome)
  if (has('a') && has('b')) return 'trade-off'
  if (has('a') || has('b')) return has('open') ? 'ahead' : 'dominates'
  return has('open') || outcomes.length === 0 ? 'open' : 'same'
}

function pairedMeasure(measure: Figures, a: number, b: number): PairedMeasure {
  const ofA = measure.byDesign[a] ?? []
  const ofB = measure.byDesign[b] ?? []
  const tally = { aBetter: 0, bBetter: 0, equal: 0, undecided: 0 }
  const differences: number[] = []
  ofA.forEach((x, seed) => {
    const y = ofB[seed] ?? { kind: 'none', why: '' }
    tally[sideOf(x, y, measure.better)]++
    if (x.kind === 'known' && y.kind === 'known') differences.push(y.value - x.value)
  })
  const { id } = measure
  return { id, outcome: outcomeOf(tally), ...tally, difference: medianOf(differences) }
}

type Side = 'aBetter' | 'bBetter' | 'equal' | 'undecided'

/** Which of two figures is the better one; an open one is worse than what it has passed. */
function sideOf(a: Figure, b: Figure, better: 'lower' | 'higher'): Side {
  if (a.kind === 'known' && b.kind === 'known') {
    if (a.value === b.value) return 'equal'
    return a.value < b.value === (better === 'lower') ? 'aBetter' : 'bBetter'
  }
  if (a.kind === 'known' && b.kind === 'open' && a.value < b.atLeast) return 'aBetter'
  if (a.kind === 'open' && b.kind === 'known' && b.value < a.atLeast) return 'bBetter'
  return 'undecided'
}

function outcomeOf({ aBetter, bBetter, undecided }: PairedTally): PairedMeasure['outcome'] {
  if (isDecided(aBetter, bBetter + undecided)) return 'a'
  if (isDecided(bBetter, aBetter + undecided)) return 'b'
  return aBetter + bBetter + undecided === 0 ? 'same' : 'open'
}

type PairedTally = Pick<PairedMeasure, 'aBetter' | 'bBetter' | 'undecided'>

/** Beyond so many seeds powers of two leave the range of numbers, and a normal curve is as good. */
const COUNTED_MAX = 1_000

/** Sign test at 5 %, two-sided: whether `better` seeds against `other` could still be chance. */
export function isDecided(better: number, other: number): boolean {
  const seeds = better + other
  if (better <= other) return false
  if (seeds > COUNTED_MAX) {
    const lead = better - other - 1
    return lead * lead > 3.8415 * seeds
  }
  let ways = 1
  for (let i = 0; i < seeds; i++) ways /= 2
  let tail = 0
  for (let k = 0; k <= other; k++) {
    tail += ways
    ways *= (seeds - k) / (k + 1)
  }
  return 2 * tail <= 0.05
}

/** The lower one of an even number, as nearest rank has it. */
function medianOf(values: readonly number[]): number | null {
  const ascending = [...values].sort((x, y) => x - y)
  return ascending[Math.ceil(ascending.length / 2) - 1] ?? null
}
