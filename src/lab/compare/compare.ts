// Several designs, run with the same seeds, side by side: a function of their scenarios and runs.
// Also one scenario with several seeds, to see what chance alone does.

import { nearestRank } from '../../check/percentile.ts'
import { worstVerdict } from '../../check/verdict.ts'
import {
  type ComparedMeasure,
  type Comparison,
  type MeasureCell,
  SCHEMA_VERSION,
} from '../../contract.ts'
import type { Scenario } from '../../scenario/model.ts'
import { invariant } from '../../sim/invariant.ts'
import { differencesOf } from './differences.ts'
import {
  type Figure,
  linksOf,
  type Measure,
  type MeasuredRun,
  measuresFor,
  PRICE,
} from './measures.ts'
import { objectiveRow, tallyOf, unionOf, verdictsOf } from './objectives.ts'
import { comparedPairs, type Figures } from './pairs.ts'

/** A design, under the name by which the comparison calls it, with one run a seed. */
export interface Design {
  readonly name: string
  readonly scenario: Scenario
  readonly runs: readonly MeasuredRun[]
}

/** Compares designs; their runs must be of the same seeds in the same order. */
export function compare(designs: readonly Design[]): Comparison {
  const seeds = (designs[0]?.runs ?? []).map(({ seed }) => seed)
  const isPaired = designs.every(
    ({ runs }) => runs.length === seeds.length && runs.every(({ seed }, i) => seed === seeds[i]),
  )
  invariant(isPaired, 'designs are compared over the same seeds', { seeds: seeds.length })
  return { varies: 'design', seeds, runs: seeds.length, ...besideOneAnother(designs) }
}

/** Puts runs of one scenario beside one another, each with a seed of its own. */
export function compareSeeds(scenario: Scenario, runs: readonly MeasuredRun[]): Comparison {
  const seeds = runs.map(({ seed }) => seed)
  const columns = runs.map((run) => ({ name: `seed ${run.seed}`, scenario, runs: [run] }))
  return { varies: 'seed', seeds, runs: 1, ...besideOneAnother(columns) }
}

/** What both kinds of comparison hold; figures are paired by their place in `runs`. */
function besideOneAnother(
  designs: readonly Design[],
): Omit<Comparison, 'varies' | 'seeds' | 'runs'> {
  const runs = designs.map((design) => design.runs)
  const union = unionOf(runs)
  const verdicts = runs.map((bySeed) => bySeed.map((run) => verdictsOf(run, union)))
  const promised = union.map(({ id }) => id)
  const figures = measuresFor(promised, runs.flat()).map((measure) =>
    figuresOf(measure, promised, runs),
  )
  const tallies = verdicts.map((bySeed) => tallyOf(bySeed.map(worstVerdict)))
  return {
    schemaVersion: SCHEMA_VERSION,
    verdict: worstVerdict(verdicts.flat(2)),
    designs: designs.map(({ name, runs: [first] }, i) => ({
      name,
      scenario: first?.scenario ?? '',
      question: first?.question ?? null,
      verdicts: tallies[i] ?? tallyOf([]),
      replay: first?.replay ?? '',
    })),
    differences: differencesOf(designs.map(({ scenario }) => scenario)),
    measures: figures.map(comparedMeasure),
    links: linksOf(runs.flat()).map((link) => comparedMeasure(figuresOf(link, [], runs))),
    objectives: union.map((objective, row) =>
      objectiveRow(
        objective,
        verdicts.map((bySeed) => bySeed.map((run) => run[row] ?? 'unknown')),
        runs.map((bySeed) => bySeed.map(({ seed }) => seed)),
      ),
    ),
    pairs: comparedPairs(designs.length, figures),
  }
}

type Read = Figures & { readonly measure: Measure }

/** What was promised decides between designs, or all that is shown where nothing was; and money. */
function figuresOf(
  measure: Measure,
  promised: readonly string[],
  runs: readonly (readonly MeasuredRun[])[],
): Read {
  const { id, better, read } = measure
  const counts = promised.length === 0 || promised.includes(id) || id === PRICE
  return { measure, id, better, counts, byDesign: runs.map((bySeed) => bySeed.map(read)) }
}

function comparedMeasure({ measure, counts, byDesign }: Read): ComparedMeasure {
  const { id, label, unit, better } = measure
  const cells = byDesign.map(cellOf)
  const [first, ...others] = byDesign.map((figures) => JSON.stringify(figures))
  const isSame = others.every((other) => other === first)
  return { id, label, unit, better, isSame, counts, cells }
}

function cellOf(figures: readonly Figure[]): MeasureCell {
  const values = figures.map((figure) => (figure.kind === 'known' ? figure.value : null))
  const ascending = values.map((v) => v ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)
  const at = (share: number) => {
    const value = nearestRank(ascending, share)
    return value === null || !Number.isFinite(value) ? null : value
  }
  const [first] = figures
  const isAbsent = figures.every(({ kind }) => kind === 'none')
  return {
    ...{ p5: at(0.05), p50: at(0.5), p95: at(0.95), values },
    undecided: values.filter((value) => value === null).length,
    absent: isAbsent && first?.kind === 'none' ? first.why : null,
  }
}
