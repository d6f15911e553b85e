// Models: BeginQuorumEpoch: a new leader makes itself known to the other voters.
// Leaves out: endpoints of the leader; before 3.9 it was sent until each voter had answered once.
// Source: KIP-595; KafkaRaftClient (maybeSend/handleBeginQuorumEpochRequest), LeaderState.

import { MS } from '../../sim/time.ts'
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

/**
 * Every half fetch time-out, in whole ms, and to every voter, whether it fetches or not: an answer
 * may also be the first word of a newer epoch. One that still owes an answer is passed over.
 */
export function sendBeginQuorumEpoch(node: RaftNode, leader: Leader): void {
  const { fetchTimeout, voters } = node.config
  leader.beginQuorumDeadline = node.now + Math.floor(fetchTimeout / 2 / MS) * MS
  const { epoch, leaderId } = leader
  for (const voter of voters) {
    if (voter === leaderId) continue
    node.sendIfReady(voter, () => ({ api: 'BeginQuorumEpoch', leader: leaderId, epoch }))
  }
}

/** The common answer to BeginQuorumEpoch and EndQuorumEpoch. */
export function quorumEpochResponse(node: RaftNode, error: KafkaError): QuorumEpochResponse {
  return { api: 'QuorumEpoch', error, leader: node.leaderId, epoch: node.epoch }
}
