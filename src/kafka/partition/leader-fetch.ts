// Models: a follower's fetch at the leader of one partition: fencing, divergence, ISR, watermark.
// Leaves out: replication quotas.
// Source: Partition.fetchRecords, readRecords, updateFollowerFetchState.

import { NO_EPOCH, type NodeId, type Offset } from '../ids.ts'
import type { FetchPartition, FetchRequest } from '../messages.ts'
import { checkLeaderEpoch } from './epoch-check.ts'
import { endOfEpoch, goesOnFrom } from './epoch-end.ts'
import type { FollowerState } from './follower-state.ts'
import { maybeIncrementHighWatermark } from './high-watermark.ts'
import { maybeExpandIsr } from './isr-expand.ts'
import type { PartitionHost } from './partition-ports.ts'
import type { PartitionRead } from './partition-read.ts'
import type { PartitionState } from './partition-state.ts'

/**
 * Serves one partition of a follower's fetch.
 *
 * 1. The epoch must be ours and the sender an assigned replica.
 * 2. The records are read, with the high watermark as it is now: a response with records tells
 *    the follower of an older watermark than its own request has brought about.
 * 3. Unless the logs diverge, the follower counts as having all below its fetch offset: it may
 *    join the ISR, and the high watermark may move.
 *
 * @param isArrival false for the second look at a parked fetch, which updates nothing
 */
export function leaderHandlesFetch(
  partition: PartitionState,
  request: FetchRequest,
  entry: FetchPartition,
  bytesMax: number,
  atLeastOne: boolean,
  isArrival: boolean,
  read: PartitionRead,
): void {
  read.clear()
  const follower = admit(partition, request.replicaId, entry, read)
  if (follower === undefined) return
  // Before the read: what is appended meanwhile shall not keep the follower from being caught up.
  const leaderLogEndOffset = partition.log.logEndOffset
  readForFollower(partition, entry, bytesMax, atLeastOne, read)
  if (!isArrival || read.error !== 'NONE' || read.diverging !== null) return
  updateFollowerState(partition, follower, request, entry, leaderLogEndOffset, read)
}

/**
 * The short way of `leaderHandlesFetch` for the most frequent of all cases: the logs agree and the
 * follower has everything, so that there is nothing to read.
 * @returns its state; undefined in any other case, of which the long way will tell
 */
export function followerWithAll(
  partition: PartitionState,
  replicaId: NodeId,
  entry: FetchPartition,
): FollowerState | undefined {
  const { log } = partition
  if (entry.fetchOffset !== log.logEndOffset || !partition.isLeader) return undefined
  if (entry.currentLeaderEpoch !== partition.leaderEpoch) return undefined
  const { lastFetchedEpoch } = entry
  const agrees = lastFetchedEpoch === NO_EPOCH || lastFetchedEpoch === log.epochs.latestEpoch()
  return agrees ? partition.follower(replicaId) : undefined
}

/** Takes note that such a follower has fetched again; its process is the one that is registered. */
export function leaderNotesFetch(
  partition: PartitionState,
  follower: FollowerState,
  request: FetchRequest,
  entry: FetchPartition,
): void {
  const { logEndOffset, highWatermark } = partition.log
  noteFetch(partition, follower, request, entry, logEndOffset, highWatermark)
}

/** The follower's state, or an error in `read`. */
function admit(
  partition: PartitionState,
  replicaId: NodeId,
  entry: FetchPartition,
  read: PartitionRead,
): FollowerState | undefined {
  const epochError = checkLeaderEpoch(partition, entry.currentLeaderEpoch)
  if (epochError !== 'NONE' && partition.host.guards.epochFencingOfFetch) {
    read.fail(epochError)
    return undefined
  }
  if (!partition.isLeader) {
    read.fail('NOT_LEADER_OR_FOLLOWER')
    return undefined
  }
  const follower = partition.follower(replicaId)
  // Not assigned as far as this replica knows; in KRaft it may hear of that in a moment.
  if (follower === undefined) read.fail('UNKNOWN_LEADER_EPOCH')
  return follower
}

