// Models: the topic in which a registry keeps its schemas, as one instance uses it: it makes the
// topic, reads all of it, writes to it, and waits until it has read what it must know.
// Leaves out: the check of a topic that is there (one partition, compacted); a store on disk.
// Source: storage.KafkaStore, storage.KafkaStoreReaderThread of confluentinc/schema-registry.

import { ADMIN_DEFAULTS } from '../kafka/clients/admin/admin-config.ts'
import { KafkaAdminClient } from '../kafka/clients/admin/kafka-admin-client.ts'
import { PRODUCER_DEFAULTS } from '../kafka/clients/producer-config.ts'
import type { Offset } from '../kafka/ids.ts'
import type { RecordIds } from '../kafka/internal-record-ids.ts'
import type { ClusterPort } from '../mirror/cluster-port.ts'
import { FollowedTopic } from '../mirror/followed-topic.ts'
import { invariant } from '../sim/invariant.ts'
import type { Network } from '../sim/network.ts'
import { fieldOf } from '../sim/plain-data.ts'
import type { Process, Timer } from '../sim/process.ts'
import { millis } from '../sim/time.ts'
import { SCHEMA_BYTES } from './messages.ts'
import type { SchemaRecord } from './schema-cache.ts'

export interface KafkaStoreConfig {
  readonly topic: string
  readonly replicationFactor: number
  readonly initTimeoutMs: number
}

export interface KafkaStoreOptions {
  readonly process: Process
  readonly network: Network
  readonly cluster: ClusterPort
  readonly recordIds: RecordIds
  readonly config: KafkaStoreConfig
  readonly onSchema: (record: SchemaRecord) => void
}

/** How a wait for the topic ended. */
export type StoreEnd = 'done' | 'timed-out' | 'failed'

/** It finds out where the topic ends by writing this, which says nothing. */
const NOOP = { kind: 'noop' } as const
const NOOP_BYTES = 20
const UNKNOWN: Offset = -1

interface Waiting {
  /** To be read, this one included; UNKNOWN while its write is not acknowledged. */
  offset: Offset
  readonly timer: Timer
  readonly onEnd: (end: StoreEnd) => void
}

/**
 * Every record that it reads goes to `onSchema`, its own writes among them: only what came back by
 * way of the topic is known.
 */
export class KafkaStore {
  readonly #options: KafkaStoreOptions
  #topic: FollowedTopic | null = null
  /** Offset of the last record read. */
  #read: Offset = UNKNOWN
  /** Of its own last successful write; UNKNOWN: a noop must tell where the topic ends. */
  #lastWritten: Offset = UNKNOWN
  readonly #waiting = new Set<Waiting>()

  /** Build one in each incarnation of its process. */
  constructor(options: KafkaStoreOptions) {
    this.#options = options
  }

  /** Makes the topic where it is missing and reads to its end; false: the instance cannot start. */
  init(onDone: (isReady: boolean) => void): void {
    const { process, network, cluster, config } = this.#options
    const { directory, bootstrapNodes } = cluster
    const options = {
      config: { ...ADMIN_DEFAULTS, apiTimeoutMs: config.initTimeoutMs },
      bootstrapNodes,
    }
    const admin = new KafkaAdminClient(process, network, directory, options)
    const end = (isThere: boolean) => {
      admin.close()
      if (isThere) this.#open(onDone)
      else onDone(false)
    }
    admin.listTopics((error, topics) => {
      if (error !== 'NONE') end(false)
      else if (topics.some(({ name }) => name === config.topic)) end(true)
      else this.#create(admin, end)
    })
  }

