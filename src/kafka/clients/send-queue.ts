// Models: KafkaProducer.send as its caller sees it: into batches at once, or it blocks; and flush.
// Leaves out: several threads that send through one producer, transactions.
// Source: org.apache.kafka.clients.producer.KafkaProducer (doSend, waitOnMetadata, flush),
// producer.internals.RecordAccumulator (append, beginFlush, awaitFlushCompletion).

import { invariant } from '../../sim/invariant.ts'
import type { Checked } from '../../sim/state-checks.ts'
import type { Micros } from '../../sim/time.ts'
import { NEVER } from '../../sim/time.ts'
import { type IdRange, sliceRanges } from '../id-ranges.ts'
import { NO_OFFSET, type PartitionIndex } from '../ids.ts'
import { batchBytesUpperBound } from '../network/record-sizes.ts'
import type { Accumulator } from './accumulator.ts'
import { HandedBatch, type HandedRecords } from './handed-batch.ts'
import type { ClientMetadata } from './metadata.ts'
import type { ProducerBatch } from './producer-batch.ts'
import type { ProduceError } from './producer-observer.ts'
import type {
  BatchFate,
  BlockedEnd,
  BlockReason,
  RecordIntake,
  RefusedRecord,
} from './record-intake.ts'
import { SendStall } from './send-stall.ts'
import type { StickyChoice } from './sticky-choice.ts'

/** Where handed-over records go. */
export interface SendTarget {
  readonly topic: string
  /**
   * Number of the partition; a choice by key, once it is known how many there are; null: the sticky
   * partitioner's choice.
   */
  readonly partition: number | ((partitions: number) => number) | null
}

/** Records of one hand-over that met their fate together. */
export interface SettledRecords {
  readonly tag: object
  /** -1 where they never got one. */
  readonly partition: PartitionIndex
  /** Records of the same hand-over before the first of these. */
  readonly skip: number
  readonly ids: readonly IdRange[]
  /** Offset of the first of them with outcome `ok`; -1 where unknown. */
  readonly baseOffset: number
  readonly outcome: BatchFate['outcome']
  readonly error: ProduceError
}

/** Whoever calls send(). */
export interface SendOwner {
  /** Kafka's Callback: in the order of each partition's log. May send more. */
  onSettled(records: SettledRecords): void
  /** send() has returned after it had blocked. */
  onUnblocked?(): void
  /** send() has stood still for long, for a place that no metadata names; told once each. */
  onStalled?(reason: string): void
}

export interface SendQueueConfig {
  readonly batchSizeBytes: number
  readonly bufferMemoryBytes: number
  readonly maxBlockMs: number
  readonly maxRequestSizeBytes: number
}

/** One call of send() for many records: in Kafka a loop over send(), record by record. */
interface HandOver {
  readonly target: SendTarget
  readonly records: HandedRecords
  readonly count: number
  /** Records that have gone into batches, or were refused. */
  taken: number
}

/** What was under way when flush() was called; later batches are not waited for. */
interface Flush {
  readonly left: Set<ProducerBatch>
  readonly onDone: () => void
}

/**
 * send() as one caller after the other sees it: in the order of their calls, each one blocked by
 * whatever blocks the first.
 */
export class SendQueue implements RecordIntake, Checked {
  private readonly config: SendQueueConfig
  private readonly accumulator: Accumulator
  private readonly metadata: ClientMetadata
  private readonly stickyFor: (topic: string) => StickyChoice
  private readonly owner: SendOwner
  /** By topic, for records without keys; they live as long as the producer. */
  private readonly choices = new Map<string, StickyChoice>()
  /** The first stands in send(); those behind it would block the caller’s thread too. */
  private readonly waiting: HandOver[] = []
  private blocked: { readonly since: Micros; readonly reason: BlockReason } | null = null
  private flushes: Flush[] = []
  private readonly stall: SendStall
  /** Smaller of max.request.size and buffer.memory: no batch could ever hold more. */
  private readonly largestRecord: number

