// Records what clients sent, were told and read.

import type { ProducedRow } from '../../history/facts.ts'
import {
  FAIL,
  type History,
  NO_EVENT,
  OK,
  PENDING,
  RECORDS_PER_STREAM,
  UNKNOWN,
} from '../../history.ts'
import type { Producer } from '../../kafka/clients/producer.ts'
import type {
  ProduceError,
  ProduceOutcome,
  ProducerObserver,
} from '../../kafka/clients/producer-observer.ts'
import type { KafkaError } from '../../kafka/errors.ts'
import { type IdRange, sliceRange } from '../../kafka/id-ranges.ts'
import type { Offset, PartitionIndex, RecordId } from '../../kafka/ids.ts'
import type { Micros } from '../../sim/time.ts'
import type { Causes } from './causes.ts'
import type { Clock } from './clock.ts'
import { isRefusal } from './refusals.ts'

const OUTCOMES = { ok: OK, fail: FAIL, unknown: UNKNOWN } as const

/** A record that waited this long, while nothing was acknowledged, is worth a line in the story. */
const PAUSE: Micros = 2_000_000

/** What is asked of a producer when it ends. */
type Followed = Pick<Producer, 'unfinished' | 'blockedSend'>

/** History of one producer. */
export class ProducerRecorder implements ProducerObserver {
  readonly #history: History
  readonly #causes: Causes
  readonly #name: string
  readonly #clock: Clock
  readonly #lastAckAt: (Micros | undefined)[] = []
  /** Since when a record waited that was given up after the last acknowledgement. */
  readonly #failedSince: (Micros | undefined)[] = []
  readonly #told = new Set<string>()
  /** Told of every acknowledgement. */
  onServed: () => void = () => {}
  #producer: Followed | null = null
  /** A record that send() stood still with, until its batch has its fate. */
  #held: { readonly recordId: RecordId; readonly since: Micros } | null = null
  /** Why its serializer came to nothing last; again before an acknowledgement it is no news. */
  #schemaTrouble = { text: '', event: NO_EVENT }

  constructor(history: History, causes: Causes, name: string, clock: Clock) {
    this.#history = history
    this.#causes = causes
    this.#name = name
    this.#clock = clock
  }

  /**
   * A row of the history; one with the record that send() had stood still with is parted there, as
   * that record was made earlier.
   */
  onBatchDone(
    partition: PartitionIndex,
    firstRecordId: RecordId,
    count: number,
    bytes: number,
    createdFirst: Micros,
    createdLast: Micros,
    outcome: ProduceOutcome,
    error: ProduceError,
    baseOffset: Offset,
    attempts: number,
  ): void {
    const history = this.#history
    if (outcome === 'ok') this.onServed()
    if (outcome === 'ok') this.#acknowledged(partition, this.#clock.of(createdFirst))
    const row: ProducedRow = {
      stream: Math.floor(firstRecordId / RECORDS_PER_STREAM),
      partition,
      firstRecordId,
      count,
      bytes,
      createdFirst: this.#clock.of(createdFirst),
      createdLast: this.#clock.of(createdLast),
      doneAt: this.#clock.now(),
      outcome: OUTCOMES[outcome],
      error: error === 'NONE' ? -1 : history.names.id(error),
      baseOffset,
      attempts,
    }
    if (this.#isHeldIn(row)) this.#pushHeld(row)
    else history.produced.push(row)
    if (outcome === 'ok') return
    this.#failedSince[partition] ??= this.#waitedSince(partition, row.createdFirst)
    this.#tell(partition, error, `gives up on records: ${error}`)
  }

  /** The same error of a partition is told once until something is acknowledged. */
  onError(
    partition: PartitionIndex,
    _firstRecordId: RecordId,
    _count: number,
    error: KafkaError,
  ): void {
    this.#tell(partition, error, `${error} from ${this.#history.partitionName(partition)}`)
  }

  /** The record's wait counts from `since`, world time. */
  onSendReturned(recordId: RecordId, since: Micros): void {
    this.#held = { recordId, since }
  }

  #isHeldIn({ firstRecordId, count }: ProducedRow): boolean {
    if (this.#held === null) return false
    const { recordId } = this.#held
    return recordId >= firstRecordId && recordId < firstRecordId + count
  }

  /** One record of a batch was handed over long before those behind it: it has a row of its own. */
  #pushHeld(row: ProducedRow): void {
    if (this.#held === null) return
    const skip = this.#held.recordId - row.firstRecordId
    const createdAt = this.#clock.of(this.#held.since)
    this.#held = null
    this.#pushPart(row, sliceRange(row, 0, skip))
    const own = { ...sliceRange(row, skip, 1), createdFirst: createdAt, createdLast: createdAt }
    this.#pushPart(row, own)
    this.#pushPart(row, sliceRange(row, skip + 1, row.count - skip - 1))
  }

  #pushPart(row: ProducedRow, { firstRecordId, count, createdFirst, createdLast }: IdRange): void {
    if (count === 0) return
    const skip = firstRecordId - row.firstRecordId
    const baseOffset = row.baseOffset < 0 ? row.baseOffset : row.baseOffset + skip
    const bytes = Math.ceil((row.bytes * count) / row.count)
    const part = { firstRecordId, count, createdFirst, createdLast, baseOffset, bytes }
    this.#history.produced.push({ ...row, ...part })
  }

