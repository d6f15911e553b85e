// Models: whether a request's leader epoch is the one that this replica knows.
// Leaves out: nothing.
// Source: Partition.checkCurrentLeaderEpoch; KIP-320 (epoch errors).

import type { KafkaError } from '../errors.ts'
import { type LeaderEpoch, NO_EPOCH } from '../ids.ts'
import type { PartitionState } from './partition-state.ts'

/**
 * FENCED where the sender is behind, UNKNOWN where this replica is; -1 is not checked. Without it
 * an old leader that has not heard of the new one would serve a follower of the new epoch.
 */
export function checkLeaderEpoch(partition: PartitionState, requested: LeaderEpoch): KafkaError {
  if (requested === NO_EPOCH || requested === partition.leaderEpoch) return 'NONE'
  return requested < partition.leaderEpoch ? 'FENCED_LEADER_EPOCH' : 'UNKNOWN_LEADER_EPOCH'
}
