// Lines: what a producer writes to one numbered partition of a topic, wherever that stands. A
// client that moves to another cluster goes on with its line, so its outage ends with the first
// acknowledgement there; another producer's writes to the same partition end nothing.

import type { History } from '../history.ts'

/** By stream: the partition on which its line began, inside one cluster the stream's own. */
export function lineHomes(history: History): readonly number[] {
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
  return streams.map(({ id }) => streams[first.get(keys[id] ?? '') ?? id]?.partition ?? -1)
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
