// Models: the batches of one partition that wait in a producer, and those under way.
// Leaves out: nothing.
// Source: producer.internals.RecordAccumulator (deque per partition), Sender.inFlightBatches.

import type { Micros } from '../../sim/time.ts'
import { NEVER } from '../../sim/time.ts'
import type { PartitionIndex, RecordId } from '../ids.ts'
import type { ProducerBatch } from './producer-batch.ts'

/** Record ids of one (producer, partition) stream are this far from those of the next. */
export const RECORDS_PER_STREAM = 2_147_483_648

export class PartitionQueue {
  readonly partition: PartitionIndex
  /** Waiting, in the order in which they will be sent. */
  readonly batches: ProducerBatch[] = []
  /** Sent, not answered. */
  readonly inFlight: ProducerBatch[] = []
  /** Listed among the queues with something to send. */
  isActive = false
  /** Part of the request that is being put together. */
  isServed = false
  private nextId: RecordId

  constructor(partition: PartitionIndex, stream: number) {
    this.partition = partition
    this.nextId = stream * RECORDS_PER_STREAM
  }

  /** The id that the next record will get. */
  get upcomingId(): RecordId {
    return this.nextId
  }

  /** Hands out the ids of the next `count` records and returns the first. */
  takeIds(count: number): RecordId {
    const first = this.nextId
    this.nextId += count
    return first
  }

  get newest(): ProducerBatch | null {
    return this.batches[this.batches.length - 1] ?? null
  }

  get oldest(): ProducerBatch | null {
    return this.batches[0] ?? null
  }

  sent(batch: ProducerBatch): void {
    this.batches.shift()
    this.inFlight.push(batch)
  }

  /** An answer came; nothing happens if the batch expired meanwhile. */
  landed(batch: ProducerBatch): void {
    const at = this.inFlight.indexOf(batch)
    if (at >= 0) this.inFlight.splice(at, 1)
  }

  /** Puts a batch back: in front, or behind those that come before it by sequence. */
  reenqueue(batch: ProducerBatch): void {
    let at = 0
    if (batch.hasSequence) {
      while (isBefore(this.batches[at], batch)) at++
    }
    this.batches.splice(at, 0, batch)
  }

  /** Moves what was created at or before `created` to `out`; what is in flight may be written. */
  takeOlderThan(created: Micros, out: ProducerBatch[]): void {
    for (let oldest = this.oldest; oldest !== null && oldest.createdFirst <= created; ) {
      out.push(oldest)
      this.batches.shift()
      oldest = this.oldest
    }
    for (const batch of [...this.inFlight]) {
      if (batch.createdFirst > created) continue
      this.landed(batch)
      batch.maybeWritten = true
      out.push(batch)
    }
  }

  createdEarliest(): Micros {
    let earliest = NEVER
    for (const batch of this.inFlight) earliest = Math.min(earliest, batch.createdFirst)
    for (const batch of this.batches) earliest = Math.min(earliest, batch.createdFirst)
    return earliest
  }
}

function isBefore(queued: ProducerBatch | undefined, returning: ProducerBatch): boolean {
  return queued?.hasSequence === true && queued.baseSequence < returning.baseSequence
}
