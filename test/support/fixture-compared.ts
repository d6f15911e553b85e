// A handmade comparison in the shape that the lab answers with: the second column recovers later.

import type { ComparedRuns, CompareRequest } from '../../src/contract/compared-runs.ts'
import type { RunResult } from '../../src/contract.ts'
import { compare, compareSeeds } from '../../src/lab/compare/compare.ts'
import { measuredRun } from '../../src/lab/compare/measures.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'
import { MINIMAL } from '../scenario/minimal.ts'
import { fixtureResult } from './fixture-result.ts'

/** What the lab would answer, were all runs like the fixture but for the recovery time. */
export function fixtureCompared({ designs, seeds, seed, runs = 1 }: CompareRequest): ComparedRuns {
  const scenario = scenarioOf(MINIMAL, 'minimal.yaml')
  if (seeds !== undefined) {
    const results = seeds.map((each, i) => later(i, each, designs[0]?.scenario))
    return {
      comparison: compareSeeds(scenario, results.map(measuredRun)),
      shown: results,
    }
  }
  const columns = designs.map((design, i) =>
    Array.from({ length: runs }, (_, run) =>
      later(i, String(Number(seed ?? 1) + run), design.scenario),
    ),
  )
  return {
    comparison: compare(
      columns.map((results, i) => ({
        name: designs[i]?.scenario ?? `scenario ${i + 1}`,
        scenario: i === 0 ? scenario : { ...scenario, version: '4.0' },
        runs: results.map(measuredRun),
      })),
    ),
    shown: columns.flatMap(([first]) => first ?? []),
  }
}

/** The fixture's run in column `i`: one more second to recover for each. */
function later(i: number, seed: string, name = 'mine'): RunResult {
  const base = fixtureResult()
  const produce = base.rto.produce
  const ms = (produce.ms ?? 0) + i * 1_000
  const backAtMs = (produce.backAtMs ?? 0) + i * 1_000
  const objectives = base.objectives.map((objective) =>
    objective.id === 'rto.produce'
      ? ({ ...objective, measured: ms, verdict: ms <= objective.limit ? 'met' : 'missed' } as const)
      : objective,
  )
  return fixtureResult({
    ...{ seed, scenario: name, objectives },
    verdict: objectives.every(({ verdict }) => verdict === 'met') ? 'met' : 'missed',
    rto: { ...base.rto, produce: { ...produce, ms, backAtMs } },
  })
}
