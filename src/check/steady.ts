// Claim: from some instant on the load runs as it did before the first fault.
//
// The run is cut into seconds. Steady is the first second after the fault from which on, until the
// load ends and for at least five seconds, every second is
//   quick enough  p99 from send to acknowledgement, and to delivery where there are consumers, at
//                 most 1.5 x what it was over all the time before, or as bad as its worst second;
//   busy enough   acknowledged records at least 95 % of the mean before, or of its worst second;
//   whole         no partition under its min.insync.replicas, but those that another cluster has
//                 taken over for good.
// Batches count whole, in the second of their acknowledgement or delivery.

import { type History, OK } from '../history.ts'
import type { Failover } from './failovers.ts'
import { firstFaultAt } from './first-fault.ts'
import { addLatencies, Histogram, type Histograms } from './histogram.ts'
import { isUnderMinIsr, registrationsOf } from './registrations.ts'

const SECOND = 1_000_000
const SECONDS_MIN = 5
const WORSE_THAN_BEFORE = 1.5
const SHARE_OF_BEFORE = 0.95

/** Latencies by second; a second without any has none. */
type Seconds = Histograms

interface Limits {
  readonly recordsMin: number
  readonly ackMax: number
  readonly deliveryMax: number
}

/** Milliseconds from the first fault to steadiness; 0 without a fault, null if it never came. */
export function steadyMs(history: History, failovers: readonly Failover[] = []): number | null {
  const faultAt = firstFaultAt(history)
  if (faultAt === null) return 0
  const first = Math.ceil(history.startAt / SECOND)
  const fault = Math.floor(faultAt / SECOND)
  const end = Math.floor(history.loadEndAt / SECOND)
  if (fault <= first) return null
  const acks = ackSeconds(history)
  const deliveries = deliverySeconds(history)
  const isWhole = wholeSeconds(history, failovers, end)
  const limits = {
    recordsMin: recordsMin(acks.slice(first, fault), fault - first),
    ackMax: slowestAllowed(acks.slice(first, fault)),
    deliveryMax: slowestAllowed(deliveries.slice(first, fault)),
  }
  const isSteady = (second: number): boolean =>
    isWhole[second] === 1 && isAsBefore(acks[second], deliveries[second], limits)
  let steady = end
  while (steady > fault && isSteady(steady - 1)) steady--
  if (end - steady < SECONDS_MIN) return null
  return Math.max(0, steady * SECOND - faultAt) / 1_000
}

function ackSeconds(history: History): Seconds {
  const seconds: Seconds = []
  const { produced } = history
  const outcomes = produced.column('outcome')
  const counts = produced.column('count')
  const doneAt = produced.column('doneAt')
  const firsts = produced.column('createdFirst')
  const lasts = produced.column('createdLast')
  for (let row = 0; row < produced.length; row++) {
    if (outcomes[row] !== OK) continue
    const done = doneAt[row] ?? 0
    const second = Math.floor(done / SECOND)
    addLatencies(seconds, second, done, firsts[row] ?? 0, lasts[row] ?? 0, counts[row] ?? 0)
  }
  return seconds
}

function deliverySeconds(history: History): Seconds {
  const seconds: Seconds = []
  const { delivered } = history
  const counts = delivered.column('count')
  const ats = delivered.column('at')
  const firsts = delivered.column('createdFirst')
  const lasts = delivered.column('createdLast')
  for (let row = 0; row < delivered.length; row++) {
    const at = ats[row] ?? 0
    const second = Math.floor(at / SECOND)
    addLatencies(seconds, second, at, firsts[row] ?? 0, lasts[row] ?? 0, counts[row] ?? 0)
  }
  return seconds
}

function wholeSeconds(
  history: History,
  failovers: readonly Failover[],
  length: number,
): Uint8Array {
  const isWhole = new Uint8Array(length).fill(1)
  for (const [partition, list] of registrationsOf(history).entries()) {
    const leftAt = leftForGood(failovers, partition)
    for (const stretch of list) {
      const { from, until } = stretch
      const end = Math.min(until, leftAt)
      if (!isUnderMinIsr(history, partition, stretch) || from >= end) continue
      isWhole.fill(0, Math.floor(from / SECOND), Math.ceil(end / SECOND))
    }
  }
  return isWhole
}

/** When another cluster took a partition's place to keep it; endless where none did. */
function leftForGood(failovers: readonly Failover[], partition: number): number {
  const left = failovers.find(({ homes, until }) => homes.has(partition) && !Number.isFinite(until))
  return left?.promotedAt ?? Number.POSITIVE_INFINITY
}

function recordsMin(before: Seconds, length: number): number {
  let sum = 0
  let worst = Number.POSITIVE_INFINITY
  for (let i = 0; i < length; i++) {
    const records = before[i]?.count ?? 0
    sum += records
    worst = Math.min(worst, records)
  }
  return Math.min((SHARE_OF_BEFORE * sum) / length, worst)
}

function slowestAllowed(before: Seconds): number {
  const all = new Histogram()
  let worst = 0
  for (const histogram of before) {
    if (histogram === undefined) continue
    all.addAll(histogram)
    worst = Math.max(worst, histogram.quantile(0.99) ?? 0)
  }
  return Math.max(worst, WORSE_THAN_BEFORE * (all.quantile(0.99) ?? 0))
}

function isAsBefore(
  acks: Histogram | undefined,
  deliveries: Histogram | undefined,
  limits: Limits,
): boolean {
  const isBusy = (acks?.count ?? 0) >= limits.recordsMin
  const isQuick = (acks?.quantile(0.99) ?? 0) <= limits.ackMax
  return isBusy && isQuick && (deliveries?.quantile(0.99) ?? 0) <= limits.deliveryMax
}
