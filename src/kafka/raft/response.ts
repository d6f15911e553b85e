// Models: what every response of the quorum tells besides its own business: epoch and leader.
// Leaves out: cluster ids, voter keys, leader endpoints.
// Source: KIP-595; KafkaRaftClient.maybeHandleCommonResponse, maybeTransition.

import type { KafkaError } from '../errors.ts'
import { NO_NODE, type NodeId, type QuorumEpoch } from '../ids.ts'
import type { RaftNode } from './raft-node.ts'

/**
 * Epoch and leader of a response, before its own handler.
 * @returns null if the handler shall go on; else whether the peer is usable at once
 */
export function handleCommonResponse(
  node: RaftNode,
  response: { readonly error: KafkaError; readonly leader: NodeId; readonly epoch: QuorumEpoch },
): boolean | null {
  const { error, leader, epoch } = response
  if (epoch < node.epoch || error === 'UNKNOWN_LEADER_EPOCH') return true
  const isStale = error === 'FENCED_LEADER_EPOCH' || error === 'NOT_LEADER_OR_FOLLOWER'
  if (epoch > node.epoch || isStale) {
    learnLeader(node, leader, epoch)
    // Whoever knows no leader either is left alone for the retry back-off. Kafka asks again at
    // once, round trip after round trip, which finds the leader no more than that much earlier.
    return leader !== NO_NODE
  }
  if (isNewLeader(node, leader)) {
    // An observer finds the leader and gets data in one and the same response.
    node.toFollower(epoch, leader)
    return error === 'NONE' ? null : true
  }
  return null
}

/** Follows what a message says about the newest epoch. */
export function learnLeader(node: RaftNode, leader: NodeId, epoch: QuorumEpoch): void {
  const isOther = leader !== NO_NODE && node.leaderId !== NO_NODE && leader !== node.leaderId
  if (epoch === node.epoch && isOther) {
    node.fail('an epoch has one leader', { epoch, leader, known: node.leaderId })
    return
  }
  if (epoch > node.epoch) {
    // A voter that lost its disk may hear that it leads, itself. Kafka's process ends there and is
    // started anew until another leads; here it waits for that unattached.
    if (leader === NO_NODE || leader === node.config.nodeId) node.toUnattached(epoch)
    else node.toFollower(epoch, leader)
  } else if (isNewLeader(node, leader)) {
    node.toFollower(epoch, leader)
  }
}

function isNewLeader(node: RaftNode, leader: NodeId): boolean {
  return leader !== NO_NODE && leader !== node.config.nodeId && node.leaderId === NO_NODE
}
