// Models: the batches of one partition that wait in a producer, and those under way.
// Leaves out: nothing.
// Source: producer.internals.RecordAccumulator (deque per partition, expiredBatches), Sender
// (inFlightBatches, getExpiredInflightBatches).

import { invariant } from '../../sim/invariant.ts'
import { lastOf } from '../../sim/last-of.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { takeOut } from '../../sim/take-out.ts'
import type { Micros } from '../../sim/time.ts'
import { NEVER } from '../../sim/time.ts'
import type { PartitionIndex, RecordId } from '../ids.ts'
import type { ProducerBatch } from './producer-batch.ts'

/** Record ids of one (producer, partition) stream are this far from those of the next. */
export const RECORDS_PER_STREAM = 2_147_483_648

/**
 * A partition’s deque. Ids of records are handed out here, so that they follow the order of
 * sending.
 */
export class PartitionQueue implements Checked {
  readonly partition: PartitionIndex
  /**
   * The next to be sent, and the last that waits, which alone may be open for more records; null
   * where none waits. Rounds of the sender look at these and leave the list alone.
   */
  oldest: ProducerBatch | null = null
  newest: ProducerBatch | null = null
  /** Waiting, in the order in which they will be sent. */
  readonly batches: ProducerBatch[] = []
  /** Sent, not answered. */
  readonly inFlight: ProducerBatch[] = []
  /** Listed among the queues with something to send. */
  isActive = false
  /**
   * Sent, and neither answered nor failed since: of one that has expired the answer still counts,
   * and until then the partition is muted where one request may be under way (mutePartition).
   */
  unanswered = 0
  /** Part of the request that is being put together. */
  isServed = false
  private nextId: RecordId
  private nextRefusedId: RecordId

  constructor(partition: PartitionIndex, stream: number) {
    this.partition = partition
    this.nextId = stream * RECORDS_PER_STREAM
    this.nextRefusedId = (stream + 1) * RECORDS_PER_STREAM - 1
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

  /**
   * The id of a record that send() refused. It comes from the far end of the stream: an open batch
   * may get more records later, and the ids of a batch follow one another.
   */
  takeRefusedId(): RecordId {
    return this.nextRefusedId--
  }

  /** A batch that waits behind all others. */
  add(batch: ProducerBatch): void {
    this.batches.push(batch)
    this.oldest ??= batch
    this.newest = batch
  }

  /** @throws InvariantViolation unless it is the first that waits */
  sent(batch: ProducerBatch): void {
    const oldest = this.batches.shift()
    invariant(oldest === batch, 'batches leave in their order')
    this.noteEnds()
    this.inFlight.push(batch)
    this.unanswered++
  }

  /** Gets all that another queue holds; what is open there takes no more records. */
  takeOver(other: PartitionQueue): void {
    // Of those that have expired the answer comes under the old name.
    this.unanswered += other.inFlight.length
    other.unanswered -= other.inFlight.length
    this.inFlight.push(...other.inFlight.splice(0))
    this.batches.push(...other.batches.splice(0))
    for (const batch of [...this.inFlight, ...this.batches]) {
      if (batch.partition === other.partition) batch.closed = true
      batch.partition = this.partition
    }
    this.noteEnds()
    other.noteEnds()
  }

  /** An answer came; the batch may have expired meanwhile. */
  landed(batch: ProducerBatch): void {
    this.unanswered--
    takeOut(this.inFlight, batch)
  }

  /** Puts a batch back: in front, or behind those that come before it by sequence. */
  reenqueue(batch: ProducerBatch): void {
    let at = 0
    if (batch.hasSequence) {
      while (isBefore(this.batches[at], batch)) at++
    }
    this.batches.splice(at, 0, batch)
    this.noteEnds()
  }

  /**
   * Moves what was created at or before `created` to `out`; what is in flight may be written.
   * Kafka looks from the front and stops at the first that is younger. Retries without sequence
   * numbers come back in the order of their answers, so an older batch may stand behind that one,
   * and it expires only when the younger one is gone.
   */
  takeOlderThan(created: Micros, out: ProducerBatch[]): void {
    takeFromFront(this.batches, created, out)
    this.noteEnds()
    const sent = out.length
    takeFromFront(this.inFlight, created, out)
    for (let i = sent; i < out.length; i++) out[i].maybeWritten = true
  }

  /** Empties the queue, in the order of the log; what is in flight may be written. */
  takeAll(): ProducerBatch[] {
    const sent = this.inFlight.splice(0)
    for (const batch of sent) batch.maybeWritten = true
    const waiting = this.batches.splice(0)
    this.noteEnds()
    return [...sent, ...waiting]
  }

  private noteEnds(): void {
    this.oldest = this.batches[0] ?? null
    this.newest = lastOf(this.batches) ?? null
  }

  /**
   * Batches are of this partition, those in flight closed, numbered ones first.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    const { partition, batches, inFlight, oldest, newest } = this
    const isNoted = oldest === (batches[0] ?? null) && newest === (lastOf(batches) ?? null)
    invariant(isNoted, 'the first and the last that wait are known', { partition })
    for (const batch of [...inFlight, ...batches]) {
      const { firstRecordId, done, count } = batch
      invariant(batch.partition === partition, 'a batch is of its queue’s partition', { partition })
      invariant(count > 0, 'a batch has records', { partition, firstRecordId })
      invariant(!done, 'what has met its fate is in no queue', { partition, firstRecordId })
    }
    for (const { closed } of inFlight) {
      invariant(closed, 'what is on its way takes no more records', { partition })
    }
    const { unanswered } = this
    const isCounted = unanswered >= inFlight.length
    invariant(isCounted, 'what is under way waits for its answer', { partition, unanswered })
    const unsent = batches.findIndex(({ hasSequence }) => !hasSequence)
    const late = unsent < 0 ? [] : batches.slice(unsent).filter(({ hasSequence }) => hasSequence)
    invariant(late.length === 0, 'what has a number goes before what has none', { partition })
  }

  /** Creation of the batch that expires next: of the first that waits and the first in flight. */
  createdNext(): Micros {
    const waiting = this.oldest?.createdFirst ?? NEVER
    return Math.min(waiting, this.inFlight[0]?.createdFirst ?? NEVER)
  }
}

function takeFromFront(batches: ProducerBatch[], created: Micros, out: ProducerBatch[]): void {
  let old = 0
  while (old < batches.length && batches[old].createdFirst <= created) old++
  out.push(...batches.splice(0, old))
}

function isBefore(queued: ProducerBatch | undefined, returning: ProducerBatch): boolean {
  return queued?.hasSequence === true && queued.baseSequence < returning.baseSequence
}
