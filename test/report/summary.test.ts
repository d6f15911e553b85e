import { describe, expect, it } from 'vitest'
import type { RunResult } from '../../src/contract.ts'
import { PLAIN } from '../../src/report/palette.ts'
import { summarizeRuns, summaryText } from '../../src/report/summary.ts'
import { fixtureResult } from '../support/fixture-result.ts'

/** A run whose recovery took so long; null if it never ended. */
function run(seed: number, ms: number | null, verdict: RunResult['verdict'] = 'met'): RunResult {
  const { rto, objectives } = fixtureResult()
  const [, objective] = objectives
  return fixtureResult({
    ...{ seed: String(seed), verdict, rto: { ...rto, produce: { ...rto.produce, ms } } },
    objectives: objective === undefined ? [] : [{ ...objective, measured: ms, verdict }],
  })
}

describe('the summary of several seeds', () => {
  it('gives nearest-rank percentiles, whatever the order of the runs', () => {
    const runs = Array.from({ length: 100 }, (_, i) => run(i, 1_000 * (100 - i)))
    expect(summarizeRuns(runs).rto.produceMs).toEqual({ p5: 5_000, p50: 50_000, p95: 95_000 })
  })

  it('of one run has that run in all three', () => {
    expect(summarizeRuns([run(1, 700)]).rto.produceMs).toEqual({ p5: 700, p50: 700, p95: 700 })
  })

  it('counts an outage without end as the longest', () => {
    const runs = [run(1, null, 'unknown'), run(2, 900), run(3, 1_000)]
    expect(summarizeRuns(runs).rto.produceMs).toEqual({ p5: 900, p50: 1_000, p95: null })
  })

  it('counts a loss that is not decided as the worst, and never as none', () => {
    const { rpo } = fixtureResult()
    const open = fixtureResult({ rpo: { ...rpo, records: 0, undecided: ['orders-0'] } })
    const { records, windowMs } = summarizeRuns([open, run(2, 900), run(3, 900)]).rpo
    expect([records, windowMs]).toEqual([{ p5: 0, p50: 0, p95: null }, records])
  })

  it('is as bad as its worst run and names a seed that shows it', () => {
    const runs = [run(1, 900), run(2, 30_000, 'missed'), run(3, 1_000)]
    expect(summarizeRuns(runs)).toMatchObject({
      ...{ runs: 3, verdict: 'missed', verdicts: { met: 2, missed: 1, unknown: 0 } },
      objectives: [{ id: 'rto.produce', met: 2, missed: 1, unknown: 0, worstSeed: '2' }],
    })
    expect(summarizeRuns([run(1, 900), run(4, null, 'unknown')])).toMatchObject({
      ...{ verdict: 'unknown', objectives: [{ worstSeed: '4' }] },
    })
  })

  it('fits on a terminal', () => {
    const text = summaryText(summarizeRuns([run(1, 900), run(2, 30_000, 'missed')]), PLAIN)
    expect(text).toBe(`\
q05-active-controller-region: 2 seeds
  1 met, 1 missed, 0 unknown

                                    p5         p50         p95
  records lost                       0           0           0
  bytes lost                       0 B         0 B         0 B
  loss window                     0 ms        0 ms        0 ms
  recovery time, produce        900 ms      900 ms    30.000 s
  recovery time, consume      14.819 s    14.819 s    14.819 s
  rto.produce             met 1, missed 1, unknown 0; worst with seed 2

Verdict: missed
`)
  })
})
