// Models: where a follower cuts its log: by epochs, in one round only, or at its high watermark.
// Leaves out: the separate OffsetsForLeaderEpoch rounds of 2.0 to 2.6; a fetch tells the same.
// Source: AbstractFetcherThread.getOffsetTruncationState; KIP-101, KIP-279.

import { NO_EPOCH, type Offset } from '../ids.ts'
import type { EpochEndOffset } from '../log/leader-epoch-cache.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { RecordBatch } from '../messages.ts'
import { endOfEpoch } from './epoch-end.ts'
import type { PartitionState } from './partition-state.ts'

const NOTHING: readonly RecordBatch[] = []

/**
 * The leader's log ends `end.epoch` at `end.endOffset`, before the follower's does. Where the
 * follower does not know that epoch, it goes back to the end of the largest older one that it does
 * know, and the next fetch compares that one: a round for each epoch that the logs do not share.
 * Before 2.1 a leader might not tell at all (epoch -1): then the own high watermark must do.
 */
export function truncationOffset(partition: PartitionState, end: EpochEndOffset): Offset {
  const { log } = partition
  if (end.epoch === NO_EPOCH) return log.highWatermark
  const own = endOfEpoch(partition, end.epoch)
  if (own.epoch === NO_EPOCH) return Math.min(end.endOffset, log.logEndOffset)
  if (own.epoch !== end.epoch) return Math.min(own.endOffset, log.logEndOffset)
  return Math.min(own.endOffset, end.endOffset, log.logEndOffset)
}

/**
 * Below its own high watermark a follower may cut too: that lowers the watermark. Kafka warns and
 * goes on. It takes an unclean election, or a leader that came back with less, to get there.
 * @returns whether records went
 */
export function followerTruncate(partition: PartitionState, offset: Offset): boolean {
  const { log, host } = partition
  const end = log.logEndOffset
  const before = log.highWatermark
  const removed = host.observer === null ? NOTHING : batchesFrom(log, offset)
  const isCut = log.truncateTo(offset)
  if (!isCut || host.observer === null) return isCut
  host.observer.onTruncate(partition.index, end, log.logEndOffset, removed)
  const after = log.highWatermark
  if (after !== before) host.observer.onHighWatermark(partition.index, before, after)
  return isCut
}

/**
 * Ends below what the leader has kept: nothing that it could fetch joins on. It drops everything
 * and goes on at the leader's log start.
 */
export function followerRestartAt(partition: PartitionState, offset: Offset): void {
  const { log, host } = partition
  const end = log.logEndOffset
  const removed = host.observer === null ? NOTHING : log.batches()
  log.truncateFullyAndStartAt(offset)
  host.observer?.onTruncate(partition.index, end, offset, removed)
}

/** Batches that go when the log is cut at `offset`: whole ones, also the one that it falls into. */
function batchesFrom(log: PartitionLog, offset: Offset): readonly RecordBatch[] {
  return log.batches().filter((batch) => batch.baseOffset + batch.count > offset)
}
