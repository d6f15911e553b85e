// Partitions as they get their numbers: each has its place in the history from then on.

import type { History } from '../../history.ts'
import type { PartitionIndex } from '../../kafka/ids.ts'
import { type PartitionNumbering, PartitionNumbers } from '../../kafka/metadata/topic-partitions.ts'

/** One numbering for all clusters of a run; what it numbers is listed in the history. */
export class RecordedNumbering {
  readonly #history: History
  readonly #numbering = new PartitionNumbers()

  constructor(history: History) {
    this.#history = history
  }

  /** The numbering as one cluster uses it. */
  of(cluster: string): PartitionNumbering {
    const [history, shared] = [this.#history, this.#numbering]
    return {
      next(topic: string, number: number): PartitionIndex {
        const index = shared.next(topic, number)
        const unknown = { replicas: [], observers: [], minIsr: 1 }
        history.partitions.push({ index, cluster, topic, number, ...unknown })
        return index
      },
      topicOf: (partition) => shared.topicOf(partition),
      numberOf: (partition) => shared.numberOf(partition),
    }
  }
}
