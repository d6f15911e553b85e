// Models: a producer's buffer: records become batches by partition, bounded by buffer.memory.
// Leaves out: memory beyond batch.size for single larger records; flush(); several application threads.
// Source: org.apache.kafka.clients.producer.internals.RecordAccumulator, BufferPool.

import { invariant } from '../../sim/invariant.ts'
import type { Micros } from '../../sim/time.ts'
import { NEVER } from '../../sim/time.ts'
import type { PartitionIndex } from '../ids.ts'
import { BATCH_HEADER_BYTES, recordBytes } from '../network/sizes.ts'
import type { ClientMetadata } from './metadata.ts'
import { PartitionQueue } from './partition-queue.ts'
import type { PartitionLoad, StickyPartitioner } from './partitioner.ts'
import { ProducerBatch } from './producer-batch.ts'
import type { Lane } from './record-source.ts'

export interface AccumulatorConfig {
  readonly batchSizeBytes: number
  readonly bufferMemoryBytes: number
  readonly lingerMs: number
  readonly maxBlockMs: number
  readonly compressionRatio: number
}

/** Why the application's thread stands still inside send(). */
export type BlockReason = 'metadata' | 'memory'

interface Blocked {
  readonly lane: LaneState
  readonly since: Micros
  readonly reason: BlockReason
}

/** One record that send() itself refused after max.block.ms. */
export interface RefusedRecord {
  readonly partition: PartitionIndex
  readonly recordId: number
  readonly createdAt: Micros
  readonly reason: BlockReason
}

interface LaneState {
  readonly lane: Lane
  readonly partitioner: StickyPartitioner | null
  /** Bytes of one record in a batch, compressed. */
  readonly recordBytes: number
}

export class Accumulator {
  readonly queues: PartitionQueue[] = []
  /** Earliest possible expiry of any batch; a lower bound, corrected when it is reached. */
  createdEarliest: Micros = NEVER
  private readonly byPartition = new Map<PartitionIndex, PartitionQueue>()
  private readonly lanes: LaneState[]
  private readonly config: AccumulatorConfig
  private readonly metadata: ClientMetadata
  private readonly streamOf: (partition: PartitionIndex) => number
  private memoryFree: number
  private blocked: Blocked | null = null
  /** While the thread stood still nothing was handed over: later records count from here. */
  private handedOverFrom: Micros = 0
  /** Records handed over so far. */
  private pulled = 0

  /**
   * @param streamOf number of the record stream of this producer to a partition, unique in a run.
   * @param partitionerFor the sticky partitioner of a topic.
   */
  constructor(
    config: AccumulatorConfig,
    lanes: readonly Lane[],
    metadata: ClientMetadata,
    streamOf: (partition: PartitionIndex) => number,
    partitionerFor: (topic: string) => StickyPartitioner,
  ) {
    this.config = config
    this.metadata = metadata
    this.streamOf = streamOf
    this.memoryFree = config.bufferMemoryBytes
    this.lanes = lanes.map((lane) => ({
      lane,
      partitioner: lane.target.kind === 'sticky' ? partitionerFor(lane.target.topic) : null,
      recordBytes: recordBytes(lane.source.payloadBytes) * config.compressionRatio,
    }))
  }

  get isBlocked(): boolean {
    return this.blocked !== null
  }

  get blockedOn(): BlockReason | null {
    return this.blocked?.reason ?? null
  }

  // ---- the application's thread -----------------------------------------------------------------------

  /** Moves every record that has arrived by `now` into batches, as far as send() would not block. */
  pull(now: Micros): void {
    const stuck = this.blocked
    if (stuck !== null) {
      const [pulled, from] = [this.pulled, this.handedOverFrom]
      this.blocked = null
      this.handedOverFrom = now
      if (!this.pullLane(stuck.lane, now)) {
        if (this.pulled > pulled) return
        this.blocked = stuck
        this.handedOverFrom = from
        return
      }
    }
    for (const lane of this.lanes) if (!this.pullLane(lane, now)) return
  }

  /** @returns false if the thread got stuck. */
  private pullLane(lane: LaneState, now: Micros): boolean {
    const { source } = lane.lane
    for (let waiting = source.available(now); waiting > 0; ) {
      const partition = this.partitionFor(lane)
      if (partition === null) return this.block(lane, now, 'metadata')
      const queue = this.queueOf(partition)
      const batch = this.openBatch(queue, lane) ?? this.newBatch(queue, lane)
      if (batch === null) return this.block(lane, now, 'memory')
      const count = Math.min(waiting, batch.room(this.config.batchSizeBytes))
      batch.append(count, Math.max(source.arrivalOf(count - 1), this.handedOverFrom))
      queue.takeIds(count)
      source.take(count)
      this.pulled += count
      waiting -= count
      if (batch.room(this.config.batchSizeBytes) === 0) batch.closed = true
      lane.partitioner?.produced(count * lane.recordBytes, batch.closed)
    }
    return true
  }

  private block(lane: LaneState, now: Micros, reason: BlockReason): false {
    const arrival = Math.max(lane.lane.source.arrivalOf(0), this.handedOverFrom)
    this.blocked = { lane, since: Math.min(arrival, now), reason }
    return false
  }

