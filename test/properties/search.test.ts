import { describe, expect, it } from 'vitest'
import { CLAIMS } from '../../src/testing/claims/all.ts'
import { addCoverage, type Coverage } from '../../src/testing/coverage.ts'
import { DRAWN_KINDS } from '../../src/testing/faults.ts'
import { type Found, searchRun } from '../../src/testing/search.ts'
import { foundText } from './report.ts'
import { claimsFor } from './search-claims.ts'

/** `npm run search` makes ten thousand. */
const RUNS = 300
const SEED = 20_251
/** Bounded by the number of runs; a busy machine takes its time. */
const PATIENCE_MS = 900_000

const coverage: Coverage = new Map()
const found: Found[] = []

function times(kind: string, name: string): number {
  return coverage.get(kind)?.get(name) ?? 0
}

describe(`${RUNS} scenarios made up by chance`, { timeout: PATIENCE_MS }, () => {
  it('contradict no claim', () => {
    for (let index = 0; index < RUNS; index++) {
      const run = searchRun(SEED, index, claimsFor(index))
      addCoverage(coverage, run.coverage)
      if (run.found !== null) found.push(run.found)
    }
    expect(found.map((one) => foundText(one, 'found.yaml', SEED)).join('\n')).toBe('')
  })

  it('reach every kind of fault, and put every claim to the test', () => {
    for (const kind of DRAWN_KINDS) expect(times('fault', kind), kind).toBeGreaterThan(5)
    for (const { name } of CLAIMS) expect(times('claim judged', name), name).toBeGreaterThan(20)
    expect(times('claim judged', 'repeatable')).toBe(RUNS / 10)
  })

  it('have elections, truncations, losses and time-outs among them', () => {
    const events = ['broker-fenced', 'truncation', 'client-error', 'produce-resumed', 'operator']
    for (const kind of events) expect(times('event', kind), kind).toBeGreaterThan(5)
    for (const fate of ['lost', 'duplicated', 'phantom', 'unknownButPresent', 'redelivered']) {
      expect(times('fate', fate), fate).toBeGreaterThan(0)
    }
    expect(times('partition', 'uncleanly elected')).toBeGreaterThan(3)
    expect(times('partition', 'had an ELR')).toBeGreaterThan(3)
    for (const verdict of ['met', 'missed', 'unknown']) {
      expect(times('verdict', verdict), verdict).toBeGreaterThan(0)
    }
  })
})

describe('what a search finds', { timeout: PATIENCE_MS }, () => {
  /** Says that nobody may ever be fenced, which any longer outage contradicts. */
  const NO_FENCES = {
    name: 'no-fences',
    says: 'no broker is ever fenced, which is wrong',
    check: ({ history }: Parameters<(typeof CLAIMS)[0]['check']>[0]) =>
      history.brokerChanges.some(({ change }) => change === 'fenced')
        ? ['a broker was fenced']
        : [],
  }

  it('is made small, and comes with the lines that show it again', () => {
    const index = Array.from({ length: 40 }, (_, i) => i).find(
      (i) => searchRun(SEED, i, [NO_FENCES], 0).found !== null,
    )
    const one = searchRun(SEED, index ?? 0, [NO_FENCES], 150).found
    if (one === null) throw new Error('nothing was found')
    const text = foundText(one, 'found/run.yaml', SEED)
    expect(text).toContain('a broker was fenced')
    expect(text).toContain(`npm run highwater -- run found/run.yaml --seed ${one.seed}`)
    expect(text).toContain(`npm run search -- --seed ${SEED} --run ${index}`)
    // A cause of fencing is all that is left: one fault, or hardly more.
    expect(one.text.split('\n').length).toBeLessThan(45)
    expect(searchRun(SEED, index ?? 0, [NO_FENCES], 150).found).toEqual(one)
  })
})
