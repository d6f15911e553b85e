// Models: the numbering of topic partitions: one number over all clusters of a run.
// Leaves out: topic ids: a new topic under the name of a deleted one has other partitions.
// Source: none in Kafka, where every message names topic and partition.

import { invariant } from '../../sim/invariant.ts'
import type { PartitionIndex } from '../ids.ts'

/** Hands out the numbers. Clusters that may exchange records share them. */
export interface PartitionNumbering {
  /** The index of a new partition; indices are handed out without a gap. */
  next(topic: string, number: number): PartitionIndex
  topicOf(partition: PartitionIndex): string
  numberOf(partition: PartitionIndex): number
}

/** Numbers the partitions that a controller creates. */
export interface TopicNumbering {
  /** @param isRemoved whether an index belonged to a topic that was deleted since */
  numbered(
    topic: string,
    partitions: number,
    isRemoved: (index: PartitionIndex) => boolean,
  ): readonly PartitionIndex[]
}

/** Numbers from 0 on, over all clusters that share it; none is ever given back. */
export class PartitionNumbers implements PartitionNumbering {
  readonly #topics: string[] = []
  readonly #numbers: number[] = []

  /**
   * Every call gives a new index, for the same topic and number too: two clusters may have both.
   */
  next(topic: string, number: number): PartitionIndex {
    this.#topics.push(topic)
    this.#numbers.push(number)
    return this.#topics.length - 1
  }

  /** The empty string for an index that was not given out. */
  topicOf(partition: PartitionIndex): string {
    return this.#topics[partition] ?? ''
  }

  /** The partition's number within its topic, from 0; -1 for an index that was not given out. */
  numberOf(partition: PartitionIndex): number {
    return this.#numbers[partition] ?? -1
  }
}

/** Names of one cluster's partitions; an index is stable for the whole run. */
export class TopicPartitions implements TopicNumbering {
  readonly #numbering: PartitionNumbering
  /** Indices by topic, in the order of the partitions' numbers. */
  readonly #topics = new Map<string, PartitionIndex[]>()
  #size = 0

  constructor(numbering: PartitionNumbering = new PartitionNumbers()) {
    this.#numbering = numbering
  }

  /** Number of partitions of all topics of this cluster. */
  get size(): number {
    return this.#size
  }

  /** Topics in the order in which they were added. */
  get topics(): readonly string[] {
    return [...this.#topics.keys()]
  }

  /** Every partition of this cluster: topic by topic, in the order of their adding. */
  get all(): readonly PartitionIndex[] {
    return [...this.#topics.values()].flat()
  }

  /** Numbers the partitions of a new topic one after the other; returns the first index. */
  add(topic: string, partitions: number): PartitionIndex {
    invariant(!this.#topics.has(topic), 'a topic is numbered once', { topic })
    this.#topics.set(topic, [])
    return this.grow(topic, partitions)
  }

  /** Numbers more partitions of a topic one after the other; returns the first index. */
  grow(topic: string, partitions: number): PartitionIndex {
    const indices = this.#topics.get(topic)
    invariant(indices !== undefined, 'only a topic that exists can grow', { topic })
    const before = indices.length
    for (let number = before; number < before + partitions; number++) {
      indices.push(this.#numbering.next(topic, number))
    }
    this.#size += partitions
    return indices[before] ?? -1
  }

  /**
   * The indices of a new topic's partitions. Those that an attempt numbered which was never
   * committed are taken again; those of a deleted topic never.
   */
  numbered(
    topic: string,
    partitions: number,
    isRemoved: (index: PartitionIndex) => boolean,
  ): readonly PartitionIndex[] {
    const known = this.#topics.get(topic) ?? []
    if (known.some(isRemoved)) {
      this.#topics.delete(topic)
      this.#size -= known.length
    }
    const before = this.#topics.get(topic)?.length
    if (before === undefined) this.add(topic, partitions)
    else if (before < partitions) this.grow(topic, partitions - before)
    return this.partitionsOf(topic).slice(0, partitions)
  }

  /** null where the topic, or a partition of that number, does not exist. */
  indexOf(topic: string, number: number): PartitionIndex | null {
    return this.#topics.get(topic)?.[number] ?? null
  }

  /** Every partition of a topic, in the order of their numbers; empty where it does not exist. */
  partitionsOf(topic: string): PartitionIndex[] {
    return [...(this.#topics.get(topic) ?? [])]
  }

  /** Of any cluster that shares the numbering, and of deleted topics too; '' for no such index. */
  topicOf(partition: PartitionIndex): string {
    return this.#numbering.topicOf(partition)
  }

  /**
   * Number within the topic, from 0; of any cluster that shares the numbering, -1 for no such
   * index.
   */
  numberOf(partition: PartitionIndex): number {
    return this.#numbering.numberOf(partition)
  }

  /** As Kafka writes it: 'orders-3'. */
  nameOf(partition: PartitionIndex): string {
    return `${this.topicOf(partition)}-${this.numberOf(partition)}`
  }
}
