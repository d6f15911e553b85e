// Models: nothing; states what must hold of a replica between any two events.
// Leaves out: what holds between replicas, and over time: lab/invariants watches that.
// Source: kafka.cluster.Partition, PartitionState; KIP-497.

import { invariant } from '../../sim/invariant.ts'
import { areDistinct } from '../../sim/state-checks.ts'
import type { PartitionState } from './partition-state.ts'

/** Role and epochs: whoever leads knows where its epoch began, and nobody else does. */
export function assertRoleWhole(partition: PartitionState): void {
  const { index, isLeader, leader, leaderEpochStartOffset: start, host, log } = partition
  invariant(isLeader === (leader === host.nodeId), 'who leads is the leader', { index, leader })
  invariant(isLeader === (start !== null), 'a leader knows its epoch’s start', { index, start })
  // What a link cuts off a mirror may lie below the start of its leader's epoch.
  const isWithin = start === null || partition.isMirror || start <= log.logEndOffset
  invariant(isWithin, 'an epoch begins within its leader’s log', { index, start })
}

/** The ISR and what is proposed of it: the maximal ISR covers whatever the controller may say. */
export function assertIsrWhole({
  index,
  isLeader,
  host,
  replicas,
  isrState,
}: PartitionState): void {
  const { isr, maximal } = isrState
  areDistinct(replicas, 'a replica is assigned once')
  areDistinct(isr, 'a member is in the ISR once')
  const hasAll = isr.every((id) => maximal.includes(id))
  invariant(hasAll, 'the maximal ISR holds the committed one', { index, isr, maximal })
  const hasLeader = !isLeader || isr.includes(host.nodeId)
  invariant(hasLeader, 'a leader is in its own ISR', { index, isr })
  if (isrState.kind === 'committed') return
  invariant(isLeader, 'only a leader has a proposal pending', { index })
  const { proposed, lastCommitted } = isrState
  const isCovered = proposed.every((id) => maximal.includes(id))
  invariant(isCovered, 'the maximal ISR holds the proposed one', { index, proposed, maximal })
  invariant(lastCommitted.isr === isr, 'a proposal starts from what is committed', { index })
}

/** What a leader knows of the others; whoever does not lead knows nothing of them. */
export function assertFollowersWhole(partition: PartitionState): void {
  const { index, isLeader, followers, replicas, host, log } = partition
  const ids = followers.map(({ id }) => id)
  areDistinct(ids, 'a follower is known once')
  invariant(!ids.includes(host.nodeId), 'a leader does not follow itself', { index })
  const isComplete = replicas.every((id) => id === host.nodeId || ids.includes(id))
  const isKnown = isLeader ? isComplete : ids.length === 0
  invariant(isKnown, 'a leader, and only it, knows every other replica', { index, ids, replicas })
  for (const { id, lastFetchTime, lastCaughtUpTime, lastSentHighWatermark: sent } of followers) {
    const isPast = Math.max(lastFetchTime, lastCaughtUpTime) <= host.now
    invariant(isPast, 'a fetch was in the past', { index, id, lastFetchTime, lastCaughtUpTime })
    const isReached = partition.isMirror || sent <= log.highWatermark
    invariant(isReached, 'nobody was told more than is committed', { index, id, sent })
  }
}
