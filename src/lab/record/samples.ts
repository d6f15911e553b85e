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
  #shown: ReadonlySet<PartitionIndex> = new Set()
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
    for (const { id, brokerStore } of this.#brokers) {
      for (const [partition, log] of brokerStore.logs) {
        if (!this.#shown.has(partition)) continue
        history.replicaSamples.push({
          partition,
          broker: id,
          logStart: log.logStartOffset,
          highWatermark: log.highWatermark,
          logEnd: log.logEndOffset,
          at: now,
        })
      }
    }
  }

  #choose(): void {
    const { history } = this.#simulation
    this.#known = history.partitions.length
    this.#shown = new Set(history.shownPartitions(SAMPLED_PARTITIONS).map(({ index }) => index))
  }
}
