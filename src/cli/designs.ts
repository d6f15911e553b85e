// The designs of a comparison: from files to jobs, and from their runs to what is compared.

import type { Comparison } from '../contract.ts'
import { compare } from '../lab/compare/compare.ts'
import type { MeasuredRun } from '../lab/compare/measures.ts'
import type { Scenario } from '../scenario/model.ts'
import { scenarioOf } from '../scenario/parse.ts'
import type { Job } from './job.ts'
import type { ScenarioFile } from './library.ts'

/** A design under the name by which the comparison calls it. */
export interface Entry {
  readonly name: string
  readonly file: ScenarioFile
  readonly scenario: Scenario
}

/**
 * The designs, checked before anything runs; two that call themselves alike go by their paths.
 * Throws a UsageError for a file that is no scenario.
 */
export function entriesOf(files: readonly ScenarioFile[]): Entry[] {
  const scenarios = files.map(({ text, path }) => scenarioOf(text, path))
  return files.flatMap((file, i) => {
    const scenario = scenarios[i]
    if (scenario === undefined) return []
    const isAlone = scenarios.filter(({ name }) => name === scenario.name).length === 1
    return [{ name: isAlone ? scenario.name : file.path, file, scenario }]
  })
}

/** A job for every design and seed; seed by seed, so that what an early end leaves are pairs. */
export function pairedJobs(entries: readonly Entry[], seeds: readonly string[]): Job[] {
  return seeds.flatMap((seed) => entries.map(({ file }): Job => ({ file, seed, until: null })))
}

/** The seeds that all designs have finished, as [seed][design]; `runs` is by number of the job. */
export function wholeSeeds(
  entries: readonly Entry[],
  seeds: readonly string[],
  runs: ReadonlyMap<number, MeasuredRun>,
): (readonly MeasuredRun[])[] {
  return seeds.flatMap((_, row) => {
    const ofSeed = entries.flatMap((_, i) => runs.get(row * entries.length + i) ?? [])
    return ofSeed.length === entries.length ? [ofSeed] : []
  })
}

/** The comparison of designs by their runs, [seed][design]. */
export function comparisonOf(
  entries: readonly Entry[],
  runs: readonly (readonly MeasuredRun[])[],
): Comparison {
  return compare(
    entries.map(({ name, scenario }, i) => ({
      ...{ name, scenario },
      runs: runs.flatMap((ofSeed) => ofSeed[i] ?? []),
    })),
  )
}
