// Where a group stands that has committed a place in a partition and was handed nothing of it: at
// the record that follows there. A group that has read keeps its place by what it was handed.

import { type History, RECORDS_PER_STREAM } from '../history.ts'
import { groupNames } from './group-names.ts'
import { countedLogs } from './ledger.ts'

/** Of a group: clusters in which it only has a place, and since when. */
export interface CommittedStarts {
  readonly clusters: ReadonlyMap<string, number>
  /** By stream, the first id that is due to it. */
  readonly first: ReadonlyMap<number, number>
}

interface Starts {
  readonly clusters: Map<string, number>
  readonly first: Map<number, number>
}

/** By group; none where there is one cluster, in which offsets say it. */
export function committedStarts(
  history: History,
  readers: readonly { readonly group: string; readonly partition: number }[],
): ReadonlyMap<string, CommittedStarts> {
  const starts = new Map<string, Starts>()
  const { commits, consumers, partitions } = history
  if (history.clusters.length < 2) return starts
  const nameOf = groupNames(history)
  const names = consumers.map(({ cluster, group }) => nameOf(cluster, group))
  const known = new Set(readers.map(({ group, partition }) => `${partition} ${group}`))
  const logs = new Map(countedLogs(history).map((log) => [log.partition, log]))
  for (const { consumer, partition, offset, at, error } of commits) {
    const group = names[consumer] ?? ''
    const key = `${partition} ${group}`
    if (error >= 0 || known.has(key)) continue
    // Its first place counts: what it commits later it has not been handed either.
    known.add(key)
    const own = starts.get(group) ?? { clusters: new Map(), first: new Map() }
    starts.set(group, own)
    const cluster = partitions[partition]?.cluster ?? ''
    own.clusters.set(cluster, Math.min(own.clusters.get(cluster) ?? at, at))
    for (const { baseOffset, count, firstRecordId } of logs.get(partition)?.ranges ?? []) {
      if (baseOffset + count <= offset) continue
      const id = firstRecordId + Math.max(0, offset - baseOffset)
      const stream = Math.floor(id / RECORDS_PER_STREAM)
      own.first.set(stream, Math.min(own.first.get(stream) ?? id, id))
    }
  }
  return starts
}
