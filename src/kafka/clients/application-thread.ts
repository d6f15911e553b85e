// Models: the application's thread that calls send(): it fills batches, or stands still in send().
// Leaves out: several application threads, callbacks that take time.
// Source: org.apache.kafka.clients.producer.KafkaProducer (doSend, waitOnMetadata); BufferPool.

import { invariant } from '../../sim/invariant.ts'
import type { Micros } from '../../sim/time.ts'
import { NEVER } from '../../sim/time.ts'
import { type CompressionType, type Packing, packingOf } from '../compression.ts'
import type { PartitionIndex, RecordId } from '../ids.ts'
import type { Accumulator } from './accumulator.ts'
import type { MemoryRecordsBuilder, RecordRun } from './memory-records-builder.ts'
import type { ClientMetadata } from './metadata.ts'
import type { PartitionQueue } from './partition-queue.ts'
import type { ProducerBatch } from './producer-batch.ts'
import type { BatchFate, BlockReason, RecordIntake, RefusedRecord } from './record-intake.ts'
import type { Lane, RecordSource } from './record-source.ts'
import type { Serializer } from './serializer.ts'
import type { StickyChoice } from './sticky-choice.ts'

/** What of a producer’s configuration the thread in send() looks at. */
export interface ApplicationConfig {
  readonly lingerMs: number
  readonly maxBlockMs: number
  readonly compressionType: CompressionType
  readonly compressionRatio: number
}

/** One lane of the application on its way into batches. */
interface LaneState {
  /** Batches name it, so that their fates find the way back. */
  readonly index: number
  readonly lane: Lane
  readonly sticky: StickyChoice | null
  /** Its records that were not taken yet, with the times that a batch gives them. */
  readonly run: RecordRun
  /** A batch that would be opened now: what one takes is asked before there is one. */
  unopened: MemoryRecordsBuilder
}

/** send() that does not return: one for the whole thread, whatever lane it serves. */
interface Blocked {
  readonly lane: LaneState
  readonly since: Micros
  readonly reason: BlockReason
}

/** What a serializer needs of its producer that may stand still. */
export interface SerializerPorts {
  readonly serializer: Serializer
  /** Has the sender look again. */
  readonly wake: () => void
  /** send() has stood still with this record since then, and returns. */
  readonly onSendReturned: (recordId: RecordId, since: Micros) => void
}

/** A record that send() stands still with: it is in no batch. */
export interface BlockedSend {
  readonly partition: PartitionIndex
  readonly recordId: RecordId
  readonly since: Micros
}

/**
 * One thread for all lanes: where one send() stands still, for memory, metadata or a serializer,
 * the records of every lane wait, and are handed over later than they came into being.
 */
export class ApplicationThread implements RecordIntake {
  private readonly config: ApplicationConfig
  private readonly lanes: readonly LaneState[]
  /** Arrival of each lane's next record, so that a look over all lanes is a scan of numbers. */
  private readonly nextArrival: Float64Array
  /** Shared with the I/O thread; in Kafka by locks, here by turns. */
  private readonly accumulator: Accumulator
  private readonly metadata: ClientMetadata
  private blocked: Blocked | null = null
  /** While the thread stood still nothing was handed over: later records count from here. */
  private handedOverFrom: Micros = 0
  /** Records handed over so far. */
  private handedOver = 0
  /** The application sends no more; who waits until all that it sent has met its fate. */
  private onSettled: (() => void) | null = null
  private readonly packing: Packing | undefined
  private readonly serializer: Serializer | null
  /** What send() stands still with: it is asked for, or cannot be made bytes and send() throws. */
  private serializing: 'asking' | 'failed' | null = null
  /** When send() was called that the serializer keeps; null: none. */
  private heldSince: Micros | null = null
  private readonly ports: SerializerPorts | null

