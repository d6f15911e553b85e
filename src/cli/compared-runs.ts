// A comparison for the page: all runs on threads, and the first of each column to draw.

import type { ComparedRun, ComparedRuns, CompareRequest } from '../contract/compared-runs.ts'
import type { RunResult } from '../contract.ts'
import { compareSeeds } from '../lab/compare/compare.ts'
import { type MeasuredRun, measuredRun } from '../lab/compare/measures.ts'
import { comparisonOf, type Entry, entriesOf, pairedJobs, wholeSeeds } from './designs.ts'
import type { Outcome } from './job.ts'
import type { ScenarioFile } from './library.ts'
import { seedsFrom } from './options.ts'
import { runJobs } from './pool.ts'

type Refused = Outcome & { readonly kind: 'refused' }

/**
 * Runs what is asked for and compares it. The first refusal of a run when there is one, null when
 * `signal` ended it; throws a UsageError for a file that is no scenario.
 */
export async function comparedRuns(
  files: readonly ScenarioFile[],
  { seeds, seed, runs: count }: Omit<CompareRequest, 'designs'>,
  signal: AbortSignal,
): Promise<ComparedRuns | Refused | null> {
  const entries = entriesOf(files)
  const [first] = entries
  if (first === undefined) return null
  const all = seeds ?? seedsFrom(seed ?? first.scenario.seed, count ?? 1)
  const columns = seeds === undefined ? entries.length : all.length
  const shown = new Map<number, ComparedRun>()
  const runs = new Map<number, MeasuredRun>()
  const refusals: Refused[] = []
  const take = (index: number, outcome: Outcome) => {
    if (outcome.kind === 'refused') return refusals.push(outcome)
    if (index < columns) shown.set(index, comparedRun(outcome.result))
    return runs.set(index, measuredRun(outcome.result))
  }
  await runJobs(pairedJobs(entries, all), take, signal)
  const [refused] = refusals
  if (refused !== undefined) return refused
  if (signal.aborted) return null
  return {
    comparison: seeds === undefined ? paired(entries, all, runs) : bySeed(first, runs),
    shown: inOrder(shown),
  }
}

function paired(
  entries: readonly Entry[],
  seeds: readonly string[],
  runs: ReadonlyMap<number, MeasuredRun>,
) {
  return comparisonOf(entries, wholeSeeds(entries, seeds, runs))
}

function bySeed({ scenario }: Entry, runs: ReadonlyMap<number, MeasuredRun>) {
  return compareSeeds(scenario, inOrder(runs))
}

/** By number of the job: threads end in any order. */
function inOrder<T>(byJob: ReadonlyMap<number, T>): T[] {
  return [...byJob].sort(([a], [b]) => a - b).map(([, value]) => value)
}

function comparedRun({ scenario, seed, clock, faults, rto, series }: RunResult): ComparedRun {
  return { scenario, seed, clock, faults, rto, series }
}
