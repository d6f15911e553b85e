// Models: when a leader proposes to take a replica into the ISR.
// Leaves out: replicas being moved between log directories.
// Source: Partition.maybeExpandIsr; KIP-497.

import type { FollowerState } from './follower-state.ts'
import { isIsrEligible } from './isr-eligibility.ts'
import { proposeIsr } from './isr-proposal.ts'
import { isAmong, pendingExpand } from './isr-state.ts'
import type { PartitionState } from './partition-state.ts'

/**
 * Asked on every fetch of a follower: one replica a proposal, and none while one is on its way.
 * The replica must have reached the high watermark and the offset at which this epoch began: below
 * it lie records that earlier leaders may have committed and this one does not know as such yet.
 */
export function maybeExpandIsr(partition: PartitionState, follower: FollowerState): void {
  const { isrState } = partition
  if (isrState.kind !== 'committed' || isAmong(isrState.isr, follower.id)) return
  if (!reachedLeader(partition, follower) || !isIsrEligible(partition, follower)) return
  proposeIsr(partition, pendingExpand(isrState, follower.id))
}

/** Whether no fetch of this follower can bring about a proposal, as things are. */
export function isSettled({ isrState }: PartitionState, follower: FollowerState): boolean {
  return isrState.kind === 'committed' && isAmong(isrState.isr, follower.id)
}

/** The lag time plays no part: whoever is at the watermark may join, however long it was away. */
function reachedLeader(partition: PartitionState, follower: FollowerState): boolean {
  const epochStart = partition.leaderEpochStartOffset
  if (epochStart === null || follower.logEndOffset < partition.log.highWatermark) return false
  return follower.logEndOffset >= epochStart || !partition.host.guards.isrExpandNeedsEpochStart
}
