// Models: when a leader proposes to take a replica into the ISR.
// Leaves out: replicas being moved between log directories.
// Source: Partition.maybeExpandIsr, isReplicaIsrEligible; KIP-497, 841, 903.

import type { FollowerState } from './follower-state.ts'
import { proposeIsr } from './isr-change.ts'
import { pendingExpand } from './isr-state.ts'
import { mayPromoteObserver } from './observers.ts'
import type { Partition } from './partition.ts'

/**
 * Asked on every fetch of a follower: one replica a proposal, and none while one is on its way.
 * The replica must have reached the high watermark and the offset at which this epoch began: below
 * it lie records that earlier leaders may have committed and this one does not know as such yet.
 */
export function maybeExpandIsr(partition: Partition, follower: FollowerState): void {
  const { isrState } = partition
  if (isrState.kind !== 'committed' || isrState.isr.includes(follower.id)) return
  if (!reachedLeader(partition, follower) || !isIsrEligible(partition, follower)) return
  proposeIsr(partition, pendingExpand(isrState, follower.id))
}

function reachedLeader(partition: Partition, follower: FollowerState): boolean {
  const epochStart = partition.leaderEpochStartOffset
  if (epochStart === null || follower.logEndOffset < partition.log.highWatermark) return false
  return follower.logEndOffset >= epochStart || !partition.host.guards.isrExpandNeedsEpochStart
}

/**
 * Whether the controller would take this replica: its broker is unfenced and stays, the process
 * that fetched is the one that is registered, and an observer is wanted at this moment.
 */
export function isIsrEligible(partition: Partition, follower: FollowerState): boolean {
  const { guards, brokers } = partition.host
  if (guards.fencedReplicaBarredFromIsr && !brokers.isActive(follower.id)) return false
  if (guards.brokerEpochOnIsrAdd && !isCurrentProcess(partition, follower)) return false
  return !partition.observers.includes(follower.id) || mayPromoteObserver(partition)
}

function isCurrentProcess(partition: Partition, follower: FollowerState): boolean {
  if (!follower.hasFetched) return false
  const registered = partition.host.brokers.brokerEpochOf(follower.id)
  return follower.brokerEpoch < 0 || registered < 0 || follower.brokerEpoch === registered
}
