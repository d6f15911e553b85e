// Handmade runs for comparisons: what a test is about is changed, the rest is the same for all.

import type { RunResult } from '../../../src/contract.ts'
import { compare, type Design } from '../../../src/lab/compare/compare.ts'
import { type MeasuredRun, measuredRun } from '../../../src/lab/compare/measures.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { MINIMAL } from '../../scenario/minimal.ts'
import { fixtureResult } from '../../support/fixture-result.ts'

/** What one run came to; what is left out is as in the fixture. */
export interface Came {
  readonly produceMs?: number | null
  readonly lost?: number
  readonly usd?: number | null
  readonly objectives?: RunResult['objectives']
  readonly clients?: RunResult['topology']['clients']
  readonly loadEndMs?: number
}

const CLIENTS = [
  { name: 'shop', kind: 'producer', region: 'east', text: '' },
  { name: 'billing', kind: 'consumer', region: 'east', text: '' },
] as const

export function runOf(seed: number, came: Came): MeasuredRun {
  const { rto, rpo, egress, topology, clock, objectives } = fixtureResult()
  const ms = came.produceMs === undefined ? rto.produce.ms : came.produceMs
  return measuredRun(
    fixtureResult({
      seed: String(seed),
      rto: { ...rto, produce: { ...rto.produce, ms } },
      rpo: { ...rpo, records: came.lost ?? 0 },
      egress: { ...egress, usd: came.usd === undefined ? 100 : came.usd },
      topology: { ...topology, clients: came.clients ?? CLIENTS },
      clock: { ...clock, loadEndMs: came.loadEndMs ?? clock.loadEndMs },
      objectives: came.objectives ?? objectives,
    }),
  )
}

/** A promise as a result holds it. */
export function promised(id: string, limit: number, verdict: 'met' | 'missed' | 'unknown') {
  const unit = id.startsWith('rpo') ? ('records' as const) : ('ms' as const)
  return { id, comparison: 'at-most' as const, limit, measured: 0, unit, verdict, evidence: '' }
}

/** A design whose runs come to this, seed by seed. */
export function designOf(name: string, runs: readonly Came[]): Design {
  const scenario = scenarioOf(MINIMAL, 'minimal.yaml')
  return { name, scenario, runs: runs.map((came, i) => runOf(i + 1, came)) }
}

/** The comparison of designs, each given by what its runs came to. */
export function comparisonOf(designs: Readonly<Record<string, readonly Came[]>>) {
  return compare(Object.entries(designs).map(([name, runs]) => designOf(name, runs)))
}

/** The same, over and over. */
export function times(count: number, came: (i: number) => Came): Came[] {
  return Array.from({ length: count }, (_, i) => came(i))
}
