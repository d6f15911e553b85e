// Models: a topic that a process keeps its state in: it reads all of it, follows it, and writes to
// it, so that what counts is what stands in the topic.
// Leaves out: compaction (all that was ever written is read); keys.
// Source: org.apache.kafka.connect.util.KafkaBasedLog; Schema Registry's storage.KafkaStore.

import { Consumer } from '../kafka/clients/consumer.ts'
import { CONSUMER_DEFAULTS } from '../kafka/clients/consumer-config.ts'
import { KafkaProducer } from '../kafka/clients/kafka-producer.ts'
import type { ProducerConfig } from '../kafka/clients/producer-config.ts'
import type { SettledRecords } from '../kafka/clients/send-queue.ts'
import type { Offset, PartitionIndex } from '../kafka/ids.ts'
import type { RecordIds } from '../kafka/internal-record-ids.ts'
import type { RecordBatch } from '../kafka/messages.ts'
import { invariant } from '../sim/invariant.ts'
import type { Network } from '../sim/network.ts'
import type { Process } from '../sim/process.ts'
import type { ClusterPort } from './cluster-port.ts'

export interface FollowedTopicOptions {
  readonly process: Process
  readonly network: Network
  readonly cluster: ClusterPort
  readonly recordIds: RecordIds
  readonly topic: string
  readonly producer: ProducerConfig
  /** Hears every record, of each partition in order; `next` is the offset after it. */
  readonly onRecord: (value: object, next: Offset) => void
  /** All below that offset of a partition has been heard. */
  readonly onReached: (partition: PartitionIndex, offset: Offset) => void
}

/** What became of a record: its offset (-1 where acknowledged without one), or null. */
export type OnWritten = (offset: Offset | null) => void

/** Goes along with a record, to tell its writer what became of it. */
class Written {
  readonly onDone: OnWritten

  constructor(onDone: OnWritten) {
    this.onDone = onDone
  }
}

/**
 * Own writes are heard like those of others, when they come back with a read. Whoever shares the
 * topic thus sees the same changes in the same order:
 *
 * 1. two writers set the same thing at the same time;
 * 2. the leader of the partition puts one before the other;
 * 3. all end with the later one, the writer of the earlier one too.
 *
 * Owned by a worker's log or by an instance of a registry, and by one process.
 */
export class FollowedTopic {
  readonly #options: FollowedTopicOptions
  readonly #producer: KafkaProducer
  readonly #consumer: Consumer
  /** Who waits for send() to return, oldest first. */
  #whenFree: (() => void)[] = []

  /** Build one in each incarnation of its process, when the topic is there; it reads at once. */
  constructor(options: FollowedTopicOptions) {
    const { process, network, cluster, topic, producer } = options
    const { directory, bootstrapNodes } = cluster
    this.#options = options
    this.#producer = new KafkaProducer(process, network, directory, {
      config: producer,
      topics: [topic],
      bootstrapNodes,
      owner: {
        onSettled: (settled) => this.#settled(settled),
        onUnblocked: () => this.#freed(),
      },
      observer: { onBatchDone: () => {} },
    })
    // No group: every reader reads all partitions, always from their beginning.
    this.#consumer = new Consumer(process, network, directory, {
      config: { ...CONSUMER_DEFAULTS, autoOffsetReset: 'earliest' },
      topics: [topic],
      assignments: cluster.topics
        .partitionsOf(topic)
        .map((partition) => ({ partition, start: null })),
      bootstrapNodes,
      observer: {
        onDelivered: (partition, batches, from, to) => this.#read(partition, batches, from, to),
        onSeek: (partition, _from, to) => options.onReached(partition, to),
      },
    })
  }

  #read(
    partition: PartitionIndex,
    batches: readonly RecordBatch[],
    from: Offset,
    to: Offset,
  ): void {
    for (const { baseOffset, values = [] } of batches) {
      for (const [i, value] of values.entries()) {
        const offset = baseOffset + i
        // A batch is delivered whole, and may begin before the position or end behind it.
        if (offset >= from && offset < to) this.#options.onRecord(value, offset + 1)
      }
    }
    this.#options.onReached(partition, to)
  }

  /** Writes one record. */
  write(partition: number, value: object, payloadBytes: number, onDone: OnWritten): void {
    const { process, recordIds, topic } = this.#options
    const { now } = process
    const firstRecordId = recordIds.next(1)
    const ids = [{ firstRecordId, count: 1, createdFirst: now, createdLast: now }]
    const tag = new Written(onDone)
    this.#producer.send(
      { topic, partition },
      { payloadBytes, compressionRatio: 1, ids, values: [value], tag },
    )
  }

  /** Calls back when all that was written before has met its fate. */
  flush(onDone: () => void): void {
    this.whenSent(() => this.#producer.flush(onDone))
  }

  /** Now, or when send() has returned. */
  whenSent(fn: () => void): void {
    if (this.#producer.isBlocked) this.#whenFree.push(fn)
    else fn()
  }

  /** Reads and writes no more. */
  close(): void {
    this.#producer.close(0)
    this.#consumer.stop()
  }

  #settled({ tag, outcome, baseOffset }: SettledRecords): void {
    invariant(tag instanceof Written, 'the topic’s owner alone writes with its producer')
    tag.onDone(outcome === 'ok' ? baseOffset : null)
  }

  #freed(): void {
    for (const fn of this.#whenFree.splice(0)) fn()
  }
}
