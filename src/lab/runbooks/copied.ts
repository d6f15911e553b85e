// Whether the target of a link has got what its source has, as an onlooker who sees all logs says:
// the last record of each partition of the source stands in the partition named after it.

import { isNamedAfter } from '../../check/failovers.ts'
import type { TopicPartition } from '../../history/facts.ts'
import { isInternal } from '../../history.ts'
import { rangesOfLog } from '../../kafka/id-ranges.ts'
import type { RecordId } from '../../kafka/ids.ts'
import type { PartitionLog } from '../../kafka/log/partition-log.ts'
import type { LiveCluster } from '../live-cluster.ts'

/** Partitions without a copy at the target are none of the link's. */
export function isCopied(
  partitions: readonly TopicPartition[],
  source: LiveCluster,
  target: LiveCluster,
): boolean {
  const own = partitions.filter((one) => !isInternal(one))
  const at = (live: LiveCluster) => own.filter(({ cluster }) => cluster === live.name)
  const targets = at(target)
  return at(source).every((from) => {
    const copies = targets.filter((to) => isNamedAfter(to, from))
    if (copies.length === 0) return true
    const last = lastRecordOf(source, from.index)
    return last === null || copies.some((to) => holds(target, to.index, last))
  })
}

function lastRecordOf(live: LiveCluster, index: number): RecordId | null {
  let last: RecordId | null = null
  for (const { firstRecordId, count } of rangesOfLog(logOf(live, index)?.batches() ?? [])) {
    if (firstRecordId >= 0) last = firstRecordId + count - 1
  }
  return last
}

function holds(live: LiveCluster, index: number, id: RecordId): boolean {
  for (const { firstRecordId, count } of rangesOfLog(logOf(live, index)?.batches() ?? [])) {
    if (id >= firstRecordId && id < firstRecordId + count) return true
  }
  return false
}

/** Of the leader that was known last, running or not. */
function logOf({ cluster }: LiveCluster, index: number): PartitionLog | undefined {
  const leader = cluster.lastKnownRegistration(index)?.leader ?? -1
  return cluster.nodes.get(leader)?.brokerStore.logs.get(index)
}
