// What replicators have written down for themselves in topics of a cluster.

import type { ObservedRun } from '../observed-run.ts'

/** Values of a topic, partition after partition, each of whoever has most of it. */
export function recordsIn(
  { simulation }: ObservedRun,
  name: string,
  topic: string,
): readonly object[] {
  const { cluster } = simulation.clusterOf(name)
  return cluster.topics.partitionsOf(topic).flatMap((partition) => {
    const logs = [...cluster.nodes.values()].map((node) =>
      (node.brokerStore.logs.get(partition)?.batches() ?? []).flatMap(({ values = [] }) => values),
    )
    return logs.reduce((most, log) => (log.length > most.length ? log : most), [])
  })
}
