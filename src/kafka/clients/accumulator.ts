// Models: a producer's buffer: batches by partition, bounded by buffer.memory.
// Leaves out: nothing.
// Source: org.apache.kafka.clients.producer.internals.RecordAccumulator, BufferPool.

import { invariant } from '../../sim/invariant.ts'
import type { Checked } from '../../sim/state-checks.ts'
import type { Micros } from '../../sim/time.ts'
import { millis, NEVER } from '../../sim/time.ts'
import type { CompressionType, Packing } from '../compression.ts'
import type { PartitionIndex, RecordId } from '../ids.ts'
import { batchBytesUpperBound } from '../network/record-sizes.ts'
import { CompressionRatioEstimator } from './compression-ratio.ts'
import { HandedBatch } from './handed-batch.ts'
import { MemoryRecordsBuilder } from './memory-records-builder.ts'
import { NodeLatencies } from './node-latencies.ts'
import { PartitionQueue } from './partition-queue.ts'
import { ProducerBatch } from './producer-batch.ts'

export interface AccumulatorConfig {
  /** batch.size: what a batch may hold, and what it takes of the memory from its opening on. */
  readonly batchSizeBytes: number
  /** buffer.memory; with none left send() blocks. */
  readonly bufferMemoryBytes: number
  readonly compressionType: CompressionType
  readonly partitionerAvailabilityTimeoutMs: number
}

/**
 * RecordAccumulator: batches by partition, and the memory that buffer.memory allows them. Memory is
 * given back when a batch is done, not when it is sent: a slow answer fills the buffer too.
 */
export class Accumulator implements Checked {
  readonly queues: PartitionQueue[] = []
  /** Creation of the batch to expire next; a lower bound, corrected when it is reached. */
  createdEarliest: Micros = NEVER
  /** Somebody waits for all batches: none lingers. */
  isFlushing = false
  /** Queues with something to send, longest unserved first; some may have become empty since. */
  private readonly active: PartitionQueue[] = []
  /** Scratch of `putServedLast`. */
  private readonly servedNow: PartitionQueue[] = []
  private readonly byPartition: (PartitionQueue | undefined)[] = []
  private readonly config: AccumulatorConfig
  private readonly estimator = new CompressionRatioEstimator()
  private readonly streamOf: (partition: PartitionIndex) => number
  /** What the choice of partitions for records without keys knows of nodes. */
  readonly latencies: NodeLatencies
  /** What is left of buffer.memory. */
  private memoryFree: number

  /** @param streamOf number of this producer's record stream to a partition, unique in a run. */
  constructor(config: AccumulatorConfig, streamOf: (partition: PartitionIndex) => number) {
    this.config = config
    this.streamOf = streamOf
    this.memoryFree = config.bufferMemoryBytes
    this.latencies = new NodeLatencies(millis(config.partitionerAvailabilityTimeoutMs))
  }

  /** Made at the first question; its stream of record ids is fixed from then on. */
  queueOf(partition: PartitionIndex): PartitionQueue {
    const known = this.byPartition[partition]
    if (known !== undefined) return known
    const queue = new PartitionQueue(partition, this.streamOf(partition))
    this.byPartition[partition] = queue
    this.queues.push(queue)
    return queue
  }

  /** Whether the partition had batches, or is about to have its first. */
  hasQueue(partition: PartitionIndex): boolean {
    return this.byPartition[partition] !== undefined
  }

  /** The queues that hold batches; cost grows with these, not with all partitions. */
  nonEmpty(): readonly PartitionQueue[] {
    const { active } = this
    let kept = 0
    for (let i = 0; i < active.length; i++) {
      const queue = active[i]
      if (queue.oldest === null) queue.isActive = false
      else if (kept++ < i) active[kept - 1] = queue
    }
    while (kept < active.length) active.pop()
    return active
  }

  private activate(queue: PartitionQueue): void {
    if (queue.isActive) return
    queue.isActive = true
    this.active.push(queue)
  }

  /** Every queue that may hold batches, to be looked at only; `nonEmpty` tidies the list. */
  get listed(): readonly PartitionQueue[] {
    return this.active
  }

  /** Queues marked as served come behind the others next time; an empty one is listed no more. */
  putServedLast(): void {
    const { active, servedNow } = this
    let kept = 0
    for (let i = 0; i < active.length; i++) {
      const queue = active[i]
      if (!queue.isServed) active[kept++] = queue
      else if (queue.oldest !== null) servedNow.push(queue)
      else queue.isActive = false
      queue.isServed = false
    }
    for (let i = 0; i < servedNow.length; i++) active[kept++] = servedNow[i]
    while (active.length > kept) active.pop()
    while (servedNow.length > 0) servedNow.pop()
  }

  /** What compression is expected to leave of a batch that is opened now. */
  get estimatedRatio(): number {
    return this.estimator.estimation
  }

  /** A batch that would be opened now for a record of this size. */
  builderFor(payloadBytes: number): MemoryRecordsBuilder {
    const { batchSizeBytes, compressionType } = this.config
    const limit = Math.max(batchSizeBytes, batchBytesUpperBound(payloadBytes))
    return new MemoryRecordsBuilder(limit, compressionType !== 'none', this.estimatedRatio)
  }

