// Models: when a leader proposes to drop members from the ISR.
// Leaves out: nothing.
// Source: Partition.maybeShrinkIsr, getOutOfSyncReplicas.

import type { NodeId } from '../ids.ts'
import { proposeIsr } from './isr-proposal.ts'
import { pendingShrink } from './isr-state.ts'
import { maybeDemoteObservers } from './observers.ts'
import type { PartitionState } from './partition-state.ts'

/**
 * The isr-expiration task's look at one partition: members that are not caught up go, all in one
 * proposal. On an idle partition even a dead follower that has everything stays: not its leader
 * takes it out of the ISR but the controller, when its session ends.
 * @returns whether a change was proposed
 */
export function maybeShrinkIsr(partition: PartitionState): boolean {
  const { isrState } = partition
  if (!partition.isLeader || isrState.kind !== 'committed') return false
  // Alone, it has nobody to drop; a leader never drops itself.
  if (isrState.isr.length === 1) return false
  const removed = outOfSync(partition)
  if (removed.length > 0) proposeIsr(partition, pendingShrink(isrState, removed))
  else maybeDemoteObservers(partition)
  return partition.isrState !== isrState
}

/** Members other than the leader that are neither at its log's end nor were lately. */
function outOfSync(partition: PartitionState): readonly NodeId[] {
  const { now, nodeId, replicaLagTimeMax } = partition.host
  const end = partition.log.logEndOffset
  return partition.isrState.isr.filter((id) => {
    if (id === nodeId) return false
    const follower = partition.follower(id)
    return follower === undefined || !follower.isCaughtUp(end, now, replicaLagTimeMax)
  })
}
