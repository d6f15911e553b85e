// Models: the seam at which a producer's and a consumer's application makes bytes of records and
// records of bytes, and may have to ask somebody first, while its thread stands still.
// Leaves out: contents of records: only whether they can be made, and how.
// Source: org.apache.kafka.common.serialization.Serializer in KafkaProducer.doSend, Deserializer in
// consumer.internals.CompletedFetch (parseRecord, cachedRecordException).

import type { Micros } from '../../sim/time.ts'
import type { Offset, RecordId } from '../ids.ts'
import type { RecordBatch } from '../messages.ts'

/** How a question of the thread ended: on with the record, or an exception. */
export type SerdeEnd = 'ready' | 'failed'

export interface Serializer {
  /** Whether a record that is handed over then can be made bytes at once. */
  isReady(at: Micros): boolean
  /** Until when what is handed over from `at` on is written in the same way; exclusive. */
  sameUntil(at: Micros): Micros
  /** send() stands still until `onEnd`, which is called later. */
  prepare(at: Micros, onEnd: (end: SerdeEnd) => void): void
  /** These records were made bytes as those that are handed over at `at`. */
  wrote(firstRecordId: RecordId, count: number, at: Micros): void
}

export interface Deserializer {
  /** The first offset from `from` up to `to` whose record cannot be read yet; `to`: all can. */
  readableTo(batches: readonly RecordBatch[], from: Offset, to: Offset): Offset
  /** poll() stands still until `onEnd`, which is called later, for the record at an offset. */
  prepare(batches: readonly RecordBatch[], at: Offset, onEnd: (end: SerdeEnd) => void): void
}
