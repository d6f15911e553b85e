// What the page asks for when it compares, and what it gets.

import type { Comparison, RunRequest, RunResult } from '../contract.ts'

/** A comparison: several designs with the same seeds, or one design with several seeds. */
export interface CompareRequest {
  /** Two to four, or one. */
  readonly designs: readonly Pick<RunRequest, 'scenario' | 'yaml'>[]
  /** Two to four, for one design. */
  readonly seeds?: readonly string[]
  /** For several designs: the first seed; the first design's own when left out. */
  readonly seed?: string
  /** How many seeds each of them runs with, from the first one on; one when left out. */
  readonly runs?: number
}

/** What is needed of a run to draw it beside others. */
export type ComparedRun = Pick<
  RunResult,
  'scenario' | 'seed' | 'clock' | 'faults' | 'rto' | 'series'
>

/** A comparison, and the run with the first seed of every design. */
export interface ComparedRuns {
  readonly comparison: Comparison
  readonly shown: readonly ComparedRun[]
}

/** The route of a comparison, as `Api` has the others. */
export interface CompareApi {
  readonly 'POST /api/compare': { readonly in: CompareRequest; readonly out: ComparedRuns }
}
