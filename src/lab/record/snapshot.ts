// What can be seen of a cluster from outside at one moment: logs and bytes on the links.

import type { FinalLog, LinkBytes, PartitionChange } from '../../history/facts.ts'
import { type History, logRanges } from '../../history.ts'
import type { Cluster } from '../../kafka/cluster.ts'
import { rangesOfLog } from '../../kafka/id-ranges.ts'
import type { NodeId, PartitionIndex } from '../../kafka/ids.ts'
import type { PartitionLog } from '../../kafka/log/partition-log.ts'
import type { KafkaNode } from '../../kafka/node.ts'
import type { World } from '../../sim/world.ts'

/** Every replica's log; the survivor is the leader's that the metadata log names. */
export function finalLogs(cluster: Cluster, history: History): FinalLog[] {
  const logs: FinalLog[] = []
  for (const partition of cluster.topics.all) {
    const committed = history.partitionChanges.findLast((change) => change.partition === partition)
    for (const node of cluster.nodes.values()) {
      const log = node.brokerStore.logs.get(partition)
      if (log === undefined) continue
      const leads = committed?.leader === node.id && isLeading(node, committed)
      logs.push(finalLog(partition, node.id, leads, log))
    }
  }
  return logs
}

/** Whether a node runs and knows that it leads; one that does not may come back with less. */
function isLeading(node: KafkaNode, { partition, leaderEpoch }: PartitionChange): boolean {
  const known = node.isRunning ? node.role?.broker.replicas.partitions.get(partition) : undefined
  return known?.isLeader === true && known.leaderEpoch === leaderEpoch
}

function finalLog(
  partition: PartitionIndex,
  broker: NodeId,
  isSurvivor: boolean,
  log: PartitionLog,
): FinalLog {
  return {
    partition,
    broker,
    isSurvivor,
    logStart: log.logStartOffset,
    highWatermark: log.highWatermark,
    logEnd: log.logEndOffset,
    ranges: logRanges(rangesOfLog(log.batches())),
  }
}

/** Bytes by ordered pair of zones, headers included. */
export function linkBytes(world: World): LinkBytes[] {
  const used = [...world.network.links()].filter((link) => link.bytes > 0)
  return used.map(({ from, to, bytes }) => ({ from: from.name, to: to.name, bytes }))
}