  /**
   * @param stickyFor the choice of partitions for a topic's records without keys.
   * @param ports null where bytes are made without asking anybody
   */
  constructor(
    config: ApplicationConfig,
    lanes: readonly Lane[],
    accumulator: Accumulator,
    metadata: ClientMetadata,
    stickyFor: (topic: string) => StickyChoice,
    ports: SerializerPorts | null = null,
  ) {
    this.config = config
    this.serializer = ports?.serializer ?? null
    this.ports = ports
    this.accumulator = accumulator
    this.metadata = metadata
    const { compressionType, compressionRatio } = config
    this.packing = packingOf(compressionType, compressionRatio)
    this.lanes = lanes.map((lane, index) => ({
      index,
      lane,
      sticky: lane.target.kind === 'sticky' ? stickyFor(lane.target.topic) : null,
      run: {
        payloadBytes: lane.source.payloadBytes,
        compressionRatio,
        createdAt: (n) => Math.max(lane.source.arrivalOf(n), this.handedOverFrom),
      },
      unopened: accumulator.builderFor(lane.source.payloadBytes),
    }))
    this.nextArrival = Float64Array.from(lanes, (lane) => lane.source.arrivalOf(0))
  }

  /** What send() stands still for; null while it does not. */
  get blockedOn(): BlockReason | null {
    return this.blocked?.reason ?? null
  }

  /** Moves all records that have arrived by `now` into batches, until send() would block. */
  pull(now: Micros): void {
    if (this.onSettled !== null) return
    const stuck = this.blocked
    if (stuck?.reason === 'serializer' && this.serializing !== null) return
    if (stuck !== null) {
      const [handedOver, from] = [this.handedOver, this.handedOverFrom]
      this.blocked = null
      this.handedOverFrom = now
      if (!this.pullLane(stuck.lane, now)) {
        if (this.handedOver > handedOver || this.hasGoneOn(stuck)) return
        this.blocked = { ...stuck, reason: this.reasonAfter(stuck) }
        this.handedOverFrom = from
        return
      }
    }
    for (let i = 0; i < this.nextArrival.length; i++) {
      if (this.nextArrival[i] > now) continue
      if (!this.pullLane(this.lanes[i], now)) return
    }
  }

  /** Whether send() stands still elsewhere than before: its time to wait begins anew there. */
  private hasGoneOn(stuck: Blocked): boolean {
    const reason = this.reasonAfter(stuck)
    if (reason === stuck.reason) return false
    if (reason === 'serializer') this.blocked = { ...stuck, reason }
    return reason === 'serializer' || stuck.reason === 'serializer'
  }

  /** Who knows its topic at last may find the buffer full, with the rest of its max.block.ms. */
  private reasonAfter(stuck: Blocked): BlockReason {
    return this.blocked?.reason ?? stuck.reason
  }

  /** @returns false if the thread got stuck. */
  private pullLane(lane: LaneState, now: Micros): boolean {
    const { source } = lane.lane
    for (let waiting = source.available(now); waiting > 0; ) {
      const partition = this.partitionFor(lane)
      if (partition === null) return this.block(lane, now, 'metadata')
      const at = Math.max(source.arrivalOf(0), this.handedOverFrom)
      if (!this.canSerialize(at)) return this.block(lane, now, 'serializer')
      const queue = this.accumulator.queueOf(partition)
      const batch = this.openBatch(queue, lane)
      if (batch === null) return this.block(lane, now, 'memory')
      const before = batch.estimatedBytes
      const count = batch.append(lane.run, this.alike(source, at, now, waiting))
      if (count === 0) continue
      const firstRecordId = queue.takeIds(count)
      this.serializer?.wrote(firstRecordId, count, at)
      if (this.heldSince !== null) this.returned(firstRecordId, this.heldSince)
      source.take(count)
      this.handedOver += count
      waiting -= count
      lane.sticky?.produced(batch.estimatedBytes - before, batch.isFull)
    }
    this.nextArrival[lane.index] = source.arrivalOf(0)
    return true
  }

  /** Whether bytes can be made of a record that is handed over then; else somebody is asked. */
  private canSerialize(at: Micros): boolean {
    const { serializer } = this
    if (serializer === null || serializer.isReady(at)) return true
    invariant(this.serializing === null, 'a thread that asks stands still')
    this.serializing = 'asking'
    serializer.prepare(at, (end) => {
      this.serializing = end === 'failed' ? 'failed' : null
      this.ports?.wake()
    })
    return false
  }

