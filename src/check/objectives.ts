// Claim: what the scenario promised was kept, was broken, or cannot be told.
//
// met      measured and on the right side of the limit.
// missed   measured and on the wrong side; or not over at the end, and already beyond the limit.
// unknown  the run ended before it was decided, or there was nothing to measure.
// Limits and measures are milliseconds, records, bytes, US dollars or a ratio from 0 to 1.

import type { LatencySummary } from './figures.ts'
import type { Judgement, Objective, ObjectiveResult, Unit } from './judgement.ts'
import { linkLag, linkLatencyMeasure, linkRpo, linkRto } from './links/measure.ts'
import type { Measure } from './measure.ts'

type Unmeasured =
  | 'verdict'
  | 'objectives'
  | 'groups'
  | 'regionLags'
  | 'repeatedRanges'
  | 'conflicts'
type Measures = Omit<Judgement, Unmeasured>

/** Judges one objective after the other, in the order given. */
export function judgeObjectives(
  objectives: readonly Objective[],
  measures: Measures,
  lastedMs: { readonly sinceFault: number },
): ObjectiveResult[] {
  return objectives.map((objective) => {
    const measure = measureOf(objective.id, measures, lastedMs.sinceFault)
    return {
      ...objective,
      measured: measure.value,
      unit: measure.unit,
      verdict: verdictOf(objective, measure),
      evidence: measure.evidence,
    }
  })
}

function verdictOf(objective: Objective, measure: Measure): ObjectiveResult['verdict'] {
  if (measure.value === null) {
    const isBeyond = objective.comparison === 'at-most' && (measure.reached ?? 0) > objective.limit
    return isBeyond ? 'missed' : 'unknown'
  }
  const isKept =
    objective.comparison === 'at-most'
      ? measure.value <= objective.limit
      : measure.value >= objective.limit
  return isKept ? 'met' : 'missed'
}

/** The figure behind an objective's name; `sinceFaultMs` from the first fault to the load's end. */
export function measureOf(id: string, m: Measures, sinceFaultMs: number): Measure {
  const [family] = id.split('.')
  if (id.startsWith('rpo.link.')) return linkRpo(id, m.links)
  if (id === 'rto.link') return linkRto(m.links, sinceFaultMs)
  if (id.startsWith('replication.lag.')) return linkLag(id, m.links)
  if (family === 'replication') return linkLatencyMeasure(id, m.links)
  if (family === 'rpo') return rpoMeasure(id, m)
  if (family === 'rto') return rtoMeasure(id, m, sinceFaultMs)
  if (family === 'produce') return latencyMeasure(id, m.latency.produce.all)
  if (family === 'end-to-end') return latencyMeasure(id, m.latency.endToEnd.all)
  return id === 'cost.egress' ? priceMeasure(m) : countMeasure(id, m)
}

function priceMeasure({ egress: { zones, regions, usd } }: Measures): Measure {
  const gb = (part: { readonly gb: number | null }) => grouped(Math.round(part.gb ?? 0))
  const evidence =
    usd === null
      ? 'no list price for some of the traffic'
      : `${gb(regions)} GB between regions and ${gb(zones)} GB between zones a month`
  return { unit: 'usd', value: usd, evidence }
}

function rpoMeasure(id: string, m: Measures): Measure {
  const { rpo } = m
  const undecided = rpo.undecided.length > 0
  const evidence = undecided
    ? `no leader at the end: ${rpo.undecided.join(', ')}`
    : `${grouped(rpo.records)} of ${grouped(rpo.acked)} acknowledged records are gone`
  const of = (unit: Unit, value: number): Measure => ({
    unit,
    value: undecided ? null : value,
    reached: value,
    evidence,
  })
  if (id === 'rpo.bytes') return of('bytes', rpo.bytes)
  if (id === 'rpo.seconds') return of('ms', rpo.windowMs)
  if (id === 'rpo.age') return of('ms', rpo.ageMs)
  return of('records', rpo.records)
}

function rtoMeasure(id: string, m: Measures, sinceFaultMs: number): Measure {
  const time = (value: number | null, evidence: string): Measure =>
    value === null
      ? { unit: 'ms', value, reached: sinceFaultMs, evidence: `${evidence}: not by the run's end` }
      : { unit: 'ms', value, evidence }
  if (id === 'rto.control') return time(m.planes.controlMs, 'an active controller again')
  if (id === 'rto.steady') return time(m.rto.produce.steadyMs, 'load and latency as before')
  const rto = id === 'rto.consume' ? m.rto.consume : m.rto.produce
  const first = id === 'rto.consume' ? 'first new record' : 'first acknowledgement'
  if (rto.worst === null) return time(rto.ms, 'no outage after a fault')
  return time(rto.ms, `${first} on ${rto.worst}, the last to come back`)
}

function latencyMeasure(id: string, latency: LatencySummary): Measure {
  const evidence = `over ${grouped(latency.records)} records`
  if (id.endsWith('.p50')) return { unit: 'ms', value: latency.p50Ms, evidence }
  if (id.endsWith('.p95')) return { unit: 'ms', value: latency.p95Ms, evidence }
  return { unit: 'ms', value: latency.p99Ms, evidence }
}

function residencyMeasure({ residency: { rules, records, breaches } }: Measures): Measure {
  if (rules === 0) return { unit: 'records', value: null, evidence: 'no topic names its regions' }
  const [first] = breaches
  const evidence =
    first === undefined
      ? `of ${rules} topics nothing was kept or read elsewhere`
      : `${first.topic} in ${first.region}: ${first.place}, and ${breaches.length - 1} more places`
  return { unit: 'records', value: records, evidence }
}

function countMeasure(id: string, m: Measures): Measure {
  const records = (value: number, evidence: string): Measure => ({
    unit: 'records',
    value,
    evidence,
  })
  const { fates, consumerView: view } = m
  const { produceRatio, unavailableMs } = m.availability
  switch (id) {
    case 'duplicates':
      return records(fates.duplicated, 'record ids at more than one offset')
    case 'reordered':
      return records(fates.reordered, 'records behind a later one of their producer')
    case 'skipped':
      return records(view.skipped, 'surviving records that a group passed over')
    case 'redelivered':
      return records(view.redelivered, 'deliveries of a record beyond its first to a group')
    case 'phantoms':
      return records(fates.failedButPresent, 'records reported failed that are in the log')
    case 'residency':
      return residencyMeasure(m)
    case 'failed':
      return records(fates.failed + fates.unknown, 'records whose producer got an error in the end')
    case 'availability':
      return {
        unit: 'ratio',
        value: produceRatio,
        evidence: `${grouped(Math.round(unavailableMs))} ms of partition time without writes`,
      }
    default:
      return { unit: 'records', value: null, evidence: `nothing measures '${id}'` }
  }
}

/** '14,919' */
function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',')
}
