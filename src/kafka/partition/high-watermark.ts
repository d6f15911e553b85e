// Models: when and how far a leader moves its high watermark.
// Leaves out: the low watermark of DeleteRecords.
// Source: Partition.maybeIncrementLeaderHW; KIP-497, KAFKA-15583.

import type { Offset } from '../ids.ts'
import type { FollowerState } from './follower-state.ts'
import { isIsrEligible } from './isr-eligibility.ts'
import { isAmong } from './isr-state.ts'
import type { PartitionState } from './partition-state.ts'

/**
 * Moves the high watermark up to what every replica that counts has. It stands still while the
 * committed ISR is below min.insync.replicas, and it never goes back.
 * @returns whether it moved; the caller wakes who waits for that
 */
export function maybeIncrementHighWatermark(partition: PartitionState): boolean {
  if (!partition.isLeader) return false
  if (partition.host.guards.minIsrGatesHighWatermark && partition.isUnderMinIsr) return false
  const log = partition.log
  const end = log.logEndOffset
  // A lone leader commits at once; every follower that counts can only lower this.
  let offset: Offset = end
  const followers = partition.followers
  for (let i = 0; i < followers.length; i++) {
    const follower = followers[i]
    if (follower === undefined || follower.logEndOffset >= offset) continue
    if (holdsBack(partition, follower, end)) offset = follower.logEndOffset
  }
  const before = log.highWatermark
  if (offset <= before || !log.maybeIncrementHighWatermark(offset)) return false
  partition.host.observer?.onHighWatermark(partition.index, before, offset)
  return true
}

/**
 * Members of the maximal ISR hold it back, and so does a caught-up replica that is about to join:
 * otherwise it could never reach a moving high watermark.
 */
function holdsBack(partition: PartitionState, follower: FollowerState, logEnd: Offset): boolean {
  const { guards, now, replicaLagTimeMax } = partition.host
  const { isrState } = partition
  const counted = guards.maximalIsrForHighWatermark ? isrState.maximal : isrState.isr
  if (isAmong(counted, follower.id)) return true
  if (!isAmong(partition.replicas, follower.id)) return false
  return follower.isCaughtUp(logEnd, now, replicaLagTimeMax) && isIsrEligible(partition, follower)
}
