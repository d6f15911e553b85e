import type { ObjectiveResult, Unit } from '../contract.ts'

/** '214,881'; the locale is not an input. */
export function count(n: number): string {
  const [whole = '', fraction] = String(n).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

/** '31 ms', '1.8 ms', '14.704 s', '2 m 05 s'; '–' where undecided. */
export function duration(ms: number | null): string {
  if (ms === null) return '–'
  if (ms < 10) return `${fixed(ms, ms < 1 && ms > 0 ? 2 : ms === Math.floor(ms) ? 0 : 1)} ms`
  if (ms < 1_000) return `${fixed(ms, 0)} ms`
  if (ms < 120_000) return `${fixed(ms / 1_000, 3)} s`
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`
}

/** '14.200', seconds of the run with three digits. */
export function clock(ms: number): string {
  return fixed(Math.floor(ms) / 1_000, 3)
}

/** '21.4 MB' in powers of ten, as links are sold. */
export function size(bytes: number): string {
  if (bytes < 1_000) return `${count(bytes)} B`
  if (bytes < 1_000_000) return `${fixed(bytes / 1_000, 1)} kB`
  if (bytes < 1_000_000_000) return `${fixed(bytes / 1_000_000, 1)} MB`
  return `${fixed(bytes / 1_000_000_000, 2)} GB`
}

/** '99.95 %'. */
export function percent(ratio: number): string {
  // Cut, not rounded: 99.9999 % of the time is not all of it. The summand undoes binary fractions.
  const thousandths = Math.floor(ratio * 100_000 + 0.000_001)
  return `${fixed(thousandths / 1_000, 3).replace(/\.?0+$/, '')} %`
}

/** '$1,940', '$0.83'. */
export function dollars(usd: number): string {
  return usd < 100 ? `$${fixed(usd, 2)}` : `$${count(Math.round(usd))}`
}

/** A measure in its unit. */
export function quantity(value: number | null, unit: Unit): string {
  if (value === null) return '–'
  if (unit === 'ms') return duration(value)
  if (unit === 'bytes') return size(value)
  if (unit === 'usd') return dollars(value)
  return unit === 'ratio' ? percent(value) : count(value)
}

/** '≤ 15 s': a limit as people wrote it, without the digits of a measure. */
export function promise(objective: Pick<ObjectiveResult, 'comparison' | 'limit' | 'unit'>): string {
  const sign = objective.comparison === 'at-most' ? '≤' : '≥'
  const limit = quantity(objective.limit, objective.unit).replace(/(\.\d*?)0+ s$/, '$1 s')
  return `${sign} ${limit.replace('. s', ' s')}`
}

function fixed(n: number, digits: number): string {
  return n.toFixed(digits)
}
