// Models: what changed between two images that a broker publishes one after the other.
// Leaves out: the old values; a publisher compares with its own state, as it must after a jump.
// Source: org.apache.kafka.image.MetadataDelta, TopicsDelta, ClusterDelta.

import type { NodeId, PartitionIndex } from '../ids.ts'

/** Each thing once, in the order of its first change; several changes show as the last state. */
export class MetadataDelta {
  readonly #partitions = new Set<PartitionIndex>()
  readonly #brokers = new Set<NodeId>()
  readonly #topics = new Set<string>()
  readonly #links = new Set<string>()
  #hasBrokerConfigs = false

  /** Nothing to publish; changed access control lists alone leave it empty. */
  get isEmpty(): boolean {
    const { size } = this.#links
    const touched = this.#partitions.size + this.#brokers.size + this.#topics.size + size
    return touched === 0 && !this.#hasBrokerConfigs
  }

  /** Deleted ones among them: the image knows those no more. */
  get changedPartitions(): readonly PartitionIndex[] {
    return [...this.#partitions]
  }

  get changedBrokers(): readonly NodeId[] {
    return [...this.#brokers]
  }

  /**
   * By name, new, deleted and changed ones; a topic whose partitions alone changed is not among
   * them.
   */
  get changedTopics(): readonly string[] {
    return [...this.#topics]
  }

  /** A setting of a broker, or of all of them, was set or removed. */
  get hasBrokerConfigs(): boolean {
    return this.#hasBrokerConfigs
  }

  /** New, changed or deleted: which of them it was, the image tells that the delta comes with. */
  touchPartition(partition: PartitionIndex): void {
    this.#partitions.add(partition)
  }

  /** Registered, unregistered, or changed in being fenced or in its controlled shutdown. */
  touchBroker(broker: NodeId): void {
    this.#brokers.add(broker)
  }

  /** A cluster link, which may have no topic yet. */
  touchLink(link: string): void {
    this.#links.add(link)
  }

  /**
   * New or deleted, or its settings or its mirror changed; its partitions are touched on their own.
   */
  touchTopic(topic: string): void {
    this.#topics.add(topic)
  }

  /** Of one node or of all. */
  touchBrokerConfigs(): void {
    this.#hasBrokerConfigs = true
  }
}
