// Lines: what a producer writes to one numbered partition of a topic, wherever that stands. A
// client that moves to another cluster goes on with its line, so its outage ends with the first
// acknowledgement there; another producer's writes to the same partition end nothing. Whoever
// begins after the fault to write to a partition that was promoted takes up the line of the
// partition whose place it took.

import type { History } from '../history.ts'
import { type Failover, isNamedAfter } from './failovers.ts'

/** By stream: the partition on which its line began, inside one cluster the stream's own. */
export function lineHomes(history: History, failovers: readonly Failover[]): readonly number[] {
  const { streams, partitions } = history
  if (history.clusters.length < 2) return streams.map(({ partition }) => partition)
  const since = firstSent(history)
  const first = new Map<string, number>()
  const keys = streams.map(({ producer, partition }) => {
    const { topic = '', number = 0 } = partitions[partition] ?? {}
    return `${producer}\n${topic}\n${number}`
  })
  for (const { id } of streams) {
    const key = keys[id] ?? ''
    const known = first.get(key)
    if (known === undefined || (since[id] ?? 0) < (since[known] ?? 0)) first.set(key, id)
  }
  return streams.map(({ id }) => {
    const began = streams[first.get(keys[id] ?? '') ?? id] ?? { id, partition: -1 }
    return succeededBy(history, failovers, began.partition, since[began.id] ?? 0)
  })
}

/** The partition whose place was taken, for a line that began where another cluster took over. */
function succeededBy(
  { partitions }: History,
  failovers: readonly Failover[],
  index: number,
  since: number,
): number {
  const target = partitions[index]
  const failover = failovers.find(
    ({ promoted, faultAt, promotedAt }) =>
      promoted.includes(index) && since >= (faultAt ?? promotedAt),
  )
  if (failover === undefined || target === undefined) return index
  const homes = [...failover.homes].flatMap((home) => partitions[home] ?? [])
  return homes.find((home) => isNamedAfter(target, home))?.index ?? index
}

/** By stream: when its first record was handed over; endless where none was. */
function firstSent({ produced, streams }: History): Float64Array {
  const since = new Float64Array(streams.length).fill(Number.POSITIVE_INFINITY)
  const stream = produced.column('stream')
  const created = produced.column('createdFirst')
  for (let row = 0; row < produced.length; row++) {
    const id = stream[row] ?? 0
    since[id] = Math.min(since[id] ?? 0, created[row] ?? 0)
  }
  return since
}
