// Models: the controller's index from brokers to the partitions in whose ELR they are, and what it
// forgets: a partition whose ELR was emptied by another min.insync.replicas (ClearElrRecord) stays
// in it. When its broker next comes unclean or is unregistered, it gets a record too many.
// Leaves out: the exception of 4.1.0 where a topic that it forgot to take out was deleted since.
// Source: org.apache.kafka.controller.BrokersToElrs, ReplicationControlManager.removeTopicElrs.

import { invariant } from '../../sim/invariant.ts'
import type { NodeId, PartitionIndex } from '../ids.ts'

/** By the first partition of the topic; a partition that was forgotten can stand in it twice. */
type ByTopic = Map<PartitionIndex, readonly PartitionIndex[]>

const NO_TOPICS: ByTopic = new Map()

/** Where a broker that comes back unclean has to be taken out of the ELR (KIP-966). */
export class BrokersToElrs {
  readonly #members = new Map<NodeId, ByTopic>()

  /** Independent of this one, with what it forgets and all. */
  copy(): BrokersToElrs {
    const copy = new BrokersToElrs()
    for (const [id, byTopic] of this.#members) copy.#members.set(id, new Map(byTopic))
    return copy
  }

  /** @param first the first partition of the topic */
  update(
    first: PartitionIndex,
    index: PartitionIndex,
    before: readonly NodeId[],
    after: readonly NodeId[],
  ): void {
    for (const id of before) if (!after.includes(id)) this.#remove(id, first, index)
    for (const id of after) if (!before.includes(id)) this.#add(id, first, index)
  }

  /** The topic of that first partition is gone: no broker is in an ELR of it. */
  removeTopic(first: PartitionIndex): void {
    for (const byTopic of this.#members.values()) byTopic.delete(first)
  }

  /** Topic by topic. One that was forgotten is still among them, and may come twice. */
  partitionsWithBrokerInElr(id: NodeId): PartitionIndex[] {
    return [...(this.#members.get(id) ?? NO_TOPICS).values()].flat()
  }

  #add(id: NodeId, first: PartitionIndex, index: PartitionIndex): void {
    const byTopic = this.#members.get(id) ?? new Map()
    byTopic.set(first, [...(byTopic.get(first) ?? []), index])
    this.#members.set(id, byTopic)
  }

  /** Kafka makes room for one less: where the partition stood twice, number 0 takes its place. */
  #remove(id: NodeId, first: PartitionIndex, index: PartitionIndex): void {
    const byTopic = this.#members.get(id) ?? NO_TOPICS
    const partitions = byTopic.get(first) ?? []
    invariant(partitions.includes(index), 'a partition that leaves an ELR was in its index', {
      id,
      index,
    })
    const others = partitions.filter((one) => one !== index)
    while (others.length < partitions.length - 1) others.push(first)
    if (others.length > 0) byTopic.set(first, others)
    else byTopic.delete(first)
  }
}
