// Models: a topic that a worker reads from its beginning, follows, and writes to.
// Leaves out: errors for which nobody tries again, but at the start.
// Source: org.apache.kafka.connect.util.KafkaBasedLog, TopicAdmin.

import { PRODUCER_DEFAULTS, type ProducerConfig } from '../../kafka/clients/producer-config.ts'
import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { RecordIds } from '../../kafka/internal-record-ids.ts'
import { invariant } from '../../sim/invariant.ts'
import type { Network } from '../../sim/network.ts'
import type { Process, Timer } from '../../sim/process.ts'
import { MS } from '../../sim/time.ts'
import type { ClusterPort } from '../cluster-port.ts'
import { FollowedTopic } from '../followed-topic.ts'
import { CONNECT_TIMEOUTS } from './connect-timeouts.ts'
import { LogOpening } from './log-opening.ts'
import type { LogEnds, LogTopic, TopicAdmin } from './log-topic.ts'

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
/** Without it, a call that is refused at once would be tried again in the same instant. */
const RETRY = 100 * MS

interface Reader {
  readonly ends: LogEnds
  readonly onDone: () => void
}

/**
 * The state of a group of workers is a topic, and not what any of them holds: whoever writes reads
 * back before it acts, and whoever starts reads all. Owned by a store or by a task, one for each
 * topic and process. It opens in good time or not at all; once it is open, an end that nobody tells
 * is asked for again and again, for ever.
 */
export class TopicLog {
  readonly #options: TopicLogOptions
  /** What is to be tried again, each at its time: readers do not wait for one another. */
  readonly #retries = new Set<Timer>()
  readonly #positionTimer: Timer
  /** By partition: all below has been heard. */
  readonly #positions = new Map<PartitionIndex, Offset>()
  #opening: LogOpening | null = null
  #topic: FollowedTopic | null = null
  /** Who waits for an end; ends are taken once, so that records that come later hold nobody up. */
  #readers: Reader[] = []
  #onFailed: (reason: string) => void = () => {}

  constructor(options: TopicLogOptions) {
    this.#options = options
    this.#positionTimer = options.process.timer(() => this.#giveUp())
  }

  /**
   * Creates the topic where it is missing and reads all of it. `onFailed` hears why it cannot: the
   * log is closed then, and what was read of it counts for nothing.
   */
  start(onStarted: () => void, onFailed: (reason: string) => void): void {
    const { process, admin, topic } = this.#options
    invariant(this.#opening === null, 'a log is opened once', { topic: topic.name })
    this.#onFailed = onFailed
    this.#opening = new LogOpening({
      ...{ process, admin, topic, onFailed: (reason: string) => this.#fail(reason) },
      onOpened: (ends) => this.#open(ends, onStarted),
    })
    this.#opening.start()
  }

  #open(ends: LogEnds, onStarted: () => void): void {
    const { topic } = this.#options
    this.#topic = new FollowedTopic({
      ...this.#options,
      topic: topic.name,
      producer: PRODUCER,
      onReached: (partition, offset) => this.#reached(partition, offset),
    })
    // Consumer.position(): where a partition begins must be known in time; from there on it may be
    // as long as it takes.
    this.#positionTimer.arm(CONNECT_TIMEOUTS.clientCall)
    this.#readers.push({ ends, onDone: onStarted })
    this.#tellReaders()
  }

  #giveUp(): void {
    const { name } = this.#options.topic
    const waiting = this.#readers.flatMap(({ ends }) => [...ends.keys()])
    if (waiting.some((partition) => !this.#positions.has(partition))) {
      this.#fail(`cannot find the beginning of ${name}: REQUEST_TIMED_OUT`)
    }
  }

  #fail(reason: string): void {
    this.close()
    this.#onFailed(reason)
  }

  #later(fn: () => void): void {
    const retry = this.#options.process.timer(() => {
      this.#retries.delete(retry)
      fn()
    })
    this.#retries.add(retry)
    retry.arm(RETRY)
  }

  /** Reads and writes no more. */
  close(): void {
    this.#opening?.cancel()
    this.#positionTimer.cancel()
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
