// Models: a topic that a worker reads from its beginning, follows, and writes to.
// Leaves out: compaction (all that was ever written is read); a worker that gives up at its start.
// Source: org.apache.kafka.connect.util.KafkaBasedLog, TopicAdmin.

import type { AdminError } from '../../kafka/clients/admin/call.ts'
import { Consumer } from '../../kafka/clients/consumer.ts'
import { CONSUMER_DEFAULTS } from '../../kafka/clients/consumer-config.ts'
import { KafkaProducer } from '../../kafka/clients/kafka-producer.ts'
import { PRODUCER_DEFAULTS, type ProducerConfig } from '../../kafka/clients/producer-config.ts'
import type { SettledRecords } from '../../kafka/clients/send-queue.ts'
import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { RecordIds } from '../../kafka/internal-record-ids.ts'
import type { RecordBatch } from '../../kafka/messages.ts'
import { invariant } from '../../sim/invariant.ts'
import type { Network } from '../../sim/network.ts'
import type { Process, Timer } from '../../sim/process.ts'
import { SECOND } from '../../sim/time.ts'
import type { ClusterPort } from '../cluster-port.ts'

export interface LogTopic {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  readonly configs: Readonly<Record<string, string>>
}

export type TopicAnswer<T> = (error: AdminError, value: T) => void

/** What the logs of one worker ask of the administration of their cluster. */
export interface TopicAdmin {
  /** Also `NONE` where it exists already. */
  createTopic(topic: LogTopic, done: TopicAnswer<null>): void
  /** The end of each partition; null where one of them is not known. */
  endOffsets(topic: string, done: TopicAnswer<ReadonlyMap<PartitionIndex, Offset> | null>): void
}

export interface TopicLogOptions {
  readonly process: Process
  readonly network: Network
  readonly cluster: ClusterPort
  readonly admin: TopicAdmin
  readonly recordIds: RecordIds
  readonly topic: LogTopic
  /** Hears every record, of each partition in order; `next` is the offset after it. */
  readonly onRecord: (value: object, next: Offset) => void
}

/** What is written must stay written, and in order. */
const PRODUCER: ProducerConfig = {
  ...PRODUCER_DEFAULTS,
  enableIdempotence: false,
  maxInFlightRequestsPerConnection: 1,
  deliveryTimeoutMs: 2_147_483_647,
}
/** Of the administration, where it fails. */
const RETRY = 10 * SECOND

interface Reader {
  readonly ends: ReadonlyMap<PartitionIndex, Offset>
  readonly onDone: () => void
}

/** Goes along with a record, to tell its writer what became of it. */
class Written {
  readonly onDone: (isWritten: boolean) => void

  constructor(onDone: (isWritten: boolean) => void) {
    this.onDone = onDone
  }
}

export class TopicLog {
  readonly #options: TopicLogOptions
  readonly #retry: Timer
  readonly #positions = new Map<PartitionIndex, Offset>()
  #again: () => void = () => {}
  #producer: KafkaProducer | null = null
  #consumer: Consumer | null = null
  #readers: Reader[] = []
  #whenFree: (() => void)[] = []

  constructor(options: TopicLogOptions) {
    this.#options = options
    this.#retry = options.process.timer(() => this.#again())
  }

  /** Creates the topic where it is missing and reads all of it. */
  start(onStarted: () => void): void {
    const { admin, topic } = this.#options
    admin.createTopic(topic, (error) => {
      if (error !== 'NONE') this.#later(() => this.start(onStarted))
      else this.#open(onStarted)
    })
  }

  #later(fn: () => void): void {
    this.#again = fn
    this.#retry.arm(RETRY)
  }

  #open(onStarted: () => void): void {
    const { process, network, cluster, topic } = this.#options
    const { directory, bootstrapNodes } = cluster
    this.#producer = new KafkaProducer(process, network, directory, {
      config: PRODUCER,
      topics: [topic.name],
      bootstrapNodes,
      owner: {
        onSettled: (settled) => this.#settled(settled),
        onUnblocked: () => this.#freed(),
      },
      observer: { onBatchDone: () => {} },
    })
    this.#consumer = new Consumer(process, network, directory, {
      config: { ...CONSUMER_DEFAULTS, autoOffsetReset: 'earliest' },
      topics: [topic.name],
      assignments: cluster.topics
        .partitionsOf(topic.name)
        .map((partition) => ({ partition, start: null })),
      bootstrapNodes,
      observer: {
        onDelivered: (partition, batches, from, to) => this.#read(partition, batches, from, to),
        onSeek: (partition, _from, to) => this.#reached(partition, to),
      },
    })
    this.readToEnd(onStarted)
  }

  /** Reads and writes no more. */
  close(): void {
    this.#retry.cancel()
    this.#readers = []
    this.#producer?.close(0)
    this.#consumer?.stop()
  }

  // ---- reading ----------------------------------------------------------------------------------

  /** Calls `onDone` when all is read that is in the topic now, own writes included. */
  readToEnd(onDone: () => void): void {
    this.#free(() => this.#producer?.flush(() => this.#askEnds(onDone)))
  }

  #askEnds(onDone: () => void): void {
    const { admin, topic } = this.#options
    admin.endOffsets(topic.name, (_error, ends) => {
      if (ends === null) this.#later(() => this.#askEnds(onDone))
      else {
        this.#readers.push({ ends, onDone })
        this.#tellReaders()
      }
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
        if (offset >= from && offset < to) this.#options.onRecord(value, offset + 1)
      }
    }
    this.#reached(partition, to)
  }

  #reached(partition: PartitionIndex, offset: Offset): void {
    this.#positions.set(partition, offset)
    this.#tellReaders()
  }

  #tellReaders(): void {
    const isDone = ({ ends }: Reader) =>
      [...ends].every(([partition, end]) => (this.#positions.get(partition) ?? -1) >= end)
    const done = this.#readers.filter(isDone)
    if (done.length === 0) return
    this.#readers = this.#readers.filter((reader) => !done.includes(reader))
    for (const { onDone } of done) onDone()
  }

  // ---- writing ----------------------------------------------------------------------------------

  /** Number of partitions; 0 before it is started. */
  get partitions(): number {
    const { cluster, topic } = this.#options
    return cluster.topics.partitionsOf(topic.name).length
  }

  /** Writes one record; `onDone` hears whether it was acknowledged. */
  write(
    partition: number,
    value: object,
    payloadBytes: number,
    onDone: (isWritten: boolean) => void,
  ): void {
    const { process, recordIds, topic } = this.#options
    const { now } = process
    const firstRecordId = recordIds.next(1)
    const ids = [{ firstRecordId, count: 1, createdFirst: now, createdLast: now }]
    const tag = new Written(onDone)
    const records = { payloadBytes, ids, values: [value], tag }
    this.#producer?.send({ topic: topic.name, partition }, records)
  }

  #settled({ tag, outcome }: SettledRecords): void {
    invariant(tag instanceof Written, 'the log alone writes with its producer')
    tag.onDone(outcome === 'ok')
  }

  /** Now, or when send() has returned. */
  #free(fn: () => void): void {
    if (this.#producer?.isBlocked === true) this.#whenFree.push(fn)
    else fn()
  }

  #freed(): void {
    for (const fn of this.#whenFree.splice(0)) fn()
  }
}
