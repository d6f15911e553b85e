// Samples each replica's ends on the grid of the charts, for the partition view.

import type { PartitionIndex } from '../../kafka/ids.ts'
import type { KafkaNode } from '../../kafka/node.ts'
import type { Simulation } from '../simulation.ts'

/** Partitions that are sampled; a view shows no more. */
export const SAMPLED_PARTITIONS = 24

/**
 * Samples the first 24 partitions, of applications before Kafka's own, on every broker that has a
 * log of them.
 */
export class ReplicaSamples {
  readonly #simulation: Simulation
  readonly #brokers: readonly KafkaNode[]
  #shown: readonly PartitionIndex[] = []
  readonly #row = { partition: 0, broker: 0, logStart: 0, highWatermark: 0, logEnd: 0, at: 0 }
  /** Partitions that the history knew when `#shown` was made. */
  #known = -1

  constructor(simulation: Simulation) {
    this.#simulation = simulation
    this.#brokers = simulation.clusters
      .flatMap(({ cluster }) => [...cluster.nodes.values()])
      .filter(({ config }) => config.roles.includes('broker'))
  }

  /** Notes where every shown replica's log begins and ends now. */
  take(): void {
    const { history, now } = this.#simulation
    if (this.#known !== history.partitions.length) this.#choose()
    const row = this.#row
    row.at = now
    for (const { id, brokerStore } of this.#brokers) {
      row.broker = id
      for (const partition of this.#shown) {
        const log = brokerStore.logs.get(partition)
        if (log === undefined) continue
        row.partition = partition
        row.logStart = log.logStartOffset
        row.highWatermark = log.highWatermark
        row.logEnd = log.logEndOffset
        history.replicaSamples.push(row)
      }
    }
  }

  #choose(): void {
    const { history } = this.#simulation
    this.#known = history.partitions.length
    this.#shown = history.shownPartitions(SAMPLED_PARTITIONS).map(({ index }) => index)
  }
}
