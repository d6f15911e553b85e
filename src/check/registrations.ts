// A partition's registration over time, as stretches in which nothing about it changed: what the
// metadata log had committed about leader, epoch and in-sync set.

import type { History } from '../history.ts'

export interface Registration {
  readonly from: number
  /** Exclusive; the end of the run for the last one. */
  readonly until: number
  /** -1 for none. */
  readonly leader: number
  readonly leaderEpoch: number
  readonly isr: readonly number[]
}

/** Stretches by partition index, in the order of time. */
export function registrationsOf(history: History): Registration[][] {
  const all: Registration[][] = history.partitions.map(() => [])
  for (const change of history.partitionChanges) {
    const list = all[change.partition]
    if (list === undefined) continue
    const from = Math.max(0, change.at)
    const last = list.pop()
    // Before zero the cluster boots: of that only the outcome counts.
    if (last !== undefined && from > 0) list.push({ ...last, until: from })
    const { leader, leaderEpoch, isr } = change
    list.push({ from, until: history.endAt, leader, leaderEpoch, isr })
  }
  return all
}

/** The stretch that holds at an instant; null before the first. */
export function registrationAt(list: readonly Registration[], at: number): Registration | null {
  return list.findLast((registration) => registration.from <= at) ?? null
}

/** Fewer in sync than the topic asks for; Kafka caps what it asks at the replication factor. */
export function isUnderMinIsr(history: History, partition: number, isrSize: number): boolean {
  const known = history.partitions[partition]
  if (known === undefined) return false
  return isrSize < Math.min(known.minIsr, known.replicas.length)
}
