// Models: the seam between those who have records to send and the thread that sends them.
// Leaves out: nothing.
// Source: org.apache.kafka.clients.producer.KafkaProducer (doSend), as the Sender sees its effects.

import type { Micros } from '../../sim/time.ts'
import type { Offset, PartitionIndex, RecordId } from '../ids.ts'
import type { ProducerBatch } from './producer-batch.ts'
import type { ProduceError, ProduceOutcome } from './producer-observer.ts'

/** Why send() does not return. */
export type BlockReason = 'metadata' | 'memory' | 'serializer'

/**
 * How send() ends that blocked: its time was over, it may not go where it wants to, or its record
 * cannot be made bytes.
 */
export type BlockedEnd =
  | 'BUFFER_EXHAUSTED'
  | 'METADATA_TIMEOUT'
  | 'SERIALIZATION_FAILED'
  | 'TOPIC_AUTHORIZATION_FAILED'

/** How send() ends that has waited as long as it may for that. */
export const END_OF_BLOCK: Readonly<Record<BlockReason, BlockedEnd>> = {
  memory: 'BUFFER_EXHAUSTED',
  metadata: 'METADATA_TIMEOUT',
  serializer: 'SERIALIZATION_FAILED',
}

/** One record that send() itself refused. */
export interface RefusedRecord {
  /** -1 where none was chosen. */
  readonly partition: PartitionIndex
  readonly recordId: RecordId
  readonly createdAt: Micros
}

/** How a batch ended. */
export interface BatchFate {
  readonly outcome: ProduceOutcome
  readonly error: ProduceError
  /** -1 where unknown. */
  readonly baseOffset: Offset
}

/** Fills batches from records that an application has, or stands still in send(). */
export interface RecordIntake {
  /** null while send() returns. */
  readonly blockedOn: BlockReason | null
  /** The topic whose metadata it waits for; absent: it has one topic only. */
  readonly blockedTopic?: string | null
  /** Moves all records that are there by `now` into batches, until send() would block. */
  pull(now: Micros): void
  /** When the blocked send() gives up; NEVER while none blocks. */
  blockDeadline(): Micros
  /** The blocked send() throws: its record is gone, and the thread goes on with the next. */
  refuseBlocked(now: Micros, error: BlockedEnd): RefusedRecord
  /**
   * When records that have not arrived yet will make a batch worth sending; NEVER without such.
   * @param canUse whether something could be sent to a partition at all, null: to any
   * @param before what comes then or later is not asked for: it may be told as any time from there
   */
  nextReadyAt(canUse: (partition: PartitionIndex | null) => boolean, before: Micros): Micros
  /**
   * When send() next wakes the thread that sends: with a record for which a batch is begun, and
   * with every record while a batch of its partition waits. NEVER where records have no schedule.
   */
  nextWakeAt(): Micros
  /** Partitions of its topics are others now. */
  onMoved?(): void
  /** A batch met its fate. */
  done(batch: ProducerBatch, fate: BatchFate, now: Micros): void
}