  /** When the blocked send() gives up; NEVER while none blocks. */
  blockDeadline(): Micros {
    return this.blocked === null ? NEVER : this.blocked.since + this.config.maxBlockMs * 1_000
  }

  /** The blocked send() throws: its record is gone, and the thread goes on with the next. */
  refuseBlocked(now: Micros): RefusedRecord {
    const blocked = this.blocked
    invariant(blocked !== null, 'only a blocked send() can give up')
    const { lane, partitioner } = blocked.lane
    const fallback = lane.target.kind === 'partition' ? lane.target.partition : 0
    const partition = partitioner?.peek() ?? fallback
    const recordId = this.queueOf(partition).takeIds(1)
    const createdAt = blocked.since
    lane.source.take(1)
    this.blocked = null
    this.handedOverFrom = now
    lane.source.done(1, now)
    return { partition, recordId, createdAt, reason: blocked.reason }
  }

  private partitionFor(lane: LaneState): PartitionIndex | null {
    const { target } = lane.lane
    if (target.kind === 'partition')
      return this.metadata.partition(target.partition) === null ? null : target.partition
    const all = this.metadata.partitionsOf(target.topic)
    if (all.length === 0 || lane.partitioner === null) return null
    const current = lane.partitioner.peek()
    // Between two batches is the moment to go elsewhere, once this partition had its share.
    const newest = current === null ? null : (this.byPartition.get(current)?.newest ?? null)
    if (newest === null || newest.closed) lane.partitioner.produced(0, true)
    return lane.partitioner.current(() => this.loads(all))
  }

  private loads(all: readonly PartitionIndex[]): readonly PartitionLoad[] {
    const led = all.filter((partition) => this.metadata.leaderOf(partition) >= 0)
    return (led.length > 0 ? led : all).map((partition) => ({
      partition,
      queued: this.byPartition.get(partition)?.batches.length ?? 0,
    }))
  }

  private openBatch(queue: PartitionQueue, lane: LaneState): ProducerBatch | null {
    const newest = queue.newest
    if (newest === null || newest.closed) return null
    if (newest.source === lane.lane.source) return newest
    newest.closed = true
    return null
  }

  private newBatch(queue: PartitionQueue, lane: LaneState): ProducerBatch | null {
    const bytes = this.memoryOf(lane.recordBytes)
    // Memory is granted in order: even a batch that alone exceeds the buffer gets through when empty.
    if (this.memoryFree < bytes && this.memoryFree < this.config.bufferMemoryBytes) return null
    this.memoryFree -= bytes
    const { source } = lane.lane
    const created = Math.max(source.arrivalOf(0), this.handedOverFrom)
    const batch = new ProducerBatch(
      queue.partition,
      queue.upcomingId,
      lane.recordBytes,
      source,
      created,
    )
    queue.batches.push(batch)
    this.createdEarliest = Math.min(this.createdEarliest, created)
    return batch
  }

  /** Gives back the memory of a batch whose fate is known. */
  release(batch: ProducerBatch): void {
    this.memoryFree += this.memoryOf(batch.recordBytes)
  }

  private memoryOf(recordBytesEach: number): number {
    return Math.max(this.config.batchSizeBytes, BATCH_HEADER_BYTES + Math.ceil(recordBytesEach))
  }

  // ---- what the sender sees -----------------------------------------------------------------------------

  queueOf(partition: PartitionIndex): PartitionQueue {
    let queue = this.byPartition.get(partition)
    if (queue === undefined) {
      queue = new PartitionQueue(partition, this.streamOf(partition))
      this.byPartition.set(partition, queue)
      this.queues.push(queue)
    }
    return queue
  }

  /**
   * When records that have not arrived yet will make a batch worth sending, over all lanes that
   * `canUse` says could send at all. Lanes of busy nodes cost no event: an answer will come.
   */
  nextReadyAt(canUse: (partition: PartitionIndex | null) => boolean): Micros {
    if (this.blocked !== null) return NEVER
    let earliest = NEVER
    for (const lane of this.lanes) {
      const first = lane.lane.source.arrivalOf(0)
      if (first >= earliest) continue
      const { target } = lane.lane
      const partition = target.kind === 'partition' ? target.partition : this.peek(lane)
      if (canUse(partition)) earliest = Math.min(earliest, this.readyWith(lane, partition, first))
    }
    return earliest
  }

  private peek(lane: LaneState): PartitionIndex | null {
    return lane.partitioner?.peek() ?? null
  }

  /** An open batch waits out its linger by itself; here only arrivals that fill one count. */
  private readyWith(lane: LaneState, partition: PartitionIndex | null, first: Micros): Micros {
    const { source } = lane.lane
    const newest = partition === null ? null : (this.byPartition.get(partition)?.newest ?? null)
    if (newest !== null && !newest.closed)
      return source.arrivalOf(newest.room(this.config.batchSizeBytes) - 1)
    const size = this.config.batchSizeBytes - BATCH_HEADER_BYTES
    const capacity = Math.max(1, Math.floor(size / lane.recordBytes))
    return Math.min(first + this.config.lingerMs * 1_000, source.arrivalOf(capacity - 1))
  }
}
