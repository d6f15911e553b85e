// Models: the numbering of topic partitions: one number over all clusters of a run.
// Leaves out: topic ids: a new topic under the name of an earlier one has other partitions.
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
  /**
   * The indices of a topic's partitions once there are so many.
   * @param present those that the topic has already; none for a new one
   */
  numbered(
    topic: string,
    partitions: number,
    present?: readonly PartitionIndex[],
  ): readonly PartitionIndex[]
  /** The partition has come to be: nobody gets its index again. */
  onCommitted(partition: PartitionIndex): void
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
  readonly #committed = new Set<PartitionIndex>()
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
    invariant(partitions >= 0, 'a topic only grows', { topic, partitions })
    const before = indices.length
    for (let number = before; number < before + partitions; number++) {
      indices.push(this.#numbering.next(topic, number))
    }
    this.#size += partitions
    return indices[before] ?? -1
  }

  /**
   * Those that an attempt numbered which was never committed are taken again. A partition that was
   * belongs to another topic than the one to come: a namesake that was deleted, or that the
   * controllers have forgotten with their disks.
   */
  numbered(
    topic: string,
    partitions: number,
    present: readonly PartitionIndex[] = [],
  ): readonly PartitionIndex[] {
    const [were, are] = [present.length, partitions]
    invariant(were <= are, 'those that are there have their numbers', { topic, were, are })
    const known = this.#topics.get(topic) ?? []
    const isOther = known.some((index, i) => {
      return i < present.length ? index !== present[i] : this.#committed.has(index)
    })
    if (isOther) {
      this.#topics.set(topic, [...present])
      this.#size += present.length - known.length
    } else if (known.length === 0) this.#topics.set(topic, [])
    const before = this.partitionsOf(topic).length
    if (before < partitions) this.grow(topic, partitions - before)
    return this.partitionsOf(topic).slice(0, partitions)
  }

  /** By whoever commits it first; to hear it again changes nothing. */
  onCommitted(partition: PartitionIndex): void {
    this.#committed.add(partition)
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
