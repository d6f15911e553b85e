// Models: which topics take part in an assignment, numbered so that assignors work on integers.
// Leaves out: nothing.
// Source: AbstractPartitionAssignor.assign, TopicPartition.hashCode.

import { invariant } from '../../../sim/invariant.ts'
import { hashOfText, inHashOrder } from '../../hash-order.ts'
import type { PartitionIndex } from '../../ids.ts'
import type { GroupMembers, PartitionsPerTopic } from './assignor.ts'
import { compareText } from './member-order.ts'

/** Number of a partition among those of one assignment, in order of topic and partition. */
export type Slot = number & { readonly __unit?: 'slot' }

/** The partitions of the topics that some member subscribes to. */
export class SubscribedTopics {
  /** Names in ascending order. */
  readonly names: readonly string[]
  /** In the order in which the assignor comes upon them, member by member. */
  readonly #subscribed: ReadonlySet<string>
  readonly #slots = new Map<string, Slot[]>()
  readonly #slotOf = new Map<PartitionIndex, Slot>()
  readonly #partitions: PartitionIndex[] = []
  readonly #topics: string[] = []
  readonly #racks: (readonly string[])[] = []

  constructor(members: GroupMembers, topics: PartitionsPerTopic) {
    const order = inHashOrder(new Set(members.keys()), hashOfText)
    this.#subscribed = new Set(order.flatMap((id) => members.get(id)?.topics ?? []))
    this.names = [...this.#subscribed].filter((name) => topics.get(name)?.length).sort(compareText)
    for (const name of this.names) {
      const slots: Slot[] = []
      this.#slots.set(name, slots)
      for (const { index, racks } of topics.get(name) ?? []) {
        slots.push(this.#partitions.length)
        this.#slotOf.set(index, this.#partitions.length)
        this.#partitions.push(index)
        this.#topics.push(name)
        this.#racks.push(racks)
      }
    }
  }

  /** Partitions in all. */
  get size(): number {
    return this.#partitions.length
  }

  /** Names as Java's HashMap walks them, which was filled from a HashSet of all subscribed. */
  get inHashOrder(): string[] {
    const known = inHashOrder(this.#subscribed, hashOfText).filter((topic) => this.has(topic))
    return inHashOrder(new Set(known), hashOfText)
  }

  /** Whether some member subscribes to it and it has partitions. */
  has(topic: string): boolean {
    return this.#slots.has(topic)
  }

  /** Slots of a topic by partition number; none where the topic is unknown. */
  slots(topic: string): readonly Slot[] {
    return this.#slots.get(topic) ?? []
  }

  /** The partition's slot; undefined where no member subscribes to its topic, or it is gone. */
  slotOf(partition: PartitionIndex): Slot | undefined {
    return this.#slotOf.get(partition)
  }

  /**
   * The index that all clusters know it by, where a slot is of this assignment alone.
   * @throws InvariantViolation for a slot that was not given out
   */
  partition(slot: Slot): PartitionIndex {
    const partition = this.#partitions[slot]
    invariant(partition !== undefined, 'a slot stands for a partition', { slot })
    return partition
  }

  /** Name of the slot's topic; '' for a slot that was not given out. */
  topic(slot: Slot): string {
    return this.#topics[slot] ?? ''
  }

  /** Number of the partition within its topic. */
  number(slot: Slot): number {
    return slot - (this.slots(this.topic(slot))[0] ?? 0)
  }

  /** Racks in which the partition has replicas, each once; none where brokers have no rack. */
  racks(slot: Slot): readonly string[] {
    return this.#racks[slot] ?? []
  }

  /** TopicPartition.hashCode. */
  hash(slot: Slot): number {
    return (31 * (31 + this.number(slot)) + hashOfText(this.topic(slot))) | 0
  }
}
