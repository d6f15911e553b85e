// What can be seen of a cluster from outside at one moment: logs and bytes on the links.

import type { FinalLog, LinkBytes } from '../../history/facts.ts'
import { logRanges } from '../../history.ts'
import type { Cluster } from '../../kafka/cluster.ts'
import type { NodeId, PartitionIndex } from '../../kafka/ids.ts'
import type { PartitionLog } from '../../kafka/log/partition-log.ts'
import type { World } from '../../sim/world.ts'

/** Every replica's log; the survivor is the last leader's, whether it runs or not. */
export function finalLogs(cluster: Cluster): FinalLog[] {
  const logs: FinalLog[] = []
  for (let partition = 0; partition < cluster.topics.size; partition++) {
    const leader = cluster.lastKnownRegistration(partition)?.leader ?? -1
    for (const node of cluster.nodes.values()) {
      const log = node.brokerStore.logs.get(partition)
      if (log !== undefined) logs.push(finalLog(partition, node.id, node.id === leader, log))
    }
  }
  return logs
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
    ranges: logRanges(log.batches()),
  }
}

/** Bytes by ordered pair of zones, headers included. */
export function linkBytes(world: World): LinkBytes[] {
  const used = [...world.network.links()].filter((link) => link.bytes > 0)
  return used.map(({ from, to, bytes }) => ({ from: from.name, to: to.name, bytes }))
}
