// What leaves a comparison of several designs, each run with the same seeds, or of one scenario
// with several seeds, whose runs then stand in the place of the designs. Lists over designs stand
// in the order in which the designs were given, lists over seeds in that of `seeds`.

import type { Objective, Unit, Verdict } from '../check/judgement.ts'

export interface Comparison {
  readonly schemaVersion: number
  /** What sets the columns apart: the design, or nothing but the seed. */
  readonly varies: 'design' | 'seed'
  readonly seeds: readonly string[]
  /** Of each design: as many as seeds, or one where the seed sets them apart. */
  readonly runs: number
  /** Of all objectives of all designs: missed before unknown before met. */
  readonly verdict: Verdict
  readonly designs: readonly ComparedDesign[]
  /** What the scenarios say differently. */
  readonly differences: readonly DesignDifference[]
  readonly measures: readonly ComparedMeasure[]
  /** Bytes of the whole run from region to region. */
  readonly links: readonly ComparedMeasure[]
  /** Every objective that one of the designs states, judged on all of them. */
  readonly objectives: readonly ComparedObjective[]
  /** Each design against each later one. */
  readonly pairs: readonly ComparedPair[]
}

export interface ComparedDesign {
  readonly name: string
  /** What the scenario calls itself. */
  readonly scenario: string
  readonly question: string | null
  /** In how many seeds all objectives of the comparison were met, one missed, one undecided. */
  readonly verdicts: Tally
  /** A line that shows the first run again. */
  readonly replay: string
}

export interface Tally {
  readonly met: number
  readonly missed: number
  readonly unknown: number
}

export interface DesignDifference {
  readonly subject: string
  /** Null where the design has no such thing. */
  readonly values: readonly (string | null)[]
}

export interface ComparedMeasure {
  /** Name of the objective on this measure, where there is one. */
  readonly id: string
  readonly label: string
  readonly unit: Unit
  readonly better: 'lower' | 'higher'
  /** The same figure in every design, seed by seed. */
  readonly isSame: boolean
  /** Whether it decides which design dominates: it has an objective, or is the price. */
  readonly counts: boolean
  readonly cells: readonly MeasureCell[]
}

export interface MeasureCell {
  /** Nearest rank; what was undecided is worst and prints null. */
  readonly p5: number | null
  readonly p50: number | null
  readonly p95: number | null
  /** One a seed, null where undecided or not measured. */
  readonly values: readonly (number | null)[]
  /** Seeds without a figure. */
  readonly undecided: number
  /** Why there is no figure at all, null where there is one. */
  readonly absent: string | null
}

export interface ComparedObjective extends Objective {
  readonly unit: Unit
  /** Indexes of the designs that state it. */
  readonly statedBy: readonly number[]
  readonly cells: readonly (Tally & {
    /** The first seed with the worst verdict, null where all are met. */
    readonly worstSeed: string | null
  })[]
}

/**
 * dominates   better in a measure that counts, and in the others the same.
 * ahead       better in one, worse in none; the seeds do not decide the others.
 * trade-off   each is better in one.
 * same        equal in all of them, seed by seed.
 * open        the seeds show no difference, or there were too few of them.
 */
export type Relation = 'dominates' | 'ahead' | 'trade-off' | 'same' | 'open'

export interface ComparedPair {
  readonly a: number
  readonly b: number
  readonly relation: Relation
  /** The better one of 'dominates' and 'ahead'. */
  readonly winner: number | null
  readonly measures: readonly PairedMeasure[]
}

export interface PairedMeasure {
  readonly id: string
  readonly outcome: 'a' | 'b' | 'same' | 'open'
  /** Seeds in which a is better, b is better, both are equal, and nobody can tell. */
  readonly aBetter: number
  readonly bBetter: number
  readonly equal: number
  readonly undecided: number
  /** Median over the seeds of b's figure less a's, null where none has both. */
  readonly difference: number | null
}
