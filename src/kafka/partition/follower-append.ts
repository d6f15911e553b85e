// Models: what a follower does with one partition of a fetch response.
// Leaves out: a log that starts in the middle of a batch after DeleteRecords.
// Source: ReplicaFetcherThread.processPartitionData; KAFKA-14704.

import type { FetchPartitionResponse } from '../messages.ts'
import { followerTruncate, truncationOffset } from './follower-truncate.ts'
import type { PartitionState } from './partition-state.ts'

/** FAILED: the batches do not continue the log; the fetcher gives the partition up. */
export type FollowerOutcome = 'APPENDED' | 'EMPTY' | 'TRUNCATED' | 'TRUNCATED_NOTHING' | 'FAILED'

/** Takes an error-free answer to the fetch at this log's end. */
export function followerHandlesFetchResponse(
  partition: PartitionState,
  response: FetchPartitionResponse,
): FollowerOutcome {
  if (response.diverging !== null) return truncate(partition, response)
  const { log, host } = partition
  const { batches } = response
  // Kafka sends file regions, read when the socket takes them: an old leader that is cut and grows
  // meanwhile sends batches of a later epoch than was asked for, and 4.1 skips those (KAFKA-18723).
  // Here batches are taken when the leader reads, so that none of another epoch can come.
  if (!log.appendAsFollower(batches)) return 'FAILED'
  if (host.observer !== null) {
    for (const batch of batches) host.observer.onAppend(partition.index, batch, false)
  }
  // In this order: a watermark above the own log's end is clamped, and with it the log's start.
  takeHighWatermark(partition, response.highWatermark)
  log.maybeIncrementLogStartOffset(response.logStartOffset)
  return batches.length > 0 ? 'APPENDED' : 'EMPTY'
}

/**
 * A diverging response cuts the log and tells nothing else. Without the guard (before 3.5):
 *
 * 1. its high watermark, one of the new leader's log, is set first, clamped to the old log's end;
 * 2. the records below it that are about to be cut look committed;
 * 3. a consumer that reads from this follower sees them; then they are gone.
 */
function truncate(partition: PartitionState, response: FetchPartitionResponse): FollowerOutcome {
  if (response.diverging === null) return 'EMPTY'
  if (!partition.host.guards.truncateBeforeHighWatermark) {
    takeHighWatermark(partition, response.highWatermark)
  }
  const offset = truncationOffset(partition, response.diverging)
  return followerTruncate(partition, offset) ? 'TRUNCATED' : 'TRUNCATED_NOTHING'
}

/** -1 tells nothing. A lower one is taken too: it is what the new leader knows to be committed. */
function takeHighWatermark(partition: PartitionState, offset: number): void {
  const { log, host } = partition
  const before = log.highWatermark
  if (offset < 0 || !log.maybeUpdateHighWatermark(offset)) return
  host.observer?.onHighWatermark(partition.index, before, log.highWatermark)
  host.waiters.onHighWatermark(partition.index)
}