  /** Opens a batch at the end of a queue; null if the buffer has no memory for it. */
  newBatch(
    queue: PartitionQueue,
    lane: number,
    payloadBytes: number,
    created: Micros,
    packing?: Packing,
  ): ProducerBatch | null {
    const builder = this.allocate(payloadBytes)
    if (builder === null) return null
    const { partition, upcomingId } = queue
    const batch = new ProducerBatch(partition, upcomingId, builder, lane, created, packing)
    this.enqueue(queue, batch)
    return batch
  }

  /** The same for records that were handed over, the first of which has this id. */
  newHandedBatch(
    queue: PartitionQueue,
    firstRecordId: RecordId,
    payloadBytes: number,
    created: Micros,
  ): HandedBatch | null {
    const builder = this.allocate(payloadBytes)
    if (builder === null) return null
    const { compressionType } = this.config
    const batch = new HandedBatch(queue.partition, firstRecordId, builder, created, compressionType)
    this.enqueue(queue, batch)
    return batch
  }

  private allocate(payloadBytes: number): MemoryRecordsBuilder | null {
    const builder = this.builderFor(payloadBytes)
    const bytes = builder.writeLimit
    // Even a batch that alone exceeds the buffer gets through when nothing else is in it.
    if (this.memoryFree < bytes && this.memoryFree < this.config.bufferMemoryBytes) return null
    this.memoryFree -= bytes
    return builder
  }

  private enqueue(queue: PartitionQueue, batch: ProducerBatch): void {
    queue.add(batch)
    this.activate(queue)
    this.createdEarliest = Math.min(this.createdEarliest, batch.createdFirst)
  }

  /** The first batch of a queue goes under way. */
  sent(queue: PartitionQueue, batch: ProducerBatch): void {
    queue.sent(batch)
    if (batch.builder.isCompressed) this.estimator.update(batch.builder.ratio)
    this.lookAgainAt(queue)
  }

  /** An answer came; nothing happens if the batch expired meanwhile. */
  landed(batch: ProducerBatch): void {
    const queue = this.queueOf(batch.partition)
    queue.landed(batch)
    this.lookAgainAt(queue)
  }

  /**
   * A batch is to be sent again, before all that has no number yet; its memory was never given
   * back.
   */
  reenqueue(batch: ProducerBatch): void {
    const queue = this.queueOf(batch.partition)
    queue.reenqueue(batch)
    this.activate(queue)
    this.lookAgainAt(queue)
  }

  /** Another batch is the first of its queue now, and it may be an older one. */
  private lookAgainAt(queue: PartitionQueue): void {
    this.createdEarliest = Math.min(this.createdEarliest, queue.createdNext())
  }

  /** What was meant for a partition is for another one now, in the same order. */
  move(from: PartitionIndex, to: PartitionIndex): void {
    const old = this.byPartition[from]
    if (old === undefined) return
    const queue = this.queueOf(to)
    queue.takeOver(old)
    if (queue.oldest !== null) this.activate(queue)
    this.lookAgainAt(queue)
  }

  /** Nothing waits and nothing is under way. */
  get isEmpty(): boolean {
    return this.queues.every(({ batches, inFlight }) => batches.length + inFlight.length === 0)
  }

  /** Gives back the memory of a batch whose fate is known. */
  release(batch: ProducerBatch): void {
    this.memoryFree += batch.builder.writeLimit
  }

  /**
   * Every byte is free or held by a batch, none of which expires unnoticed.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    let held = 0
    for (const queue of this.queues) {
      queue.assertWhole()
      const { partition, isActive, isServed, batches, inFlight } = queue
      const isListed = this.active.includes(queue)
      invariant(isActive === isListed, 'who is listed knows it', { partition, isActive })
      invariant(isListed || batches.length === 0, 'who has batches is listed', { partition })
      invariant(!isServed, 'a request is put together at once', { partition })
      const isNoticed = this.createdEarliest <= queue.createdNext()
      invariant(isNoticed, 'no batch expires unnoticed', { partition })
      for (const { builder } of [...batches, ...inFlight]) held += builder.writeLimit
    }
    const { memoryFree: free } = this
    const isPaid = free + held === this.config.bufferMemoryBytes
    invariant(isPaid, 'a buffer’s memory is free or held by a batch', { free, held })
  }

  /** Takes out everything: what is in flight may be written. */
  takeAll(): readonly ProducerBatch[] {
    this.createdEarliest = NEVER
    return this.queues.flatMap((queue) => queue.takeAll())
  }

  /** Takes out the batches that expire, of those created at or before `created`. */
  takeOlderThan(created: Micros): readonly ProducerBatch[] {
    const old: ProducerBatch[] = []
    let earliest = NEVER
    for (const queue of this.queues) {
      queue.takeOlderThan(created, old)
      earliest = Math.min(earliest, queue.createdNext())
    }
    this.createdEarliest = earliest
    return old
  }
}
