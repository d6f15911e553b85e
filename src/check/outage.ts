// The rule that tells an outage from a pause, for anything that happens again and again: the
// acknowledgements of a partition or a client, the new records that a group is handed.
//
// gap      time between two instants next to each other at which something got through.
// usual    the 99th percentile (nearest rank) of the gaps before the first fault.
// outage   a gap longer than max(500 ms, 5 x usual) in which somebody waited that long: what ended
//          it, what came later from one who got through until the gap began, or a send that failed
//          inside it. Without demand no outage; and one who waits since long before, while others
//          get through, makes none either: that is the client's trouble.
// open     an outage that nothing ended before the load did.
// Each outage belongs to one fault: the one that struck within the outage's first such span, else
// the last one before it, else the first one inside it. What was in flight when a fault struck
// arrives before the gap begins, so it ends nothing.

import type { Fault } from '../history/facts.ts'

const OUTAGE_MICROS_MIN = 500_000
const USUAL_FACTOR = 5

/** Everything of one kind that got through, in the order of time. */
export interface Flow {
  readonly at: number[]
  /** When what got through at `at[i]` had been sent. */
  readonly sentAt: number[]
  /** The stream that it is of; nothing for a group, which is one reader. */
  readonly by: number[]
  /** When something ended without getting through. */
  readonly failedAt: number[]
}

export interface Outage {
  /** Last instant at which something got through. */
  readonly from: number
  /** First one after it; for an open outage the end of the load. */
  readonly until: number
  readonly open: boolean
  readonly fault: Fault | null
}

export interface Period {
  readonly startAt: number
  readonly endAt: number
  readonly faults: readonly Fault[]
}

/** A flow in which nothing got through yet; whoever reads the history fills its columns. */
export function newFlow(): Flow {
  return { at: [], sentAt: [], by: [], failedAt: [] }
}

/** All outages of a flow, in the order of time. */
export function outagesOf(flow: Flow, period: Period): Outage[] {
  const threshold = thresholdOf(flow, period)
  const outages: Outage[] = []
  let last = period.startAt
  for (let i = 0; i < flow.at.length; i++) {
    const at = flow.at[i] ?? 0
    if (at - last > threshold) {
      if (waitedThrough(flow, last, i, threshold) || failedWithin(flow, last, at)) {
        outages.push({ from: last, until: at, open: false, fault: null })
      }
    }
    last = Math.max(last, at)
  }
  if (period.endAt - last > threshold && failedWithin(flow, last, Number.POSITIVE_INFINITY)) {
    outages.push({ from: last, until: period.endAt, open: true, fault: null })
  }
  return outages.map((outage) => ({ ...outage, fault: faultOf(outage, period, threshold) }))
}

/** The first outage of each fault: what a recovery time is measured on. */
export function firstOutages(outages: readonly Outage[]): Outage[] {
  const faults = new Set<number>()
  return outages.filter((outage) => {
    if (outage.fault === null || faults.has(outage.fault.id)) return false
    faults.add(outage.fault.id)
    return true
  })
}

function thresholdOf(flow: Flow, period: Period): number {
  const faultAt = Math.min(...period.faults.map((fault) => fault.from), period.endAt)
  const found: number[] = []
  let last: number | null = null
  for (const at of flow.at) {
    if (at > faultAt) break
    if (last !== null && at > last) found.push(at - last)
    last = at
  }
  // Typed, because that sorts by number, and much faster.
  const gaps = Float64Array.from(found).sort()
  const rank = Math.max(0, Math.ceil(gaps.length * 0.99) - 1)
  return Math.max(OUTAGE_MICROS_MIN, USUAL_FACTOR * (gaps[rank] ?? 0))
}

/** True where what ended the gap before `i` waited so long in it, or one served until then. */
function waitedThrough(flow: Flow, from: number, i: number, threshold: number): boolean {
  const { at, sentAt, by } = flow
  const until = at[i] ?? 0
  if (until - (sentAt[i] ?? until) > threshold) return true
  const served = new Set<number>()
  for (let j = i - 1; j >= 0 && (at[j] ?? 0) > from - threshold; j--) served.add(by[j] ?? 0)
  for (let j = i; j < at.length && served.size > 0; j++) {
    if (!served.delete(by[j] ?? 0)) continue
    if (until - Math.max(from, sentAt[j] ?? until) > threshold) return true
  }
  return false
}

function failedWithin(flow: Flow, from: number, until: number): boolean {
  return flow.failedAt.some((at) => at > from && at <= until)
}

function faultOf(outage: Outage, period: Period, threshold: number): Fault | null {
  let before: Fault | null = null
  let within: Fault | null = null
  for (const fault of period.faults) {
    if (fault.from <= outage.from && (before === null || fault.from > before.from)) before = fault
    const inside = fault.from > outage.from && fault.from < outage.until
    if (inside && (within === null || fault.from < within.from)) within = fault
  }
  if (within !== null && within.from <= outage.from + threshold) return within
  return before ?? within
}