  /** The record that was kept is in a batch now; those behind it were handed over late. */
  private returned(recordId: RecordId, since: Micros): void {
    this.heldSince = null
    this.ports?.onSendReturned(recordId, since)
  }

  /** How many of those that wait are made bytes in the same way as the first. */
  private alike(source: RecordSource, at: Micros, now: Micros, waiting: number): number {
    const until = this.serializer?.sameUntil(at) ?? NEVER
    return until > now ? waiting : Math.min(waiting, Math.max(1, source.available(until - 1)))
  }

  /**
   * The last of the deque where it still takes records; another lane’s is closed, for its ids would
   * not follow on. Else a new one, and null where buffer.memory has no room (BufferPool.allocate).
   */
  private openBatch(queue: PartitionQueue, lane: LaneState): ProducerBatch | null {
    const newest = queue.newest
    if (newest !== null && !newest.closed) {
      if (newest.lane === lane.index) return newest
      newest.closed = true
    }
    const created = Math.max(lane.lane.source.arrivalOf(0), this.handedOverFrom)
    const { payloadBytes } = lane.run
    return this.accumulator.newBatch(queue, lane.index, payloadBytes, created, this.packing)
  }

  /** The time to wait runs from the record’s own arrival, not from when somebody looked. */
  private block(lane: LaneState, now: Micros, reason: BlockReason): false {
    const arrival = Math.max(lane.lane.source.arrivalOf(0), this.handedOverFrom)
    this.blocked = { lane, since: Math.min(arrival, now), reason }
    if (reason === 'serializer') this.heldSince ??= this.blocked.since
    return false
  }

  /** When the blocked send() gives up; NEVER while none blocks. */
  blockDeadline(): Micros {
    if (this.blocked === null) return NEVER
    // The serializer has limits of its own, and nobody stands behind it with a watch.
    if (this.blocked.reason === 'serializer') return this.serializing === 'failed' ? 0 : NEVER
    return this.blocked.since + this.config.maxBlockMs * 1_000
  }

  /** At its end: what it stands still with because of the serializer; null where it does not. */
  blockedSend(): BlockedSend | null {
    const { blocked } = this
    if (blocked?.reason !== 'serializer') return null
    const partition = this.meantBy(blocked.lane)
    const recordId = this.accumulator.queueOf(partition).takeRefusedId()
    return { partition, recordId, since: this.heldSince ?? blocked.since }
  }

  /** Where the record would have gone: whoever keeps the history wants a place for it. */
  private meantBy({ lane, sticky }: LaneState): PartitionIndex {
    const { target } = lane
    const given = target.kind === 'partition' ? target.partition : (target.partitions[0] ?? 0)
    return sticky?.peek() ?? this.metadata.currentOf(given)
  }

  /** The blocked send() throws: its record is gone, and the thread goes on with the next. */
  refuseBlocked(now: Micros): RefusedRecord {
    const blocked = this.blocked
    invariant(blocked !== null, 'only a blocked send() can give up')
    const { index, lane } = blocked.lane
    const partition = this.meantBy(blocked.lane)
    const recordId = this.accumulator.queueOf(partition).takeRefusedId()
    lane.source.take(1)
    lane.source.done(1, now)
    this.nextArrival[index] = lane.source.arrivalOf(0)
    this.blocked = null
    this.heldSince = null
    this.serializing = null
    this.handedOverFrom = now
    return { partition, recordId, createdAt: blocked.since }
  }

  /** The application sends no more; what is buffered goes out at once, a blocked send() fails. */
  end(onSettled: () => void): void {
    this.blocked = null
    this.onSettled = onSettled
    this.accumulator.isFlushing = true
    if (this.accumulator.isEmpty) onSettled()
  }

  /** A closed loop may send its next records. */
  done(batch: ProducerBatch, _fate: BatchFate, now: Micros): void {
    if (this.onSettled !== null) {
      if (this.accumulator.isEmpty) this.onSettled()
      return
    }
    const lane = this.lanes[batch.lane]
    if (lane === undefined) return
    lane.lane.source.done(batch.count, now)
    if (this.blocked?.lane !== lane) this.nextArrival[batch.lane] = lane.lane.source.arrivalOf(0)
  }

