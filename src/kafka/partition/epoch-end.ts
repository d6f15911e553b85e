// Models: where a leader epoch ended in a replica's log, as its release could tell.
// Leaves out: nothing; the cache itself is log/leader-epoch-cache.ts.
// Source: PartitionState.lastOffsetForLeaderEpoch; KAFKA-7415.

import { type LeaderEpoch, NO_EPOCH, NO_OFFSET, type Offset } from '../ids.ts'
import type { EpochEndOffset } from '../log/leader-epoch-cache.ts'
import type { PartitionState } from './partition-state.ts'

const UNKNOWN: EpochEndOffset = { epoch: NO_EPOCH, endOffset: NO_OFFSET }

/** Whether this log goes on from one that ends with `epoch` at `offset`: nothing has to be cut. */
export function goesOnFrom({ log }: PartitionState, epoch: LeaderEpoch, offset: Offset): boolean {
  return log.epochs.latestEpoch() === epoch && offset <= log.logEndOffset
}

/**
 * Where `epoch` ended here, or the next lower one that this log knows. Without the guard (before
 * 2.1) an epoch below the first of the cache was unknown, and a follower fell back to its
 * watermark.
 */
export function endOfEpoch({ log, host }: PartitionState, epoch: LeaderEpoch): EpochEndOffset {
  const isBelow = epoch < (log.epochs.earliestEpoch() ?? NO_EPOCH)
  if (isBelow && !host.guards.epochKnownFromElection) return UNKNOWN
  return log.epochs.endOffsetFor(epoch, log.logEndOffset)
}
