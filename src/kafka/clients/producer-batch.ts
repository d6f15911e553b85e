// Models: one batch of a producer from its first record to its fate.
// Leaves out: splitting of batches that a broker finds too large.
// Source: org.apache.kafka.clients.producer.internals.ProducerBatch.

import type { Micros } from '../../sim/time.ts'
import type { Packing } from '../compression.ts'
import type { IdRange } from '../id-ranges.ts'
import type { LeaderEpoch, PartitionIndex, ProducerEpoch, ProducerId, RecordId } from '../ids.ts'
import { NO_EPOCH, NO_PRODUCER } from '../ids.ts'
import type { ProducedBatch } from '../messages.ts'
import type { MemoryRecordsBuilder, RecordRun } from './memory-records-builder.ts'

export const NO_SEQUENCE = -1

/**
 * Records of one partition that share a fate: written, acknowledged, sent again and failed
 * together.
 */
export class ProducerBatch {
  /** Another one where its producer has come to another cluster meanwhile. */
  partition: PartitionIndex
  readonly firstRecordId: RecordId
  readonly builder: MemoryRecordsBuilder
  /** Index of the producer's lane that its records came from. */
  readonly lane: number
  /** How its records are packed; undefined: nothing would make them smaller. */
  readonly packing: Packing | undefined
  /** Creation and arrival of the first record are one moment. */
  readonly createdFirst: Micros
  createdLast: Micros
  /** Times that it was sent and came back for another try. */
  attempts = 0
  /** Earliest time of the next attempt, unless a new leader is known by then. */
  retryAt: Micros = 0
  /** An attempt ended without telling whether the log took it. */
  maybeWritten = false
  /** It takes no more records. */
  closed = false
  /** Its fate was reported; a late answer changes nothing. */
  done = false
  producerId: ProducerId = NO_PRODUCER
  producerEpoch: ProducerEpoch = -1
  baseSequence = NO_SEQUENCE
  /** Its sequence was rewritten after an epoch bump. */
  sequenceReset = false
  /** Newest leader epoch known when it was last looked at, and the attempt at which that rose. */
  private leaderEpoch: LeaderEpoch = NO_EPOCH
  private attemptOfLeaderChange = -1

  constructor(
    partition: PartitionIndex,
    firstRecordId: RecordId,
    builder: MemoryRecordsBuilder,
    lane: number,
    created: Micros,
    packing?: Packing,
  ) {
    this.partition = partition
    this.firstRecordId = firstRecordId
    this.builder = builder
    this.lane = lane
    this.packing = packing
    this.createdFirst = created
    this.createdLast = created
  }

  get count(): number {
    return this.builder.count
  }

  /** Bytes on the wire and in the log. */
  get bytes(): number {
    return this.builder.bytes
  }

  /** What the producer takes its bytes for; nothing before it has a record. */
  get estimatedBytes(): number {
    return this.count === 0 ? 0 : this.builder.estimatedBytes
  }

  /** Takes no more, though nobody has found out by trying; then it need not wait for linger.ms. */
  get isFull(): boolean {
    return this.closed || this.builder.isFull
  }

  get inRetry(): boolean {
    return this.attempts > 0
  }

  get hasSequence(): boolean {
    return this.baseSequence !== NO_SEQUENCE
  }

  /** Of its last record; without a meaning before it has a sequence. */
  get lastSequence(): number {
    return this.baseSequence + this.count - 1
  }

  /**
   * Appends as many as have room of the next `max` records of a run, and closes where the next has
   * none.
   * @returns how many
   */
  append(run: RecordRun, max: number): number {
    const taken = this.fill(run, max)
    if (taken > 0) this.createdLast = run.createdAt(taken - 1)
    return taken
  }

  /** As `append`, without a look at the times: those of a handed-over record are its own. */
  protected fill(run: RecordRun, max: number): number {
    const taken = this.closed ? 0 : this.builder.append(run, max)
    if (taken < max) this.closed = true
    return taken
  }

  /**
   * Numbers it for the first time, or, after an epoch bump, anew; the second is remembered, because
   * its first number may be in the log (ProducerBatch.resetProducerState).
   */
  assignSequence(id: ProducerId, epoch: ProducerEpoch, baseSequence: number): void {
    this.sequenceReset = this.hasSequence
    this.producerId = id
    this.producerEpoch = epoch
    this.baseSequence = baseSequence
  }

  /** It comes back from an attempt and is not sent within `wait` µs from now. */
  reenqueued(now: Micros, wait: Micros): void {
    this.attempts++
    this.retryAt = now + wait
  }

  /**
   * Whether its partition's leader changed since the last attempt: then the retry need not wait
   * (KIP-951). Remembers the epoch.
   */
  leaderChanged(epoch: LeaderEpoch): boolean {
    if (epoch > this.leaderEpoch) {
      this.attemptOfLeaderChange = this.attempts
      this.leaderEpoch = epoch
    }
    return this.attempts > 0 && this.attemptOfLeaderChange === this.attempts
  }

  /** The immutable form that travels; later changes of sequence do not reach what is on its way. */
  onWire(): ProducedBatch {
    const { createdFirst, createdLast, packing } = this
    return this.wireOf(createdFirst, createdLast, packing, undefined, undefined)
  }

  /** Always the same keys in the same order, so that all who read batches read one shape. */
  protected wireOf(
    createdFirst: Micros,
    createdLast: Micros,
    packing: Packing | undefined,
    ids: readonly IdRange[] | undefined,
    values: readonly object[] | undefined,
  ): ProducedBatch {
    return {
      count: this.count,
      bytes: this.bytes,
      payloadBytes: this.builder.payloadBytes,
      producerId: this.producerId,
      producerEpoch: this.producerEpoch,
      baseSequence: this.baseSequence,
      firstRecordId: this.firstRecordId,
      createdFirst,
      createdLast,
      packing,
      ids,
      values,
    }
  }
}
