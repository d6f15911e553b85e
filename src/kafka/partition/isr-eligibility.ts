// Models: whether the controller would take a replica into the ISR now, for all its leader knows.
// Leaves out: replicas being moved between log directories.
// Source: Partition.isReplicaIsrEligible; KIP-841, KIP-903.

import type { FollowerState } from './follower-state.ts'
import { mayPromoteObserver } from './observer-policy.ts'
import type { PartitionState } from './partition-state.ts'

/**
 * Whether the controller would take this replica: its broker is unfenced and stays, the process
 * that fetched is the one that is registered, and an observer is wanted at this moment.
 */
export function isIsrEligible(partition: PartitionState, follower: FollowerState): boolean {
  const { guards, brokers } = partition.host
  if (guards.fencedReplicaBarredFromIsr && !brokers.isActive(follower.id)) return false
  if (guards.brokerEpochOnIsrAdd && !isCurrentProcess(partition, follower)) return false
  return !partition.observers.includes(follower.id) || mayPromoteObserver(partition)
}

/**
 * A fetch of the process before may still be counted when the next one has registered (KIP-903):
 *
 * 1. a follower fetches up to the leader's end and loses power, with records not yet on its disk;
 * 2. its next process registers with a new broker epoch, and its log is shorter;
 * 3. the leader proposes it for what the old process had: an election could lose those records.
 */
function isCurrentProcess(partition: PartitionState, follower: FollowerState): boolean {
  if (!follower.hasFetched) return false
  const registered = partition.host.brokers.aliveBrokerEpochOf(follower.id)
  if (registered === null) return false
  // -1 from a follower that sends no epoch is not checked, as at the controller.
  return follower.brokerEpoch < 0 || registered < 0 || follower.brokerEpoch === registered
}
