// Claim: from some instant on the load runs as it did before the first fault.
//
// The run is cut into seconds. Steady is the first second after the fault from which on, until the
// load ends and for at least five seconds, in every second
//   throughput  acknowledged records >= 95 % of the mean before, or the worst second before;
//   latency     the slowest acknowledgement <= 1.5 x the slowest before;
//   in sync     no partition is under its min.insync.replicas.
// Batches count whole, in the second of their acknowledgement.

import { type History, OK } from '../history.ts'
import { firstFaultAt } from './ledger.ts'
import { isUnderMinIsr, registrationsOf } from './registrations.ts'

const SECOND = 1_000_000
const SECONDS_MIN = 5

interface Seconds {
  readonly records: Float64Array
  readonly slowest: Float64Array
  readonly isHealthy: Uint8Array
}

/** Milliseconds from the first fault to steadiness; 0 without a fault, null if it never came. */
export function steadyMs(history: History): number | null {
  const faultAt = firstFaultAt(history)
  if (faultAt === null) return 0
  const seconds = cut(history)
  const first = Math.ceil(history.startAt / SECOND)
  const fault = Math.floor(faultAt / SECOND)
  const end = Math.floor(history.loadEndAt / SECOND)
  const limits = baseline(seconds, first, fault)
  if (limits === null) return null
  let steady = end
  while (steady > fault && isAsBefore(seconds, steady - 1, limits)) steady--
  if (end - steady < SECONDS_MIN) return null
  return Math.max(0, steady * SECOND - faultAt) / 1_000
}

function cut(history: History): Seconds {
  const length = Math.floor(history.endAt / SECOND) + 1
  const records = new Float64Array(length)
  const slowest = new Float64Array(length)
  const { produced } = history
  const outcomes = produced.column('outcome')
  const counts = produced.column('count')
  const doneAt = produced.column('doneAt')
  const createdFirst = produced.column('createdFirst')
  for (let row = 0; row < produced.length; row++) {
    if (outcomes[row] !== OK) continue
    const done = doneAt[row] ?? 0
    const second = Math.floor(done / SECOND)
    records[second] = (records[second] ?? 0) + (counts[row] ?? 0)
    slowest[second] = Math.max(slowest[second] ?? 0, done - (createdFirst[row] ?? 0))
  }
  return { records, slowest, isHealthy: healthy(history, length) }
}

function healthy(history: History, length: number): Uint8Array {
  const isHealthy = new Uint8Array(length).fill(1)
  for (const [partition, list] of registrationsOf(history).entries()) {
    for (const { from, until, isr } of list) {
      if (!isUnderMinIsr(history, partition, isr.length) || from === until) continue
      isHealthy.fill(0, Math.floor(from / SECOND), Math.ceil(until / SECOND))
    }
  }
  return isHealthy
}

function baseline(
  seconds: Seconds,
  first: number,
  fault: number,
): { readonly recordsMin: number; readonly slowestMax: number } | null {
  if (fault <= first) return null
  const records = seconds.records.subarray(first, fault)
  const mean = records.reduce((sum, n) => sum + n, 0) / records.length
  const slowest = seconds.slowest.subarray(first, fault)
  const worst = records.reduce((min, n) => Math.min(min, n), mean)
  return {
    recordsMin: Math.min(0.95 * mean, worst),
    slowestMax: 1.5 * slowest.reduce((max, n) => Math.max(max, n), 0),
  }
}

function isAsBefore(
  seconds: Seconds,
  second: number,
  limits: { readonly recordsMin: number; readonly slowestMax: number },
): boolean {
  const isEnough = (seconds.records[second] ?? 0) >= limits.recordsMin
  const isQuick = (seconds.slowest[second] ?? 0) <= limits.slowestMax
  return isEnough && isQuick && seconds.isHealthy[second] === 1
}
