// Models: BeginQuorumEpoch: a new leader makes itself known to the other voters.
// Leaves out: endpoints of the leader.
// Source: KIP-595; KafkaRaftClient.handleBeginQuorumEpochRequest, LeaderState (begin quorum timer).

import type { KafkaError } from '../errors.ts'
import type { BeginQuorumEpochRequest, QuorumEpochResponse } from '../quorum-messages.ts'
import type { RaftNode } from './raft-node.ts'
import type { Leader } from './raft-state.ts'
import { learnLeader } from './response.ts'

/**
 * A new leader makes itself known; without it voters would find it by fetching from one another.
 */
export function handleBeginQuorumEpoch(
  node: RaftNode,
  request: BeginQuorumEpochRequest,
): QuorumEpochResponse {
  if (request.epoch < node.epoch) return quorumEpochResponse(node, 'FENCED_LEADER_EPOCH')
  learnLeader(node, request.leader, request.epoch)
  return quorumEpochResponse(node, 'NONE')
}

/** Every half fetch time-out the leader tells those voters again that have not fetched since. */
export function sendBeginQuorumEpoch(node: RaftNode, leader: Leader): void {
  const interval = Math.floor(node.config.fetchTimeout / 2)
  leader.beginQuorumDeadline = node.now + interval
  const { epoch, leaderId, progress } = leader
  for (const voter of node.config.voters) {
    if (voter === leaderId) continue
    const lastFetch = progress.voters.get(voter)?.lastFetchTime ?? -1
    if (lastFetch >= 0 && lastFetch + interval > node.now) continue
    node.sendIfReady(voter, () => ({ api: 'BeginQuorumEpoch', leader: leaderId, epoch }))
  }
}

/** The common answer to BeginQuorumEpoch and EndQuorumEpoch. */
export function quorumEpochResponse(node: RaftNode, error: KafkaError): QuorumEpochResponse {
  return { api: 'QuorumEpoch', error, leader: node.leaderId, epoch: node.epoch }
}
