// The figures of links that a scenario may promise. What is promised of links holds for each of
// them, so the worst one decides. Where some target was promoted its promotions are what counts;
// where none was, how far the targets were behind when the first fault struck, or without a fault
// when the load ended.

import type { LatencySummary } from '../figures.ts'
import type { Measure } from '../measure.ts'
import type { LinkJudgement, LinkPoint } from './judgement.ts'

/** An instant at which a target was, or would have been, all that is left. */
interface Moment {
  readonly link: string
  readonly when: string
  readonly point: LinkPoint
}

/** The recovery point of links: 'rpo.link.records' and the like. */
export function linkRpo(id: string, links: readonly LinkJudgement[]): Measure {
  const of = (point: LinkPoint) => figureOf(id, point)
  const moments = momentsOf(links)
  const worst = moments.reduce<Moment | null>(
    (most, one) => (most === null || of(one.point) > of(most.point) ? one : most),
    null,
  )
  const unit = id === 'rpo.link.records' ? 'records' : id === 'rpo.link.bytes' ? 'bytes' : 'ms'
  if (worst === null) return { unit, value: null, evidence: 'no link between clusters' }
  const { link, when, point } = worst
  const evidence = `${link} ${when}: ${point.records} of ${point.acked} records were not there`
  return { unit, value: of(point), evidence }
}

function figureOf(id: string, point: LinkPoint): number {
  if (id === 'rpo.link.bytes') return point.bytes
  if (id === 'rpo.link.seconds') return point.windowMs
  return id === 'rpo.link.age' ? point.ageMs : point.records
}

function momentsOf(links: readonly LinkJudgement[]): Moment[] {
  const promoted = links.flatMap(({ link, failovers }) =>
    failovers.map(({ missing }) => ({ link, when: 'at its promotion', point: missing })),
  )
  if (promoted.length > 0) return promoted
  return links.map(({ link, atFault, atLoadEnd }) =>
    atFault === null
      ? { link, when: 'when the load ended', point: atLoadEnd }
      : { link, when: 'when the first fault struck', point: atFault },
  )
}

/** From the fault to the first acknowledgement at a promoted target. */
export function linkRto(links: readonly LinkJudgement[], sinceFaultMs: number): Measure {
  const failovers = links.flatMap(({ failovers }) => failovers)
  const unplanned = failovers.filter(({ faultAtMs }) => faultAtMs !== null)
  if (links.length > 0 && failovers.length === 0 && sinceFaultMs === 0) {
    return { unit: 'ms', value: 0, evidence: 'nothing failed, and no target was promoted' }
  }
  if (links.length === 0 || failovers.length === 0) {
    return { unit: 'ms', value: null, reached: sinceFaultMs, evidence: 'no target was promoted' }
  }
  const times = unplanned.map(({ detectMs, decideMs, executeMs, clientMs }) =>
    clientMs === null ? null : (detectMs ?? 0) + (decideMs ?? 0) + (executeMs ?? 0) + clientMs,
  )
  const evidence = 'first acknowledgement at the promoted target'
  if (times.includes(null)) {
    return { unit: 'ms', value: null, reached: sinceFaultMs, evidence: `${evidence}: none` }
  }
  return { unit: 'ms', value: Math.max(0, ...times.map((ms) => ms ?? 0)), evidence }
}

/** How long records took to the target's log, of the slowest link; 'replication.p99' and others. */
export function linkLatencyMeasure(id: string, links: readonly LinkJudgement[]): Measure {
  const of = ({ p50Ms, p95Ms, p99Ms }: LatencySummary) =>
    id.endsWith('.p50') ? p50Ms : id.endsWith('.p95') ? p95Ms : p99Ms
  const all = links.map(({ link, latency }) => ({ link, latency: latency.record.all }))
  const arrived = all.filter(({ latency }) => latency.records > 0)
  const slowest = arrived.reduce<(typeof arrived)[number] | null>(
    (most, one) => (most === null || (of(one.latency) ?? 0) > (of(most.latency) ?? 0) ? one : most),
    null,
  )
  if (slowest === null) return { unit: 'ms', value: null, evidence: 'nothing was replicated' }
  const evidence = `${slowest.link}, over ${slowest.latency.records} records`
  return { unit: 'ms', value: of(slowest.latency), evidence }
}

/** The longest that an acknowledged record had not arrived. */
export function linkLag(id: string, links: readonly LinkJudgement[]): Measure {
  const inRecords = id === 'replication.lag.records'
  const unit = inRecords ? 'records' : 'ms'
  if (links.length === 0) return { unit, value: null, evidence: 'no link between clusters' }
  const lags = links.map(({ lag }) => (inRecords ? lag.recordsMax : lag.msMax))
  return { unit, value: Math.max(...lags), evidence: 'acknowledged and not at the target, at most' }
}
