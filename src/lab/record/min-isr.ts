// What min.insync.replicas a partition's leader counts by, and since when: that of its topic, else
// of the leader itself, else of the cluster, else of the file.

import type { History } from '../../history.ts'
import { NO_NODE, type NodeId, type PartitionIndex } from '../../kafka/ids.ts'
import { BrokerConfigs } from '../../kafka/metadata/broker-configs.ts'
import type { ConfigRecord, TopicRecord } from '../../kafka/metadata/records.ts'
import type { Micros } from '../../sim/time.ts'

const MIN_IN_SYNC_REPLICAS = 'min.insync.replicas'

/** Of one cluster. */
export class MinIsrRecorder {
  readonly #history: History
  readonly #fromFile: number
  readonly #brokers = new BrokerConfigs()
  readonly #topics = new Map<string, number>()
  readonly #known = new Map<PartitionIndex, number>()

  /** @param fromFile of topics for which nobody says otherwise */
  constructor(history: History, fromFile: number) {
    this.#history = history
    this.#fromFile = fromFile
  }

  /** A new topic; it has nothing of a namesake that was deleted. */
  onTopic({ name, configs }: TopicRecord): void {
    this.#setOf(name, configs[MIN_IN_SYNC_REPLICAS] ?? null)
  }

  /** @returns whether partitions that exist may count by another minimum now: ask `look` of them */
  onConfig(record: ConfigRecord): boolean {
    if (record.name !== MIN_IN_SYNC_REPLICAS) return false
    const { resource, value } = record
    if (resource.type === 'topic') this.#setOf(resource.name, value)
    else this.#brokers.replay(record)
    return true
  }

  /** @returns the minimum that the partition begins with */
  onCreated(partition: PartitionIndex, topic: string, leader: NodeId): number {
    const minIsr = this.#of(topic, leader)
    this.#known.set(partition, minIsr)
    return minIsr
  }

  /** Notes another minimum than the last; where nobody leads, nobody counts. */
  look(partition: PartitionIndex, leader: NodeId, at: Micros): void {
    const topic = this.#history.partitions[partition]?.topic
    if (topic === undefined || leader === NO_NODE) return
    const minIsr = this.#of(topic, leader)
    if (minIsr === this.#known.get(partition)) return
    this.#known.set(partition, minIsr)
    this.#history.minIsrChanges.push({ partition, minIsr, at })
  }

  #setOf(topic: string, value: string | null): void {
    if (value === null) this.#topics.delete(topic)
    else this.#topics.set(topic, Number(value))
  }

  #of(topic: string, leader: NodeId): number {
    const own = this.#topics.get(topic)
    if (own !== undefined) return own
    const value = this.#brokers.valueOf(leader, MIN_IN_SYNC_REPLICAS)
    return value === undefined ? this.#fromFile : Number(value)
  }
}
