// Claim: how long a record waited, from the application's send to its acknowledgement (produce) or
// to its delivery (end to end), before, during and after the faults.
//
// A record belongs to the phase in which it was sent: before the first fault, until the last one
// healed, after. A batch goes by its first record. Only acknowledged records have a produce
// latency; only the first delivery of an offset to a group has an end-to-end one.

import { type History, OK } from '../history.ts'
import { rowsByTime } from './flows.ts'
import { Histogram } from './histogram.ts'
import type { LatencyPhases, LatencySummary } from './judgement.ts'
import { firstFaultAt } from './ledger.ts'

interface Phases {
  readonly before: Histogram
  readonly during: Histogram
  readonly after: Histogram
}

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
    pick(first).addRange(done - (lasts[row] ?? 0), done - first, counts[row] ?? 0)
  }
  return summarize(phases)
}

export function endToEndLatency(history: History): LatencyPhases {
  const phases = newPhases()
  const pick = phasePicker(history, phases)
  const nextOffsets = new Map<string, number>()
  for (const index of rowsByTime(history.delivered.column('at'))) {
    const row = history.delivered.row(index)
    const key = `${history.consumers[row.consumer]?.group ?? ''} ${row.partition}`
    const end = row.baseOffset + row.count
    if (end <= (nextOffsets.get(key) ?? 0)) continue
    nextOffsets.set(key, end)
    pick(row.createdFirst).addRange(row.at - row.createdLast, row.at - row.createdFirst, row.count)
  }
  return summarize(phases)
}

function newPhases(): Phases {
  return { before: new Histogram(), during: new Histogram(), after: new Histogram() }
}

function phasePicker(history: History, phases: Phases): (sentAt: number) => Histogram {
  const from = firstFaultAt(history) ?? Number.POSITIVE_INFINITY
  const until = history.faults.reduce((last, fault) => Math.max(last, fault.until), 0)
  return (sentAt) => {
    if (sentAt < from) return phases.before
    return sentAt < until ? phases.during : phases.after
  }
}

function summarize(phases: Phases): LatencyPhases {
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
