// Models: what a producer tells whoever keeps the history: the fate of each batch.
// Leaves out: nothing.
// Source: org.apache.kafka.clients.producer.Callback.

import type { Micros } from '../../sim/time.ts'
import type { KafkaError } from '../errors.ts'
import type { Offset, PartitionIndex, RecordId } from '../ids.ts'

/**
 * `ok`: acknowledged. `fail`: certainly not in the log by this producer's doing.
 * `unknown`: reported as failed to the application, but it may be in the log.
 */
export type ProduceOutcome = 'ok' | 'fail' | 'unknown'

/**
 * Besides Kafka's errors: delivery.timeout.ms, max.block.ms on memory or metadata, a record above
 * max.request.size, the end of the producer, and a serializer's exception.
 */
export type ProduceError =
  | KafkaError
  | 'DELIVERY_TIMEOUT'
  | 'BUFFER_EXHAUSTED'
  | 'METADATA_TIMEOUT'
  | 'RECORD_TOO_LARGE'
  | 'PRODUCER_CLOSED'
  | 'SERIALIZATION_FAILED'

export interface ProducerObserver {
  /**
   * A batch met its fate as the application sees it. Arguments are plain so that nothing is built
   * for it. @param baseOffset -1 where unknown (failure, acks=0).
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
  ): void
  /** send() has stood still with this record since then, and returns. */
  onSendReturned?(recordId: RecordId, since: Micros): void
  /** An answer with an error, or none at all; the batch may be tried again. */
  onError?(
    partition: PartitionIndex,
    firstRecordId: RecordId,
    count: number,
    error: KafkaError,
  ): void
}
