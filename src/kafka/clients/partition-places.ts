// Models: which partition of the cluster that answers now a client means by a topic and a number.
// Leaves out: partitions that the other cluster, or a topic that was created again, lacks.
// Source: common.TopicPartition, by which Kafka's clients keep buffers, sequences and positions; so
// they go on with them where a bootstrap name or a seed list has led them to another cluster, and
// where a topic was deleted and created again.

import type { PartitionIndex } from '../ids.ts'

export type PartitionMoves = ReadonlyMap<PartitionIndex, PartitionIndex>

const NONE: PartitionMoves = new Map()

/**
 * Clients mean topic and number, this code an index: the two part when another topic of that name
 * answers, and then this says which index is meant.
 */
export class PartitionPlaces {
  readonly #current = new Map<string, readonly PartitionIndex[]>()
  readonly #meaning = new Map<PartitionIndex, { readonly topic: string; readonly number: number }>()

  /** A topic's partitions in order of their numbers, as they are now. @returns those that moved */
  take(topic: string, partitions: readonly PartitionIndex[]): PartitionMoves {
    const before = this.#current.get(topic)
    if (before === partitions) return NONE
    this.#current.set(topic, partitions)
    if (before === undefined || before[0] === partitions[0]) {
      for (const [number, index] of partitions.entries())
        this.#meaning.set(index, { topic, number })
      return NONE
    }
    const moves = new Map<PartitionIndex, PartitionIndex>()
    for (const [number, index] of partitions.entries()) {
      this.#meaning.set(index, { topic, number })
      const from = before[number]
      if (from !== undefined && from !== index) moves.set(from, index)
    }
    return moves
  }

  /** The partition of the same topic and number where the client is now. */
  currentOf(partition: PartitionIndex): PartitionIndex {
    const meaning = this.#meaning.get(partition)
    if (meaning === undefined) return partition
    return this.#current.get(meaning.topic)?.[meaning.number] ?? partition
  }
}