  /** Partitions are others now: sticky lanes choose anew. */
  onMoved(): void {
    for (const { sticky } of this.lanes) sticky?.forget()
  }

  /** null: metadata does not know the partition yet (waitOnMetadata). */
  private partitionFor(lane: LaneState): PartitionIndex | null {
    const { target } = lane.lane
    if (target.kind === 'partition') {
      const partition = this.metadata.currentOf(target.partition)
      return this.metadata.partition(partition) === null ? null : partition
    }
    return lane.sticky?.next() ?? null
  }

  /**
   * When records that have not arrived yet will make a batch worth sending, over all lanes that
   * `canUse` says could send at all. Lanes of busy nodes cost no event: an answer will come. But a
   * sticky lane goes elsewhere when it has filled a batch, however long its partition is stuck.
   */
  nextReadyAt(canUse: (partition: PartitionIndex | null) => boolean, before: Micros): Micros {
    if (this.blocked !== null || this.onSettled !== null) return NEVER
    let earliest = before
    for (let i = 0; i < this.nextArrival.length; i++) {
      const first: Micros = this.nextArrival[i]
      if (first >= earliest) continue
      const lane = this.lanes[i]
      if (this.serializer?.isReady(Math.max(first, this.handedOverFrom)) === false) {
        earliest = first
        continue
      }
      // Its append opens a batch of a partition that nobody knows yet, and wakes the sender.
      if (lane.sticky?.isLeaving === true) {
        earliest = first
        continue
      }
      const { target } = lane.lane
      const partition = this.placeOf(lane)
      if (canUse(partition)) earliest = this.readyWith(lane, partition, first, earliest)
      else if (target.kind === 'sticky' && target.partitions.length > 1)
        earliest = this.fullWith(lane, this.builderOf(lane, partition), earliest)
    }
    return earliest
  }

  /** Source of the rule: RecordAppendResult.batchIsFull and newBatchCreated, in doSend(). */
  nextWakeAt(): Micros {
    if (this.blocked !== null || this.onSettled !== null) return NEVER
    let earliest = NEVER
    for (const lane of this.lanes) {
      const partition = this.placeOf(lane)
      const queue = partition === null ? null : this.accumulator.queueOf(partition)
      const newest = queue?.newest ?? null
      const isQuiet = queue?.batches.length === 1 && newest !== null && !newest.closed
      const fits = isQuiet ? newest.builder.completedBy(lane.run) : 0
      earliest = Math.min(earliest, lane.lane.source.arrivalOf(fits))
    }
    return earliest
  }

  /** Where the lane's next record goes; null where nothing is known of its topic. */
  private placeOf({ lane, sticky }: LaneState): PartitionIndex | null {
    const { target } = lane
    if (target.kind === 'partition') return this.metadata.currentOf(target.partition)
    return sticky?.peek() ?? null
  }

  /** Of the partition's open batch, or else of one that would be opened now. */
  private builderOf(lane: LaneState, partition: PartitionIndex | null): MemoryRecordsBuilder {
    const newest = partition === null ? null : this.accumulator.queueOf(partition).newest
    if (newest !== null && !newest.closed) return newest.builder
    if (lane.unopened.estimatedRatio !== this.accumulator.estimatedRatio) {
      lane.unopened = this.accumulator.builderFor(lane.run.payloadBytes)
    }
    return lane.unopened
  }

  /** When records to come complete a batch, if that is before `before`; else that. */
  private fullWith(lane: LaneState, builder: MemoryRecordsBuilder, before: Micros): Micros {
    const { source } = lane.lane
    // Most often it lingers no longer than a fraction of what it would take to fill.
    if (source.arrivalOf(builder.roomAtLeast(lane.run)) >= before) return before
    return Math.min(before, source.arrivalOf(builder.completedBy(lane.run)))
  }

  /** An open batch waits out its linger by itself; here only arrivals that fill one count. */
  private readyWith(
    lane: LaneState,
    partition: PartitionIndex | null,
    first: Micros,
    before: Micros,
  ): Micros {
    const builder = this.builderOf(lane, partition)
    const lingers = builder === lane.unopened ? first + this.config.lingerMs * 1_000 : NEVER
    return this.fullWith(lane, builder, Math.min(before, lingers))
  }
}
