// Models: a topic that a worker reads from its beginning, follows, and writes to.
// Leaves out: a worker that gives up at its start.
// Source: org.apache.kafka.connect.util.KafkaBasedLog, TopicAdmin.

import type { AdminError } from '../../kafka/clients/admin/call.ts'
import { PRODUCER_DEFAULTS, type ProducerConfig } from '../../kafka/clients/producer-config.ts'
import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { RecordIds } from '../../kafka/internal-record-ids.ts'
import type { Network } from '../../sim/network.ts'
import type { Process, Timer } from '../../sim/process.ts'
import { SECOND } from '../../sim/time.ts'
import type { ClusterPort } from '../cluster-port.ts'
import { FollowedTopic } from '../followed-topic.ts'

/** A topic of the workers' own, as it is to be made where it is missing. */
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

/**
 * The state of a group of workers is a topic, and not what any of them holds: whoever writes reads
 * back before it acts, and whoever starts reads all. Owned by a store or by a task, one for each
 * topic and process. A call of the administration that fails is tried again every 10 s, for ever.
 */
export class TopicLog {
  readonly #options: TopicLogOptions
  /** What is to be tried again, each at its time: readers do not wait for one another. */
  readonly #retries = new Set<Timer>()
  /** By partition: all below has been heard. */
  readonly #positions = new Map<PartitionIndex, Offset>()
  #topic: FollowedTopic | null = null
  /** Who waits for an end; ends are taken once, so that records that come later hold nobody up. */
  #readers: Reader[] = []

  constructor(options: TopicLogOptions) {
    this.#options = options
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
    const retry = this.#options.process.timer(() => {
      this.#retries.delete(retry)
      fn()
    })
    this.#retries.add(retry)
    retry.arm(RETRY)
  }

  #open(onStarted: () => void): void {
    const { topic } = this.#options
    this.#topic = new FollowedTopic({
      ...this.#options,
      topic: topic.name,
      producer: PRODUCER,
      onReached: (partition, offset) => this.#reached(partition, offset),
    })
    this.readToEnd(onStarted)
  }

  /** Reads and writes no more. */
  close(): void {
    for (const retry of this.#retries) retry.cancel()
    this.#retries.clear()
    this.#readers = []
    this.#topic?.close()
  }

  // ---- reading ----------------------------------------------------------------------------------

  /**
   * Calls `onDone` when all is read that is in the topic now, own writes included: these are sent
   * first, for the end that is asked for afterwards lies behind them. While one of them cannot be
   * delivered nobody gets any further.
   */
  readToEnd(onDone: () => void): void {
    this.flush(() => this.#askEnds(onDone))
  }

  /** Calls back when all that was written before is acknowledged; it waits for ever. */
  flush(onDone: () => void): void {
    this.#topic?.flush(onDone)
  }

  /** Now, or when send() has returned to who stands in it. */
  whenSent(fn: () => void): void {
    this.#topic?.whenSent(fn)
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
    this.#topic?.write(partition, value, payloadBytes, (offset) => onDone(offset !== null))
  }
}
