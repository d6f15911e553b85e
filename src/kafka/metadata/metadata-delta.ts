// Models: what changed between two images that a broker publishes one after the other.
// Leaves out: the old values; a publisher compares with its own state, as it must after a jump.
// Source: org.apache.kafka.image.MetadataDelta, TopicsDelta, ClusterDelta.

import type { NodeId, PartitionIndex } from '../ids.ts'

/** Each thing once, in the order of its first change; several changes show as the last state. */
export class MetadataDelta {
  readonly #partitions = new Set<PartitionIndex>()
  readonly #brokers = new Set<NodeId>()
  readonly #topics = new Set<string>()

  get isEmpty(): boolean {
    return this.#partitions.size + this.#brokers.size + this.#topics.size === 0
  }

  get changedPartitions(): readonly PartitionIndex[] {
    return [...this.#partitions]
  }

  get changedBrokers(): readonly NodeId[] {
    return [...this.#brokers]
  }

  get changedTopics(): readonly string[] {
    return [...this.#topics]
  }

  touchPartition(partition: PartitionIndex): void {
    this.#partitions.add(partition)
  }

  touchBroker(broker: NodeId): void {
    this.#brokers.add(broker)
  }

  touchTopic(topic: string): void {
    this.#topics.add(topic)
  }
}
