// A thread of the search: runs the numbers that it is sent.

import { parentPort } from 'node:worker_threads'
import { addCoverage, type Coverage } from '../../src/testing/coverage.ts'
import { type Found, searchRun } from '../../src/testing/search.ts'
import { claimsFor } from './search-claims.ts'

export interface Share {
  readonly seed: number
  readonly first: number
  readonly runs: number
}

export interface ShareDone {
  readonly coverage: Coverage
  readonly found: readonly Found[]
}

parentPort?.on('message', ({ seed, first, runs }: Share) => {
  const coverage: Coverage = new Map()
  const found: Found[] = []
  for (let index = first; index < first + runs; index++) {
    const run = searchRun(seed, index, claimsFor(index))
    addCoverage(coverage, run.coverage)
    if (run.found !== null) found.push(run.found)
  }
  parentPort?.postMessage({ coverage, found } satisfies ShareDone)
})
