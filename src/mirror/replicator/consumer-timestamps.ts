// Models: the topic in which consumers leave the timestamps of what they have committed, for
// Replicator to find the same records at the destination.
// Leaves out: the delta that a value carries beside its timestamp, of which nothing is documented;
// compaction.
// Source: Confluent's docs (consumer offset translation), its class names.

import { KafkaProducer } from '../../kafka/clients/kafka-producer.ts'
import { partitionForKey, utf8 } from '../../kafka/clients/murmur2.ts'
import { PRODUCER_DEFAULTS } from '../../kafka/clients/producer-config.ts'
import type { RecordIds } from '../../kafka/internal-record-ids.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import type { ClusterPort } from '../cluster-port.ts'
import { CONSUMER_TIMESTAMPS } from './replicated-topics.ts'

/** Key and value: a group, a topic, a partition, a time. */
const RECORD_BYTES = 70

/** How far a group has come in a partition. */
export interface ConsumerTimestamp {
  readonly group: string
  readonly topic: string
  readonly number: number
  /** Of the last record that it has read. */
  readonly timestampMs: number
}

/** Whether a value of the timestamps topic is one. */
export function isConsumerTimestamp(value: object): value is ConsumerTimestamp {
  return 'group' in value && 'topic' in value && 'timestampMs' in value
}

/**
 * Nobody waits for a write, and one that fails is not noticed: a later commit writes a newer one.
 */
export class TimestampsWriter {
  readonly #process: Process
  readonly #recordIds: RecordIds
  readonly #producer: KafkaProducer

  /** Build one in each incarnation of `process`. */
  constructor(process: Process, network: Network, cluster: ClusterPort, recordIds: RecordIds) {
    this.#process = process
    this.#recordIds = recordIds
    this.#producer = new KafkaProducer(process, network, cluster.directory, {
      config: PRODUCER_DEFAULTS,
      topics: [],
      bootstrapNodes: cluster.bootstrapNodes,
      owner: { onSettled: () => {} },
      observer: { onBatchDone: () => {} },
    })
  }

  /** By key, so that those of one group and partition stay in order. */
  write(value: ConsumerTimestamp): void {
    const { group, topic, number } = value
    const { now } = this.#process
    const firstRecordId = this.#recordIds.next(1)
    const id = { firstRecordId, count: 1, createdFirst: now, createdLast: now }
    const key = utf8(JSON.stringify([group, topic, number]))
    this.#producer.send(
      { topic: CONSUMER_TIMESTAMPS, partition: (count) => partitionForKey(key, count) },
      { payloadBytes: RECORD_BYTES, compressionRatio: 1, ids: [id], values: [value], tag: value },
    )
  }

  /** What is not sent by then is dropped. */
  close(): void {
    this.#producer.close(0)
  }
}
