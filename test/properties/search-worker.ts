// A thread of the search: runs the numbers that it is sent.

import { parentPort } from 'node:worker_threads'
import { addCoverage, type Coverage } from '../../src/testing/coverage.ts'
import { anyLinkedScenario } from '../../src/testing/linked/scenario.ts'
import { anyScenario } from '../../src/testing/scenario.ts'
import { type Found, SHRINKS_MAX, searchRun } from '../../src/testing/search.ts'
import { claimsFor } from './search-claims.ts'

export interface Share {
  readonly seed: number
  readonly first: number
  readonly runs: number
  /** Of clusters with links between them. */
  readonly isLinked: boolean
}

export interface ShareDone {
  readonly coverage: Coverage
  readonly found: readonly Found[]
}

parentPort?.on('message', ({ seed, first, runs, isLinked }: Share) => {
  const scenarios = isLinked ? anyLinkedScenario : anyScenario
  const coverage: Coverage = new Map()
  const found: Found[] = []
  for (let index = first; index < first + runs; index++) {
    const run = searchRun(seed, index, claimsFor(index, isLinked), SHRINKS_MAX, scenarios)
    addCoverage(coverage, run.coverage)
    if (run.found !== null) found.push(run.found)
  }
  parentPort?.postMessage({ coverage, found } satisfies ShareDone)
})
