// What can be seen of a cluster from outside at one moment: logs and bytes on the links.

import type { FinalLog, LinkBytes, LogRangeRow, PartitionChange } from '../../history/facts.ts'
import { type History, logRanges } from '../../history.ts'
import type { Cluster } from '../../kafka/cluster.ts'
import { rangesOfLog } from '../../kafka/id-ranges.ts'
import type { NodeId, Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { PartitionLog } from '../../kafka/log/partition-log.ts'
import type { KafkaNode } from '../../kafka/node.ts'
import type { World } from '../../sim/world.ts'
import { endOf } from './logs.ts'

/** What a broker has deleted as a follower from an offset on. */
export type DeletedAhead = (
  broker: NodeId,
  partition: PartitionIndex,
  from: Offset,
) => readonly LogRangeRow[]

/** Every replica's log; the survivor is the leader's that the metadata log names. */
export function finalLogs(
  cluster: Cluster,
  history: History,
  deletedAhead: DeletedAhead,
): FinalLog[] {
  const logs: FinalLog[] = []
  const deletedOf = deletions(history)
  for (const partition of cluster.topics.all) {
    const committed = history.partitionChanges.findLast((change) => change.partition === partition)
    for (const node of cluster.nodes.values()) {
      const log = node.brokerStore.logs.get(partition)
      if (log === undefined) continue
      const leads = committed?.leader === node.id && isLeading(node, committed)
      const told = deletedOf.get(partition) ?? []
      const deleted = [...told, ...deletedAhead(node.id, partition, endOf(told))]
      logs.push(finalLog({ partition, broker: node.id, isSurvivor: leads }, log, deleted))
    }
  }
  return [...logs, ...removedLogs(history, cluster)]
}

/**
 * Of deleted topics, as if retention had deleted all that their leaders had: no log is left of
 * them, and it was no loss.
 */
function removedLogs({ removals, appends }: History, { nodes }: Cluster): FinalLog[] {
  const own = removals.filter(({ leader }) => nodes.has(leader))
  if (own.length === 0) return []
  const byPartition = new Map<PartitionIndex, LogRangeRow[]>()
  for (const { partition } of own) byPartition.set(partition, [])
  for (let row = 0; row < appends.length; row++) {
    const { partition, ...range } = appends.row(row)
    byPartition.get(partition)?.push(range)
  }
  return own.map(({ partition, leader }) => {
    const ranges = below(byPartition.get(partition) ?? [], Number.POSITIVE_INFINITY)
    const last = ranges.at(-1)
    const end = last === undefined ? 0 : last.baseOffset + last.count
    const at = { logStart: end, highWatermark: end, logEnd: end }
    return { partition, broker: leader, isSurvivor: true, ...at, ranges: logRanges(ranges) }
  })
}

/**
 * Whether a node runs, serves and knows that it leads. One that does not may come back with less;
 * one that may not register yet leads by old metadata, and its registration will end that.
 */
function isLeading(node: KafkaNode, { partition, leaderEpoch }: PartitionChange): boolean {
  const broker = node.isRunning ? node.role?.broker : undefined
  if (broker?.isServing !== true) return false
  const known = broker.replicas.partitions.get(partition)
  return known?.isLeader === true && known.leaderEpoch === leaderEpoch
}

function finalLog(
  of: Pick<FinalLog, 'partition' | 'broker' | 'isSurvivor'>,
  log: PartitionLog,
  deleted: readonly LogRangeRow[],
): FinalLog {
  const { logStartOffset: logStart, highWatermark, logEndOffset: logEnd } = log
  const batches = log.batches()
  const held = rangesOfLog(batches)
  const start = Math.min(logStart, batches[0]?.baseOffset ?? logStart)
  const ranges = logRanges(
    deleted.length === 0 ? held : [...below(deleted, start), ...held],
    deleted.length + batches.length,
  )
  return { ...of, logStart, highWatermark, logEnd, ranges }
}

/** By partition. */
function deletions({ deletions }: History): Map<PartitionIndex, LogRangeRow[]> {
  const byPartition = new Map<PartitionIndex, LogRangeRow[]>()
  for (const { partition, ...range } of deletions) {
    const known = byPartition.get(partition)
    if (known === undefined) byPartition.set(partition, [range])
    else known.push(range)
  }
  return byPartition
}

/** What was deleted below an offset; of an offset that was deleted twice the last counts. */
function below(deleted: readonly LogRangeRow[], start: Offset): LogRangeRow[] {
  const ranges: LogRangeRow[] = []
  for (const range of deleted) {
    const count = Math.min(range.count, start - range.baseOffset)
    if (count <= 0) continue
    while ((ranges.at(-1)?.baseOffset ?? -1) >= range.baseOffset) ranges.pop()
    ranges.push({ ...range, count })
  }
  return ranges
}

/** Bytes by ordered pair of zones, headers included. */
export function linkBytes(world: World): LinkBytes[] {
  const used = [...world.network.links()].filter((link) => link.bytes > 0)
  return used.map(({ from, to, bytes }) => ({ from: from.name, to: to.name, bytes }))
}