  /** With as many replicas as there are brokers alive, if these are fewer than are asked for. */
  #create(admin: KafkaAdminClient, onDone: (isThere: boolean) => void): void {
    const { topic: name, replicationFactor } = this.#options.config
    admin.describeCluster((error, alive) => {
      if (error !== 'NONE' || alive.length === 0) {
        onDone(false)
        return
      }
      const configs = { 'cleanup.policy': 'compact' }
      const replicas = Math.min(alive.length, replicationFactor)
      const topic = { name, partitions: 1, replicationFactor: replicas, configs }
      admin.createTopics([topic], (failed) =>
        onDone(failed === 'NONE' || failed === 'TOPIC_ALREADY_EXISTS'),
      )
    })
  }

  #open(onDone: (isReady: boolean) => void): void {
    const { topic, initTimeoutMs } = this.#options.config
    this.#topic = new FollowedTopic({
      ...this.#options,
      topic,
      producer: PRODUCER_DEFAULTS,
      onRecord: (value, next) => this.#take(value, next),
      onReached: () => this.#tellReached(),
    })
    this.awaitLastOffset(initTimeoutMs, (end) => onDone(end === 'done'))
  }

  #take(value: object, next: Offset): void {
    if (isSchemaRecord(value)) this.#options.onSchema(value)
    // It may be less than before: what a leader lost is read no more, and what was known stays.
    this.#read = next - 1
  }

  /** Waits until all is read that is in the topic now, as far as a write can tell. */
  awaitLastOffset(timeoutMs: number, onEnd: (end: StoreEnd) => void): void {
    if (this.#lastWritten === UNKNOWN) this.#write(NOOP, NOOP_BYTES, timeoutMs, onEnd)
    else this.#await(this.#lastWritten, timeoutMs, onEnd)
  }

  /** Writes a schema and waits until it has read it back. */
  put(record: SchemaRecord, timeoutMs: number, onEnd: (end: StoreEnd) => void): void {
    this.#write(record, SCHEMA_BYTES, timeoutMs, onEnd)
  }

  /** Somebody else may have written since. */
  markLastWrittenOffsetInvalid(): void {
    this.#lastWritten = UNKNOWN
  }

  /** Time counts from the return of send(): for the acknowledgement, then for the reading. */
  #write(value: object, bytes: number, timeoutMs: number, onEnd: (end: StoreEnd) => void): void {
    const topic = this.#topic
    invariant(topic !== null, 'a store that is not ready is asked for nothing')
    const ended = (end: StoreEnd) => {
      if (end !== 'done') this.markLastWrittenOffsetInvalid()
      onEnd(end)
    }
    let isRefused = false
    let waiting: Waiting | null = null
    topic.write(0, value, bytes, (offset) => {
      isRefused = offset === null
      // What is acknowledged after its time was given up: nobody learns of it.
      if (waiting === null || !this.#waiting.has(waiting)) return
      if (offset === null) this.#end(waiting, 'failed')
      else this.#written(waiting, offset, timeoutMs)
    })
    topic.whenSent(() => {
      if (isRefused) ended('failed')
      else waiting = this.#await(UNKNOWN, timeoutMs, ended)
    })
  }

  #written(waiting: Waiting, offset: Offset, timeoutMs: number): void {
    waiting.offset = offset
    this.#lastWritten = offset
    waiting.timer.arm(millis(timeoutMs))
    this.#tellReached()
  }

  #await(offset: Offset, timeoutMs: number, onEnd: (end: StoreEnd) => void): Waiting {
    const timer = this.#options.process.timer(() => this.#end(waiting, 'timed-out'))
    const waiting: Waiting = { offset, timer, onEnd }
    this.#waiting.add(waiting)
    timer.arm(millis(timeoutMs))
    this.#tellReached()
    return waiting
  }

  #tellReached(): void {
    for (const waiting of [...this.#waiting]) {
      const { offset } = waiting
      if (offset !== UNKNOWN && offset <= this.#read) this.#end(waiting, 'done')
    }
  }

  #end(waiting: Waiting, end: StoreEnd): void {
    waiting.timer.cancel()
    this.#waiting.delete(waiting)
    waiting.onEnd(end)
  }
}

function isSchemaRecord(value: object): value is SchemaRecord {
  return fieldOf(value, 'kind') === 'schema'
}
