// Models: a coordinator's writes: gathered for a little, appended by its own broker, and done when
// the high watermark has passed them.
// Leaves out: rolling the state back after a refused append (only a lost leadership refuses one).
// Source: CoordinatorRuntime (append, flushCurrentBatch), CoordinatorPartitionWriter.

import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext } from '../../sim/process.ts'
import type { EventId, HandlerId } from '../../sim/scheduler.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { millis } from '../../sim/time.ts'
import type { KafkaError } from '../errors.ts'
import type { Offset, PartitionIndex } from '../ids.ts'
import { BATCH_HEADER_BYTES, recordBytes } from '../network/record-sizes.ts'
import { type CoordinatorValue, payloadBytesOf } from './group-values.ts'

/** Called once: NONE when what was written is committed. */
export type WriteDone = (error: KafkaError) => void

/** Appends to the partition's log on this broker. */
export interface CoordinatorWriter {
  /** @returns why nothing was appended, or NONE */
  append(partition: PartitionIndex, values: readonly CoordinatorValue[], bytes: number): KafkaError
}

export interface CoordinatorLogConfig {
  /** group.coordinator.append.linger.ms */
  readonly appendLingerMs: number
  /** offsets.commit.timeout.ms: for every write of a coordinator. */
  readonly writeTimeoutMs: number
}

interface PendingWrite {
  done: WriteDone | null
  /** What the high watermark must reach; unknown while the batch is open. */
  offset: Offset
  timeout: EventId
}

/**
 * What a coordinator says is true once it is committed, though it acts on it at once: an answer
 * waits for the high watermark, and a coordinator that is deposed before has told nobody.
 */
export class CoordinatorLog implements Checked {
  readonly partition: PartitionIndex
  /** End of the log as this coordinator wrote or loaded it, and of what is committed of it. */
  lastWritten: Offset = 0
  lastCommitted: Offset = 0
  /** What was in the log when this coordinator began. */
  loadedEnd: Offset = 0
  /** Whoever must know how much is committed. */
  onCommitted: ((offset: Offset) => void) | null = null
  readonly #context: ProcessContext
  readonly #writer: CoordinatorWriter
  readonly #config: CoordinatorLogConfig
  readonly #lingerHandler: HandlerId
  readonly #timeoutHandler: HandlerId<PendingWrite>
  /** Values and writes that wait for the open batch to be appended. */
  #values: CoordinatorValue[] = []
  #bytes = BATCH_HEADER_BYTES
  #open: PendingWrite[] = []
  #batch = 0
  /** Appended and not committed, ascending by offset. */
  #deferred: PendingWrite[] = []

  constructor(
    context: ProcessContext,
    partition: PartitionIndex,
    writer: CoordinatorWriter,
    config: CoordinatorLogConfig,
  ) {
    this.partition = partition
    this.#context = context
    this.#writer = writer
    this.#config = config
    this.#lingerHandler = context.handler((batch) => {
      if (batch === this.#batch) this.#flush()
    }, 'coordinator-linger')
    this.#timeoutHandler = context.handler((_a, _b, write: PendingWrite) => {
      this.#finish(write, 'REQUEST_TIMED_OUT')
    }, 'coordinator-timeout')
  }

  /** The log has been read: everything up to `end`, committed up to `committed`. */
  opened(end: Offset, committed: Offset): void {
    const { partition } = this
    invariant(committed <= end, 'what is committed has been written', { partition, committed, end })
    invariant(this.#values.length === 0, 'a log is read before it is written', { partition })
    this.lastWritten = end
    this.lastCommitted = committed
    this.loadedEnd = end
  }

  /** Offset that the next value will have. */
  get nextOffset(): Offset {
    return this.lastWritten + this.#values.length
  }

  /**
   * Writes `values`; `done` hears when they are committed. With no values it hears when everything
   * is committed that was written before, which may be at once.
   */
  write(values: readonly CoordinatorValue[], done: WriteDone): void {
    const isWaiting = this.#values.length > 0 || this.lastCommitted < this.lastWritten
    // A read: nothing it could tell is in doubt.
    if (values.length === 0 && !isWaiting) {
      done('NONE')
      return
    }
    const write: PendingWrite = { done, offset: this.lastWritten, timeout: -1 }
    const timeout = millis(this.#config.writeTimeoutMs)
    write.timeout = this.#context.schedule(timeout, this.#timeoutHandler, 0, 0, write)
    if (values.length === 0 && this.#values.length === 0) this.#deferred.push(write)
    else this.#gather(values, write)
  }

  #gather(values: readonly CoordinatorValue[], write: PendingWrite): void {
    const isFirst = this.#values.length === 0
    this.#open.push(write)
    for (const value of values) {
      this.#bytes += recordBytes(payloadBytesOf(value), 0, this.#values.length)
      this.#values.push(value)
    }
    const linger = this.#config.appendLingerMs
    if (linger === 0) this.#flush()
    else if (isFirst) this.#context.after(millis(linger), this.#lingerHandler, this.#batch)
  }

  #flush(): void {
    const values = this.#values
    const writes = this.#open
    const bytes = this.#bytes
    this.#values = []
    this.#open = []
    this.#bytes = BATCH_HEADER_BYTES
    this.#batch++
    // A high watermark that moves with the append itself must find the writes in their place.
    const expected = this.lastWritten + values.length
    this.lastWritten = expected
    const last = this.#deferred[this.#deferred.length - 1]
    invariant((last?.offset ?? 0) <= expected, 'writes are committed in their order')
    for (const write of writes) {
      write.offset = expected
      this.#deferred.push(write)
    }
    // One batch for all that was gathered: with group.coordinator.append.linger.ms, commits of many
    // members cost one append and one round of replication.
    const error = this.#writer.append(this.partition, values, bytes)
    if (error !== 'NONE') for (const write of writes) this.#finish(write, error)
  }

  /** The partition's high watermark moved. */
  onHighWatermark(offset: Offset): void {
    this.lastCommitted = Math.max(this.lastCommitted, Math.min(offset, this.lastWritten))
    this.onCommitted?.(this.lastCommitted)
    const deferred = this.#deferred
    let count = 0
    while ((deferred[count]?.offset ?? Number.POSITIVE_INFINITY) <= this.lastCommitted) count++
    if (count === 0) return
    this.#deferred = deferred.slice(count)
    for (const write of deferred.slice(0, count)) this.#finish(write, 'NONE')
  }

  /**
   * What waits was written and is not committed, in the order of the log.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    const { partition, lastWritten, lastCommitted } = this
    invariant(lastCommitted <= lastWritten, 'what is committed has been written', { partition })
    let before = lastCommitted
    for (const { offset } of this.#deferred) {
      invariant(offset >= before, 'writes are committed in their order', { partition, offset })
      invariant(offset <= lastWritten, 'what waits was written', { partition, offset })
      before = offset
    }
  }

  /** The partition is led elsewhere from now on: nobody will hear of a commit here. */
  close(): void {
    const writes = [...this.#deferred, ...this.#open]
    this.#deferred = []
    this.#open = []
    this.#values = []
    this.#batch++
    for (const write of writes) this.#finish(write, 'NOT_COORDINATOR')
  }

  #finish(write: PendingWrite, error: KafkaError): void {
    const { done } = write
    if (done === null) return
    write.done = null
    this.#context.cancel(write.timeout)
    done(error)
  }
}
