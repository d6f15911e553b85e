import { describe, expect, it } from 'vitest'
import { LINK_SYSTEMS } from '../../src/scenario/topologies/systems.ts'
import { LINK_CLAIMS } from '../../src/testing/claims/links/all.ts'
import { addCoverage, type Coverage } from '../../src/testing/coverage.ts'
import { anyLinkedScenario } from '../../src/testing/linked/scenario.ts'
import { type Found, SHRINKS_MAX, searchRun } from '../../src/testing/search.ts'
import { foundText } from './report.ts'
import { claimsFor } from './search-claims.ts'

/** `npm run search -- --linked` makes a thousand. */
const RUNS = 40
const SEED = 20_717
/** Bounded by the number of runs; a busy machine takes its time. */
const PATIENCE_MS = 900_000

const coverage: Coverage = new Map()
const found: Found[] = []

function times(kind: string, name: string): number {
  return coverage.get(kind)?.get(name) ?? 0
}

describe(`${RUNS} scenarios of linked clusters made up by chance`, { timeout: PATIENCE_MS }, () => {
  it('contradict no claim', () => {
    for (let index = 0; index < RUNS; index++) {
      const claims = claimsFor(index, true)
      const run = searchRun(SEED, index, claims, SHRINKS_MAX, anyLinkedScenario)
      addCoverage(coverage, run.coverage)
      if (run.found !== null) found.push(run.found)
    }
    expect(found.map((one) => foundText(one, 'found.yaml', SEED, true)).join('\n')).toBe('')
  })

  it('put every claim about links to the test', () => {
    for (const { name } of LINK_CLAIMS) expect(times('claim judged', name), name).toBeGreaterThan(1)
  })

  it('have every system among them, and hold most of them to the order that they promise', () => {
    for (const { name } of LINK_SYSTEMS) expect(times('link', name), name).toBeGreaterThan(1)
    // Every one is held to it in test/testing/linked/each-system.test.ts.
    expect(coverage.get('link in order')?.size).toBeGreaterThan(LINK_SYSTEMS.length / 2)
    expect(times('link', 'mirror-maker2')).toBeGreaterThan(5)
    expect(times('link', 'dialled by its source')).toBeGreaterThan(0)
  })

  it('copy, copy again, fall behind, and copy copies, in graphs of several kinds', () => {
    for (const fate of ['copied', 'copied again', 'behind at the end of the load']) {
      expect(times('link', fate), fate).toBeGreaterThan(3)
    }
    for (const setting of [
      'told to bring records home',
      'with a runbook',
      'over a slice',
      'went home as a mirror',
    ]) {
      expect(times('link', setting), setting).toBeGreaterThan(0)
    }
    for (const order of ['delete-topic', 'create-acls']) {
      expect(times('fault', order), order).toBeGreaterThan(0)
    }
    for (const shape of ['both ways', 'a copy of a copy', 'fan-in', 'fan-out', 'chain']) {
      expect(times('link', shape), shape).toBeGreaterThan(1)
    }
  })
})
