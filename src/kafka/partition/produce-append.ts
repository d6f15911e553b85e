// Models: a produce request at one partition: the check before the append and the one after it.
// Leaves out: message.max.bytes, timestamps given by the broker, verification of transactions.
// Source: Partition.appendRecordsToLeader, checkEnoughReplicasReachOffset.

import type { KafkaError } from '../errors.ts'
import { recordIdAt } from '../id-ranges.ts'
import type { Offset } from '../ids.ts'
import { type LeaderAppend, refusedAppend } from '../log/partition-log.ts'
import type { Acks, ProducedBatch } from '../messages.ts'
import { maybeIncrementHighWatermark } from './high-watermark.ts'
import type { PartitionState } from './partition-state.ts'

/** What came of a produce at this partition; the caller wakes who waits. */
export interface ProduceAppend {
  readonly append: LeaderAppend
  /** The ISR is down to the leader, so that the append committed itself. */
  readonly highWatermarkMoved: boolean
}

/**
 * acks=all is refused before the append where the committed ISR is too small. A repetition appends
 * nothing, yet it moves the watermark where a replica that held it back is caught up no more.
 */
export function appendToLeader(
  partition: PartitionState,
  batch: ProducedBatch,
  acks: Acks,
): ProduceAppend {
  if (!partition.isLeader) return refused('NOT_LEADER_OR_FOLLOWER')
  // By the committed ISR: a replica that is only proposed may be refused.
  if (acks === -1 && partition.isUnderMinIsr) return refused('NOT_ENOUGH_REPLICAS')
  const append = partition.log.appendAsLeader(batch, partition.leaderEpoch)
  if (append.error !== 'NONE') return { append, highWatermarkMoved: false }
  if (append.batch === null) noteRepeat(partition, batch, append.firstOffset)
  else partition.host.observer?.onAppend(partition.index, append.batch, true)
  return { append, highWatermarkMoved: maybeIncrementHighWatermark(partition) }
}

/**
 * Kafka knows a producer by its id alone, and an id is unique in its cluster only: a client that
 * came over from another one and kept its id may have that of a stranger. Kafka cannot tell, and
 * whoever watches the run can.
 */
function noteRepeat(partition: PartitionState, batch: ProducedBatch, offset: Offset): void {
  const held = partition.log.batchAt(offset)
  if (held === undefined || recordIdAt(held, offset) === batch.firstRecordId) return
  partition.host.observer?.onMistakenRepeat(partition.index, batch, offset)
}

/**
 * Whether an acks=all request has been replicated: null while it must wait. The size of the maximal
 * ISR is looked at once more, when the watermark has passed.
 */
export function checkEnoughReplicasReachOffset(
  partition: PartitionState,
  requiredOffset: Offset,
): KafkaError | null {
  if (!partition.isLeader) return 'NOT_LEADER_OR_FOLLOWER'
  if (partition.log.highWatermark < requiredOffset) return null
  // By the maximal one, which the watermark has waited for.
  const isEnough = partition.isrState.maximal.length >= partition.minIsrEffective
  if (!isEnough) return 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'
  partition.host.observer?.onReplicated(partition.index, requiredOffset)
  return 'NONE'
}

function refused(error: KafkaError): ProduceAppend {
  return { append: refusedAppend(error), highWatermarkMoved: false }
}
