// Links between clusters: who copies whom and how far behind, at a moment and over the whole run.

import type { LinkFailover, LinkJudgement, LinkPoint, RunResult } from '../src/contract.ts'
import { el } from './dom.ts'
import { count, duration, moment, size } from './format.ts'

/** Below the map: each link with what its target does not have at this moment. */
export function copyLines(result: RunResult, ms: number): HTMLElement[] {
  if (result.links.length === 0) return []
  const items = result.links.map((link) => {
    const behind = behindAt(result, link.link, ms)
    return el(
      'li',
      {},
      el('b', {}, `${link.from} → ${link.to}`),
      ` ${link.system} `,
      behind === null ? '' : el('span', { class: behind > 0 ? 'late' : 'even' }, words(behind)),
    )
  })
  return [el('ul', { class: 'copies', 'aria-label': 'Links between clusters' }, ...items)]
}

function words(records: number): string {
  return records === 0 ? 'up to date' : `${count(records)} records behind`
}

function behindAt(result: RunResult, link: string, ms: number): number | null {
  const { startMs, stepMs, series } = result.series
  const lag = series.find(({ id }) => id === `link.${link}.lag`)
  return lag?.values[Math.max(0, Math.floor((ms - startMs) / stepMs))] ?? null
}

/** A verdict card's rows for a link: how late it is, what was missing, and what became of that. */
export function linkFigures(link: LinkJudgement): (readonly [name: string, value: string])[] {
  const { p50Ms, p99Ms } = link.latency.record.all
  return [
    ['records copied', count(link.copied.records)],
    ...(link.copied.again > 0 ? [['of them again', count(link.copied.again)] as const] : []),
    ['send to target p50 / p99', `${time(p50Ms)} / ${time(p99Ms)}`],
    ...(link.atFault === null ? [] : pointFigures('missing at the fault', link.atFault)),
    ...link.failovers.flatMap(failoverFigures),
  ]
}

function pointFigures(name: string, point: LinkPoint): [string, string][] {
  const extent = point.records === 0 ? '' : `, ${size(point.bytes)}, ${duration(point.windowMs)}`
  return [[name, `${count(point.records)}${extent}`]]
}

function failoverFigures(failover: LinkFailover): [string, string][] {
  const { missing, late, stranded, gone } = failover
  const fates: [string, string][] = [
    ['came late', count(late)],
    ['only with the old primary', count(stranded)],
    ['gone', count(gone)],
  ]
  return [
    ...pointFigures(`missing at ${moment(failover.promotedAtMs)} s`, missing),
    ...(missing.records === 0 ? [] : fates),
    ...(failover.clientMs === null
      ? []
      : [['promotion to client', duration(failover.clientMs)] as [string, string]]),
  ]
}

function time(ms: number | null): string {
  return ms === null ? '–' : duration(ms)
}