  constructor(
    config: SendQueueConfig,
    accumulator: Accumulator,
    metadata: ClientMetadata,
    stickyFor: (topic: string) => StickyChoice,
    owner: SendOwner,
  ) {
    this.config = config
    this.accumulator = accumulator
    this.metadata = metadata
    this.stickyFor = stickyFor
    this.owner = owner
    this.stall = new SendStall(metadata, (reason) => owner.onStalled?.(reason))
    this.largestRecord = Math.min(config.maxRequestSizeBytes, config.bufferMemoryBytes)
  }

  get blockedOn(): BlockReason | null {
    return this.blocked?.reason ?? null
  }

  /** Topic of the oldest hand-over that is not done; null where none waits. */
  get blockedTopic(): string | null {
    return this.waiting[0]?.target.topic ?? null
  }

  /** The caller stands in send(): what it hands over meanwhile comes behind. */
  get isBlocked(): boolean {
    return this.waiting.length > 0
  }

  /** Takes records over; they are in batches when it returns, unless it blocks. */
  send(target: SendTarget, records: HandedRecords, now: Micros): void {
    const count = records.ids.reduce((sum, range) => sum + range.count, 0)
    if (count === 0) return
    this.metadata.addTopic(target.topic)
    const handOver = { target, records, count, taken: 0 }
    if (batchBytesUpperBound(records.payloadBytes) > this.largestRecord) {
      this.settle(handOver, count, 'RECORD_TOO_LARGE')
      return
    }
    this.waiting.push(handOver)
    if (this.waiting.length === 1) this.pull(now)
  }

  /**
   * Goes on with blocked calls, oldest first, until one has to wait; its max.block.ms begins anew
   * where some of its records got through.
   */
  pull(now: Micros): void {
    const wasBlocked = this.blocked !== null
    while (this.waiting[0] !== undefined) {
      const [first] = this.waiting
      const before = first.taken
      const reason = this.place(first, now)
      if (reason === null) {
        this.waiting.shift()
        this.blocked = null
        continue
      }
      const isNew = this.blocked === null || first.taken > before
      const since = isNew ? now : (this.blocked?.since ?? now)
      this.blocked = { since, reason }
      const { topic, partition } = first.target
      const number = typeof partition === 'number' ? partition : null
      if (reason === 'metadata') this.stall.look(topic, number, since, now)
      break
    }
    if (wasBlocked && this.waiting.length === 0) this.unblocked()
  }

  /** Told once per wait, when the last hand-over has gone through. */
  private unblocked(): void {
    this.blocked = null
    this.owner.onUnblocked?.()
  }

  /** Moves what is left of a hand-over into batches; tells what it must wait for. */
  private place(handOver: HandOver, now: Micros): BlockReason | null {
    const { target, records } = handOver
    while (handOver.taken < handOver.count) {
      // A batch that was found full is the moment at which records without keys may go elsewhere.
      const partition = this.partitionFor(target)
      if (partition === null) return 'metadata'
      const queue = this.accumulator.queueOf(partition)
      const { newest } = queue
      let batch = newest instanceof HandedBatch && !newest.closed ? newest : null
      const first = sliceRanges(records.ids, handOver.taken, 1)[0]?.firstRecordId ?? -1
      batch ??= this.accumulator.newHandedBatch(queue, first, records.payloadBytes, now)
      if (batch === null) return 'memory'
      const before = batch.estimatedBytes
      handOver.taken += batch.take(records, handOver.taken, handOver.count - handOver.taken)
      if (target.partition !== null) continue
      this.choiceOf(target).produced(batch.estimatedBytes - before, batch.isFull)
    }
    return null
  }

  /** null until metadata knows the topic, and that partition of it. */
  private partitionFor(target: SendTarget): PartitionIndex | null {
    const { topic, partition } = target
    if (partition === null) return this.choiceOf(target).next()
    const all = this.metadata.partitionsOf(topic)
    if (all.length === 0) return null
    return all[typeof partition === 'number' ? partition : partition(all.length)] ?? null
  }

  /** The sticky partition of the topic, made at the first record without a key. */
  private choiceOf({ topic }: SendTarget): StickyChoice {
    let choice = this.choices.get(topic)
    if (choice === undefined) {
      choice = this.stickyFor(topic)
      this.choices.set(topic, choice)
    }
    return choice
  }

  /** When the blocked send() throws; NEVER where none blocks. */
  blockDeadline(): Micros {
    if (this.blocked === null) return NEVER
    return Math.min(NEVER, this.blocked.since + this.config.maxBlockMs * 1_000)
  }