/** Up to the log's end, committed or not: that is how records get committed. */
function readForFollower(
  partition: PartitionState,
  entry: FetchPartition,
  bytesMax: number,
  atLeastOne: boolean,
  read: PartitionRead,
): void {
  const { log } = partition
  read.highWatermark = log.highWatermark
  read.logStartOffset = log.logStartOffset
  if (entry.lastFetchedEpoch !== NO_EPOCH && detectDivergence(partition, entry, read)) return
  read.fill(log, entry.fetchOffset, log.logEndOffset, bytesMax, atLeastOne)
}

/** KIP-595 in the data path: where the follower's last epoch ended in this log. */
function detectDivergence(
  partition: PartitionState,
  entry: FetchPartition,
  read: PartitionRead,
): boolean {
  const { log, host } = partition
  const { fetchOffset, lastFetchedEpoch } = entry
  // Most fetches go on from the latest epoch, and need no look at the cache.
  const isAboveStart = fetchOffset >= log.logStartOffset
  if (isAboveStart && goesOnFrom(partition, lastFetchedEpoch, fetchOffset)) return false
  const end = endOfEpoch(partition, lastFetchedEpoch)
  const isUnknown = end.epoch === NO_EPOCH
  if (isUnknown && !host.guards.epochKnownFromElection) {
    read.diverging = end
    return true
  }
  // An epoch above all that this log knows, or below its start: no cut of the follower helps.
  if (isUnknown || !isAboveStart) {
    read.error = 'OFFSET_OUT_OF_RANGE'
    return true
  }
  if (end.epoch >= lastFetchedEpoch && end.endOffset >= fetchOffset) return false
  const epochError = checkLeaderEpoch(partition, entry.currentLeaderEpoch)
  if (epochError !== 'NONE' && host.guards.epochFencingOfTruncation) read.error = epochError
  else read.diverging = end
  return true
}

function updateFollowerState(
  partition: PartitionState,
  follower: FollowerState,
  request: FetchRequest,
  entry: FetchPartition,
  leaderLogEndOffset: Offset,
  read: PartitionRead,
): void {
  const { host } = partition
  const isOtherEpoch = checkLeaderEpoch(partition, entry.currentLeaderEpoch) !== 'NONE'
  if (isOtherEpoch && host.guards.epochFencingOfHighWatermark) return
  if (isFromReplaced(host, request)) read.fail('NOT_LEADER_OR_FOLLOWER')
  else noteFetch(partition, follower, request, entry, leaderLogEndOffset, read.highWatermark)
}

/** In this order: the ISR that a fetch brings about already counts for the watermark it moves. */
function noteFetch(
  partition: PartitionState,
  follower: FollowerState,
  request: FetchRequest,
  entry: FetchPartition,
  leaderLogEndOffset: Offset,
  highWatermark: Offset,
): void {
  const { host } = partition
  const before = follower.logEndOffset
  const { fetchOffset, logStartOffset } = entry
  const brokerEpoch = host.guards.brokerEpochOnIsrAdd ? request.brokerEpoch : -1
  follower.onFetch(fetchOffset, logStartOffset, leaderLogEndOffset, host.now, brokerEpoch)
  // Read by 2.4 and 2.5 alone, which wake a parked fetch when the watermark passes it.
  follower.lastSentHighWatermark = highWatermark
  maybeExpandIsr(partition, follower)
  if (before !== fetchOffset && maybeIncrementHighWatermark(partition)) {
    host.waiters.onHighWatermark(partition.index)
  }
}

/**
 * Sent by a process that has been replaced since: what it had may be lost (KIP-903). As long as the
 * next one is fenced its epoch is not looked at, and the late fetch counts: it may not join the ISR
 * then either (`isIsrEligible`).
 */
export function isFromReplaced({ guards, brokers }: PartitionHost, request: FetchRequest): boolean {
  const { replicaId, brokerEpoch } = request
  if (!guards.brokerEpochOnIsrAdd) return false
  return brokerEpoch >= 0 && (brokers.aliveBrokerEpochOf(replicaId) ?? -1) > brokerEpoch
}
