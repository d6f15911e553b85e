// Claim: how long a record waited, from the application's send to its acknowledgement (produce) or
// to its delivery (end to end), before, during and after the faults.
//
// before   all was over before the first fault: what a quiet day looks like.
// during   sent before the last fault healed, and not over when the first one struck.
// after    sent after the last fault healed.
// A batch goes by its first record. Only acknowledged records have a produce latency; only the
// first delivery of an offset to a group has an end-to-end one.

import { type History, OK } from '../history.ts'
import { type Deliveries, deliveriesOf } from './deliveries.ts'
import type { LatencyPhases, LatencySummary } from './figures.ts'
import { firstFaultAt } from './first-fault.ts'
import { Histogram } from './histogram.ts'

export interface Phases {
  readonly before: Histogram
  readonly during: Histogram
  readonly after: Histogram
}

/**
 * Milliseconds from the application's send() to the answer; failed and unanswered records are left
 * out.
 */
export function produceLatency(history: History): LatencyPhases {
  const phases = newPhases()
  const pick = phasePicker(history, phases)
  const { produced } = history
  const outcomes = produced.column('outcome')
  const doneAt = produced.column('doneAt')
  const firsts = produced.column('createdFirst')
  const lasts = produced.column('createdLast')
  const counts = produced.column('count')
  for (let row = 0; row < produced.length; row++) {
    if (outcomes[row] !== OK) continue
    const done = doneAt[row] ?? 0
    const first = firsts[row] ?? 0
    pick(first, done).addRange(done - (lasts[row] ?? 0), done - first, counts[row] ?? 0)
  }
  return summarize(phases)
}

/**
 * Milliseconds from send() to the first delivery at each reader: a batch whose end a reader had
 * passed before is a repeat and left out. Whoever has dealt deliveries hands them over.
 */
export function endToEndLatency(
  history: History,
  { readers, rows, readerOf }: Deliveries = deliveriesOf(history),
): LatencyPhases {
  const phases = newPhases()
  const pick = phasePicker(history, phases)
  const { delivered } = history
  const nextOffsets = readers.map(() => 0)
  const ats = delivered.column('at')
  const offsets = delivered.column('baseOffset')
  const counts = delivered.column('count')
  const firsts = delivered.column('createdFirst')
  const lasts = delivered.column('createdLast')
  for (const row of rows) {
    const reader = readerOf[row] ?? 0
    const count = counts[row] ?? 0
    const end = (offsets[row] ?? 0) + count
    if (end <= (nextOffsets[reader] ?? 0)) continue
    nextOffsets[reader] = end
    const at = ats[row] ?? 0
    const first = firsts[row] ?? 0
    pick(first, at).addRange(at - (lasts[row] ?? 0), at - first, count)
  }
  return summarize(phases)
}

/** Empty histograms of the three phases. */
export function newPhases(): Phases {
  return { before: new Histogram(), during: new Histogram(), after: new Histogram() }
}

/** Picks the phase of what was sent and what was over at two instants. */
export function phasePicker(
  history: History,
  phases: Phases,
): (sentAt: number, doneAt: number) => Histogram {
  const from = firstFaultAt(history) ?? Number.POSITIVE_INFINITY
  const until = history.faults.reduce((last, fault) => Math.max(last, fault.until), 0)
  return (sentAt, doneAt) => {
    if (doneAt < from) return phases.before
    return sentAt < until ? phases.during : phases.after
  }
}

/** Quantiles of micros as milliseconds; a phase into which nothing fell has null quantiles. */
export function summarize(phases: Phases): LatencyPhases {
  const all = new Histogram()
  for (const phase of [phases.before, phases.during, phases.after]) all.addAll(phase)
  return {
    all: summary(all),
    before: summary(phases.before),
    during: summary(phases.during),
    after: summary(phases.after),
    buckets: all.buckets().map(([micros, count]) => [micros / 1_000, count] as const),
  }
}

function summary(histogram: Histogram): LatencySummary {
  const ms = (micros: number | null): number | null => (micros === null ? null : micros / 1_000)
  return {
    records: histogram.count,
    p50Ms: ms(histogram.quantile(0.5)),
    p95Ms: ms(histogram.quantile(0.95)),
    p99Ms: ms(histogram.quantile(0.99)),
    maxMs: histogram.count === 0 ? null : histogram.max / 1_000,
  }
}
