// Numbers as the page shows them: shorter than in a report, where there is less room.

import type { ObjectiveResult, Unit, Verdict } from '../src/contract.ts'
import { count, promise as limitOf, percent, size } from '../src/report/quantity.ts'

export { count, size }

/** 14704 → '14.7 s', 31 → '31 ms'. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${trim(ms, ms < 10 ? 1 : 0)} ms`
  if (ms < 120_000) return `${trim(ms / 1_000, 1)} s`
  const minutes = Math.floor(ms / 60_000)
  return `${minutes} min ${Math.round((ms - minutes * 60_000) / 1_000)} s`
}

/** A moment of the run, always in seconds with milliseconds: '28.904'. */
export function moment(ms: number): string {
  return (ms / 1_000).toFixed(3)
}

/** A measured value in its unit; 'not decided' for null. */
export function measure(value: number | null, unit: Unit): string {
  if (value === null) return 'not decided'
  if (unit === 'ms') return duration(value)
  if (unit === 'bytes') return size(value)
  if (unit === 'usd') return `$${value.toFixed(2)}`
  return unit === 'ratio' ? percent(value) : count(value)
}

/** 'rto.produce ≤ 15 s'; a limit of nothing reads '= 0'. */
export function promise(objective: ObjectiveResult): string {
  const nothing = objective.limit === 0 && objective.comparison === 'at-most'
  return `${objective.id} ${nothing ? '= 0' : limitOf(objective)}`
}

/** A verdict as a sign and a word, so that colour is not alone. */
export const VERDICT: Readonly<Record<Verdict, string>> = {
  met: '✓ met',
  missed: '✗ missed',
  unknown: '? unknown',
}

function trim(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)))
}
