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
  /** As the topic had it then; Kafka caps it at the replication factor. */
  readonly minIsr: number
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
    const minIsr = history.partitions[change.partition]?.minIsr ?? 1
    list.push({ from, until: history.endAt, leader, leaderEpoch, isr, minIsr })
  }
  for (const { partition, minIsr, at } of history.minIsrChanges) {
    all[partition] = alteredAt(all[partition] ?? [], Math.max(0, at), minIsr)
  }
  return all
}

/** The same stretches with another minimum from an instant on. */
function alteredAt(list: readonly Registration[], at: number, minIsr: number): Registration[] {
  return list.flatMap((one) => {
    if (one.until <= at) return [one]
    if (one.from >= at) return [{ ...one, minIsr }]
    return [
      { ...one, until: at },
      { ...one, from: at, minIsr },
    ]
  })
}

/** What a topic's min.insync.replicas had come to at an instant. */
export function minIsrAt(history: History, partition: number, at: number): number {
  const altered = history.minIsrChanges.findLast((c) => c.partition === partition && c.at <= at)
  return altered?.minIsr ?? history.partitions[partition]?.minIsr ?? 1
}

/** The stretch that holds at an instant; null before the first. */
export function registrationAt(list: readonly Registration[], at: number): Registration | null {
  return list.findLast((registration) => registration.from <= at) ?? null
}

/** Fewer in sync than the topic asks for; Kafka caps what it asks at the replication factor. */
export function isUnderMinIsr(
  history: History,
  partition: number,
  { isr, minIsr }: Registration,
): boolean {
  const known = history.partitions[partition]
  if (known === undefined) return false
  return isr.length < Math.min(minIsr, known.replicas.length)
}
