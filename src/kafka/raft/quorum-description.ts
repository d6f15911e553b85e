// Models: what `kafka-metadata-quorum describe` shows, as only the leader can tell it.
// Leaves out: directory ids, the uncommitted voter change.
// Source: KIP-595, KIP-836; DescribeQuorumResponse, LeaderState.describeReplicaState.

import type { Micros } from '../../sim/time.ts'
import type { MetadataOffset, NodeId, QuorumEpoch } from '../ids.ts'
import type { QuorumReplicaState } from './leader-state.ts'
import type { RaftNode } from './raft-node.ts'

/** A line of the tool: one voter or observer, as far as its fetches tell. */
export interface ReplicaDescription {
  readonly id: NodeId
  readonly status: 'Leader' | 'Follower' | 'Observer'
  /** -1 where the leader has not heard of the replica. */
  readonly logEndOffset: MetadataOffset
  /** Records up to the leader's end, committed or not. */
  readonly lag: number
  /** As the leader's clock has it; -1 before the first fetch. */
  readonly lastFetchTime: Micros
  /** When it last had everything that the leader had then; -1 for never. */
  readonly lastCaughtUpTime: Micros
}

/** The whole answer; what the leader says of itself is of this moment. */
export interface QuorumDescription {
  readonly leaderId: NodeId
  readonly leaderEpoch: QuorumEpoch
  /** -1 until the leader has committed in its epoch. */
  readonly highWatermark: MetadataOffset
  /** Of the voters alone: brokers that lag put no commit at risk. */
  readonly maxFollowerLag: number
  /** Micros for which the slowest voter has not been caught up; -1 where one never was. */
  readonly maxFollowerLagTime: Micros
  /** Voters in the order of the setting, then observers in the order of their first fetch. */
  readonly replicas: readonly ReplicaDescription[]
}

/** The quorum as its leader sees it; null from any other node. */
export function describeQuorum(node: RaftNode): QuorumDescription | null {
  const leader = node.state
  if (leader.name !== 'Leader') return null
  const { progress } = leader
  const end = node.store.log.endOffset
  const describe = (id: NodeId, state: QuorumReplicaState, isVoter: boolean) => {
    const isSelf = id === leader.leaderId
    const status = isSelf ? 'Leader' : isVoter ? 'Follower' : 'Observer'
    const logEndOffset = isSelf ? end : state.endOffset
    const lastFetchTime = isSelf ? node.now : state.lastFetchTime
    const lastCaughtUpTime = isSelf ? node.now : state.lastCaughtUpTime
    const lag = end - Math.max(0, logEndOffset)
    return { id, status, logEndOffset, lag, lastFetchTime, lastCaughtUpTime } as const
  }
  const voters = [...progress.voters].map(([id, state]) => describe(id, state, true))
  const observers = [...progress.observers].map(([id, state]) => describe(id, state, false))
  const slowest = Math.min(...voters.map(({ lastCaughtUpTime }) => lastCaughtUpTime))
  return {
    leaderId: leader.leaderId,
    leaderEpoch: leader.epoch,
    highWatermark: progress.highWatermark,
    maxFollowerLag: Math.max(...voters.map(({ lag }) => lag)),
    maxFollowerLagTime: slowest < 0 ? -1 : node.now - slowest,
    replicas: [...voters, ...observers],
  }
}
