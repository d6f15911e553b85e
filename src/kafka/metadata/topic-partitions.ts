// Models: the cluster-wide numbering of topic partitions.
// Leaves out: topic ids; a name given to a new topic after a deletion.
// Source: none in Kafka, where every message names topic and partition.

import { invariant } from '../../sim/invariant.ts'
import type { PartitionIndex } from '../ids.ts'

/** Names of a cluster's partitions; an index is stable for the whole run. */
export class TopicPartitions {
  readonly #first = new Map<string, PartitionIndex>()
  readonly #topics: string[] = []
  readonly #numbers: number[] = []

  /** Number of partitions of all topics. */
  get size(): number {
    return this.#topics.length
  }

  /** Topics in the order in which they were added. */
  get topics(): readonly string[] {
    return [...this.#first.keys()]
  }

  /** Numbers the partitions of a new topic one after the other; returns the first index. */
  add(topic: string, partitions: number): PartitionIndex {
    invariant(!this.#first.has(topic), 'a topic is numbered once', { topic })
    const first = this.size
    this.#first.set(topic, first)
    for (let number = 0; number < partitions; number++) {
      this.#topics.push(topic)
      this.#numbers.push(number)
    }
    return first
  }

  /** null where the topic, or a partition of that number, does not exist. */
  indexOf(topic: string, number: number): PartitionIndex | null {
    const first = this.#first.get(topic)
    if (first === undefined || number < 0 || this.#topics[first + number] !== topic) return null
    return first + number
  }

  /** Every partition of a topic, ascending; empty where the topic does not exist. */
  partitionsOf(topic: string): PartitionIndex[] {
    const indices: PartitionIndex[] = []
    let index = this.#first.get(topic) ?? this.size
    while (this.#topics[index] === topic) indices.push(index++)
    return indices
  }

  topicOf(partition: PartitionIndex): string {
    return this.#topics[partition] ?? ''
  }

  numberOf(partition: PartitionIndex): number {
    return this.#numbers[partition] ?? -1
  }

  /** As Kafka writes it: 'orders-3'. */
  nameOf(partition: PartitionIndex): string {
    return `${this.topicOf(partition)}-${this.numberOf(partition)}`
  }
}