  /**
   * One record fails and is told to its owner; the next stands in send() from now.
   * @throws InvariantViolation where nothing blocks
   */
  refuseBlocked(now: Micros, error: BlockedEnd): RefusedRecord {
    const [first] = this.waiting
    const blocked = this.blocked
    invariant(first !== undefined && blocked !== null, 'only a blocked send() can give up')
    const recordId = sliceRanges(first.records.ids, first.taken, 1)[0]?.firstRecordId ?? -1
    if (first.taken === first.count - 1) this.waiting.shift()
    this.blocked = this.waiting.length > 0 ? { ...blocked, since: now } : null
    this.settle(first, 1, error)
    if (this.waiting.length === 0) this.unblocked()
    return { partition: -1, recordId, createdAt: blocked.since }
  }

  /** Records come when they are handed over, and by no schedule. */
  nextReadyAt(): Micros {
    return NEVER
  }

  /** NEVER: a hand-over wakes the sender by itself. */
  nextWakeAt(): Micros {
    return NEVER
  }

  /** Tells the owners of its records, in their order, then those whose flush that completes. */
  done(batch: ProducerBatch, fate: BatchFate): void {
    if (batch instanceof HandedBatch) this.settleBatch(batch, fate)
    for (const flush of this.flushes) flush.left.delete(batch)
    this.endFlushes()
  }

  /** Owners hear slice by slice, with offsets that follow one another in the log. */
  private settleBatch(batch: HandedBatch, { outcome, error, baseOffset }: BatchFate): void {
    const { partition } = batch
    let before = 0
    for (const { records, skip, count } of batch.slices) {
      const ids = sliceRanges(records.ids, skip, count)
      const base = baseOffset < 0 ? NO_OFFSET : baseOffset + before
      const { tag } = records
      this.owner.onSettled({ tag, partition, skip, ids, baseOffset: base, outcome, error })
      before += count
    }
  }

  /** The next `count` records of a hand-over fail before they have a partition. */
  private settle(handOver: HandOver, count: number, error: ProduceError): void {
    const { tag, ids } = handOver.records
    const skip = handOver.taken
    handOver.taken += count
    this.owner.onSettled({
      tag,
      partition: -1,
      skip,
      ids: sliceRanges(ids, skip, count),
      baseOffset: NO_OFFSET,
      outcome: 'fail',
      error,
    })
  }

  /** Everything is sent without linger until what is in batches now has met its fate. */
  flush(onDone: () => void): void {
    invariant(!this.isBlocked, 'a thread that stands in send() cannot call flush()')
    const left = new Set<ProducerBatch>()
    for (const { inFlight, batches } of this.accumulator.queues) {
      for (const batch of inFlight) left.add(batch)
      for (const batch of batches) left.add(batch)
    }
    this.flushes.push({ left, onDone })
    this.accumulator.isFlushing = true
  }

  /**
   * Who is blocked knows by what, and nothing lingers during a flush.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    const isBlocked = this.blocked !== null
    invariant(isBlocked === this.isBlocked, 'who stands in send() knows what for', { isBlocked })
    for (const { taken, count } of this.waiting) {
      invariant(taken < count, 'who waits in send() has records left', { taken, count })
    }
    const isFlushing = this.flushes.length > 0
    const { accumulator } = this
    invariant(accumulator.isFlushing === isFlushing, 'nothing lingers while somebody flushes', {
      isFlushing,
    })
  }

  /** Tells those whose flush is complete. */
  endFlushes(): void {
    if (this.flushes.every(({ left }) => left.size > 0)) return
    const ended = this.flushes.filter(({ left }) => left.size === 0)
    this.flushes = this.flushes.filter(({ left }) => left.size > 0)
    this.accumulator.isFlushing = this.flushes.length > 0
    for (const { onDone } of ended) onDone()
  }

  /** The producer is closed: what stands in send() gets an exception. */
  refuseAll(): void {
    this.blocked = null
    for (const handOver of this.waiting.splice(0)) {
      this.settle(handOver, handOver.count - handOver.taken, 'PRODUCER_CLOSED')
    }
  }
}
