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
        const before = namesakesOf(history, cluster, topic, number)
        const namesakes = before === 0 ? {} : { namesakes: before }
        history.partitions.push({ index, cluster, topic, number, ...unknown, ...namesakes })
        return index
      },
      topicOf: (partition) => shared.topicOf(partition),
      numberOf: (partition) => shared.numberOf(partition),
    }
  }
}

/** Partitions of the same number in topics that have borne the name before. */
function namesakesOf(
  { partitions }: History,
  cluster: string,
  topic: string,
  number: number,
): number {
  const same = partitions.filter((one) => one.topic === topic && one.number === number)
  return same.filter((one) => one.cluster === cluster).length
}
