// Models: what a consumer tells whoever keeps the history: deliveries, jumps, its group, its end.
// Leaves out: nothing.
// Source: org.apache.kafka.clients.consumer.ConsumerRecords and its exceptions.

import type { Micros } from '../../sim/time.ts'
import type { KafkaError } from '../errors.ts'
import type { CommittedOffset } from '../group-messages.ts'
import type { NodeId, Offset, PartitionIndex } from '../ids.ts'
import type { RecordBatch } from '../messages.ts'

/** Why a position moved without delivery. */
export type SeekReason = 'initial' | 'committed' | 'out-of-range' | 'truncation' | 'unknown-epoch'

export interface ConsumerObserver {
  /**
   * Records at offsets `from` .. `to` - 1 reached the application; `batches` hold them, the first
   * may begin before `from`.
   */
  onDelivered(
    partition: PartitionIndex,
    batches: readonly RecordBatch[],
    from: Offset,
    to: Offset,
    now: Micros,
    node: NodeId,
  ): void
  /** The position jumped; -1 as `from` where there was none. */
  onSeek?(
    partition: PartitionIndex,
    from: Offset,
    to: Offset,
    reason: SeekReason,
    now: Micros,
  ): void
  /** The group gave it these partitions. */
  onAssigned?(partitions: readonly PartitionIndex[], now: Micros): void
  /** The group took these partitions away; `lost` where the member was not asked. */
  onRevoked?(partitions: readonly PartitionIndex[], how: 'revoked' | 'lost', now: Micros): void
  /** A commit was answered, or lost with its connection (NETWORK_EXCEPTION). */
  onCommitted?(offsets: readonly CommittedOffset[], error: KafkaError, now: Micros): void
  /** The application did not poll for max.poll.interval.ms: the member leaves. */
  onPollIntervalExceeded?(now: Micros): void
  /** The group refuses the member for good: the application gets an exception. */
  onGroupFailed?(error: KafkaError, now: Micros): void
  /**
   * poll() throws: the application may not read a topic, or not work in the group. It polls again.
   */
  onUnauthorized?(error: KafkaError, now: Micros): void
  /** poll() throws: of the bytes at an offset no record can be made. Whoever polls tries again. */
  onDeserializationFailed?(partition: PartitionIndex, offset: Offset, now: Micros): void
  /** An answer with an error. */
  onError?(partition: PartitionIndex, error: KafkaError, node: NodeId, now: Micros): void
  /**
   * auto.offset.reset is none, and the position is out of range or was truncated: the application
   * gets an exception and the partition stands still. `divergent` is -1 where unknown.
   */
  onHalted?(
    partition: PartitionIndex,
    reason: SeekReason,
    position: Offset,
    divergent: Offset,
    now: Micros,
  ): void
}
