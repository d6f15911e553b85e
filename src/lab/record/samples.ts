// Samples each replica's ends on the grid of the charts, for the partition view.

import type { Simulation } from '../simulation.ts'

/** Partitions that are sampled; a view shows no more. */
export const SAMPLED_PARTITIONS = 24

export function sampleReplicas({ clusters, history, now }: Simulation): void {
  const shown = new Set(history.shownPartitions(SAMPLED_PARTITIONS).map(({ index }) => index))
  const nodes = clusters.flatMap(({ cluster }) => [...cluster.nodes.values()])
  for (const node of nodes) {
    if (!node.config.roles.includes('broker')) continue
    for (const [partition, log] of node.brokerStore.logs) {
      if (!shown.has(partition)) continue
      history.replicaSamples.push({
        partition,
        broker: node.id,
        logStart: log.logStartOffset,
        highWatermark: log.highWatermark,
        logEnd: log.logEndOffset,
        at: now,
      })
    }
  }
}