  /** Follows an incarnation of its producer. */
  follow(producer: Followed): void {
    this.#producer = producer
  }

  /** The run, or the process, is over: what was handed over and has no fate stays undecided. */
  close(): void {
    for (const batch of this.#producer?.unfinished() ?? []) {
      const { partition, firstRecordId, count, bytes, createdFirst, createdLast } = batch
      this.#history.produced.push({
        stream: Math.floor(firstRecordId / RECORDS_PER_STREAM),
        partition,
        firstRecordId,
        count,
        bytes,
        createdFirst: this.#clock.of(createdFirst),
        createdLast: this.#clock.of(createdLast),
        doneAt: this.#clock.now(),
        outcome: PENDING,
        error: -1,
        baseOffset: -1,
        attempts: batch.attempts,
      })
    }
    this.#keepBlocked()
    this.#producer = null
  }

  /** A record that its serializer still keeps: it has no number, but somebody waits for it. */
  #keepBlocked(): void {
    const blocked = this.#producer?.blockedSend() ?? null
    if (blocked === null) return
    const { partition, since, recordId } = blocked
    const createdAt = this.#clock.of(since)
    this.#history.produced.push({
      stream: Math.floor(recordId / RECORDS_PER_STREAM),
      partition,
      firstRecordId: recordId,
      count: 1,
      bytes: 0,
      createdFirst: createdAt,
      createdLast: createdAt,
      doneAt: this.#clock.now(),
      outcome: PENDING,
      error: -1,
      baseOffset: -1,
      attempts: 0,
    })
  }

  /** The application cannot make bytes of its records. */
  onSchemaTrouble(text: string): void {
    if (this.#schemaTrouble.text === text) return
    const at = this.#clock.now()
    const actor = `producer ${this.#name}`
    const cause = this.#causes.ofRefusal()
    this.#schemaTrouble = {
      text,
      event: this.#history.event({ at, actor, kind: 'schema-failed', text, cause }),
    }
  }

  /** The first error of its kind since the last acknowledgement is a line; the others are rows. */
  #tell(partition: PartitionIndex, error: string, text: string): void {
    const history = this.#history
    const at = this.#clock.now()
    const client = history.names.id(this.#name)
    const key = `${partition}/${error}`
    let event = -1
    if (!this.#told.has(key)) {
      this.#told.add(key)
      const actor = `producer ${this.#name}`
      event = history.event({ at, actor, text, partition, ...this.#kindOf(partition, error) })
    }
    history.clientErrors.push({ client, error: history.names.id(error), partition, at, event })
  }

  #kindOf(partition: PartitionIndex, error: string) {
    if (isRefusal(error)) {
      return { kind: 'unauthorized', cause: this.#causes.ofRefusal(), values: { error } }
    }
    if (error === 'SERIALIZATION_FAILED') {
      return { kind: 'client-error', cause: this.#schemaTrouble.event }
    }
    return { kind: 'client-error', cause: this.#causes.ofPartition(partition, []) }
  }

  /** An acknowledgement was missed from a record's creation on, or since the last one. */
  #waitedSince(partition: PartitionIndex, created: Micros): Micros {
    return Math.max(this.#lastAckAt[partition] ?? created, created)
  }

  #acknowledged(partition: PartitionIndex, created: Micros): void {
    const at = this.#clock.now()
    const waitedSince = this.#failedSince[partition] ?? this.#waitedSince(partition, created)
    this.#failedSince[partition] = undefined
    this.#lastAckAt[partition] = at
    if (this.#told.size > 0) {
      this.#told.clear()
      this.#schemaTrouble = { text: '', event: NO_EVENT }
    }
    if (at - waitedSince < PAUSE || this.#causes.fault < 0) return
    const seconds = ((at - waitedSince) / 1_000_000).toFixed(1)
    const name = this.#history.partitionName(partition)
    this.#history.event({
      at,
      actor: `producer ${this.#name}`,
      kind: 'produce-resumed',
      text: `first acknowledgement from ${name} after ${seconds} s`,
      cause: this.#causes.ofPartition(partition, []),
      partition,
      values: { pauseMs: (at - waitedSince) / 1000 },
    })
  }
}
