// Numbers as people read them. A null says that the run ended before it was decided.

import type { ObjectiveResult, Unit, Verdict } from '../src/contract.ts'

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

/** 214881 → '214,881'. */
export function count(value: number): string {
  const [whole = '', part] = String(value).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return part === undefined ? grouped : `${grouped}.${part}`
}

/** 63800000 → '63.8 MB'. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let unit = 0
  let rest = value
  while (rest >= 1_000 && unit < units.length - 1) {
    rest /= 1_000
    unit++
  }
  return `${trim(rest, unit === 0 ? 0 : 1)} ${units[unit]}`
}

/** A measured or promised value in its unit; 'not decided' for null. */
export function measure(value: number | null, unit: Unit): string {
  if (value === null) return 'not decided'
  if (unit === 'ms') return duration(value)
  if (unit === 'bytes') return bytes(value)
  return unit === 'ratio' ? `${trim(value * 100, 3)} %` : count(value)
}

/** 'rto.produce ≤ 15 s'; a limit of nothing reads '= 0'. */
export function promise(objective: ObjectiveResult): string {
  const limit = measure(objective.limit, objective.unit)
  if (objective.comparison === 'at-least') return `${objective.id} ≥ ${limit}`
  return objective.limit === 0 ? `${objective.id} = 0` : `${objective.id} ≤ ${limit}`
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
