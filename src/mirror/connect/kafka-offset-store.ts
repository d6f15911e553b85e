// Models: where source tasks have come to, kept in a topic of the target.
// Leaves out: offset topics of a connector's own; flushes of several tasks in one transaction.
// Source: org.apache.kafka.connect.storage.KafkaOffsetBackingStore, OffsetStorageWriter.

import { partitionForKey } from '../../kafka/clients/murmur2.ts'
import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import { invariant } from '../../sim/invariant.ts'
import type { Process, Timer } from '../../sim/process.ts'
import { millis } from '../../sim/time.ts'
import type { OffsetStore, SourceOffsets } from './source-offsets.ts'
import { TopicLog, type TopicLogOptions } from './topic-log.ts'

/** A record of the topic: its key is connector and partition. */
interface StoredOffset {
  readonly connector: string
  readonly partition: PartitionIndex
  readonly offset: Offset
}

function isStoredOffset(value: object): value is StoredOffset {
  return 'connector' in value && 'partition' in value && 'offset' in value
}

/** Key and value as JSON: a connector, a cluster, a topic, a partition, an offset. */
const OFFSET_BYTES = 110

export interface OffsetStoreOptions extends Omit<TopicLogOptions, 'onRecord'> {
  /** offset.flush.timeout.ms: a flush that takes longer has failed, though it may still arrive. */
  readonly offsetFlushTimeoutMs: number
}

/**
 * Connect's sources need not be Kafka, so that no group of the source keeps the positions: they
 * stand at the cluster to which the records go, and a task that can produce can commit. A source
 * that is lost takes no positions with it.
 *
 * A task begins where the topic says that its predecessor was. What was copied after that is copied
 * again: Connect’s delivery is at least once.
 */
export class KafkaOffsetStore implements OffsetStore {
  readonly #process: Process
  readonly #timeoutMs: number
  readonly #log: TopicLog
  /** As far as the topic was read; own writes are among them once they have come back. */
  readonly #offsets = new Map<string, Map<PartitionIndex, Offset>>()

  constructor(options: OffsetStoreOptions) {
    this.#process = options.process
    this.#timeoutMs = options.offsetFlushTimeoutMs
    const onRecord = (value: object) => {
      invariant(isStoredOffset(value), 'the offset topic holds what workers write into it')
      this.#take(value)
    }
    this.#log = new TopicLog({ ...options, onRecord })
  }

  /** Makes the topic where it is missing and reads all of it; `onFailed` hears why it cannot. */
  start(onStarted: () => void, onFailed: (reason: string) => void): void {
    this.#log.start(onStarted, onFailed)
  }

  /** A task is about to start: what another worker wrote last must be known. */
  readToEnd(onDone: () => void): void {
    this.#log.readToEnd(onDone)
  }

  #take({ connector, partition, offset }: StoredOffset): void {
    const known = this.#offsets.get(connector) ?? new Map<PartitionIndex, Offset>()
    known.set(partition, offset)
    this.#offsets.set(connector, known)
  }

  /** A copy; empty for a connector that has never committed. */
  read(connector: string): SourceOffsets {
    return new Map(this.#offsets.get(connector))
  }

  /** Each flush is one attempt; what is acknowledged after its time-out counts as not written. */
  write(connector: string, offsets: SourceOffsets, onDone: (isWritten: boolean) => void): void {
    const { partitions } = this.#log
    invariant(partitions > 0, 'the offset topic is read before it is written', { partitions })
    const flush = new Flush(this.#process, this.#timeoutMs, offsets.size, onDone)
    for (const [partition, offset] of offsets) {
      const stored: StoredOffset = { connector, partition, offset }
      const number = partitionFor(connector, partition, this.#log.partitions)
      this.#log.write(number, stored, OFFSET_BYTES, (isWritten) => flush.answered(isWritten))
    }
  }
}

/**
 * Writes that are waited for together: one that fails or is late fails all, though some may stand.
 */
class Flush {
  readonly #timer: Timer
  readonly #onDone: (isWritten: boolean) => void
  #left: number
  #isOver = false

  constructor(
    process: Process,
    timeoutMs: number,
    count: number,
    onDone: (isWritten: boolean) => void,
  ) {
    this.#left = count
    this.#onDone = onDone
    this.#timer = process.timer(() => this.#end(false))
    if (count === 0) this.#end(true)
    else this.#timer.arm(millis(timeoutMs))
  }

  answered(isWritten: boolean): void {
    this.#left--
    if (!isWritten) this.#end(false)
    else if (this.#left === 0) this.#end(true)
  }

  #end(isWritten: boolean): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#timer.cancel()
    this.#onDone(isWritten)
  }
}

/** The default partitioner's choice for a key. */
function partitionFor(connector: string, partition: PartitionIndex, partitions: number): number {
  const key = JSON.stringify([connector, { partition }])
  const bytes = Uint8Array.from(key, (char) => char.charCodeAt(0))
  return partitionForKey(bytes, partitions)
}
