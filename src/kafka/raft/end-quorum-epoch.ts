// Models: EndQuorumEpoch: a leader that resigns asks the best voter to stand at once.
// Leaves out: endpoints of the preferred successors.
// Source: KIP-595; KafkaRaftClient.handleEndQuorumEpochRequest, endEpochElectionBackoff.

import type { Micros } from '../../sim/time.ts'
import type { NodeId } from '../ids.ts'
import type { EndQuorumEpochRequest, QuorumEpochResponse } from '../quorum-messages.ts'
import { quorumEpochResponse } from './begin-quorum-epoch.ts'
import type { RaftNode } from './raft-node.ts'
import { handleCommonResponse, learnLeader } from './response.ts'

/**
 * A leader resigns: the successor that it prefers stands at once, each further one a back-off
 * later.
 */
export function handleEndQuorumEpoch(
  node: RaftNode,
  request: EndQuorumEpochRequest,
): QuorumEpochResponse {
  if (request.epoch < node.epoch) return quorumEpochResponse(node, 'FENCED_LEADER_EPOCH')
  learnLeader(node, request.leader, request.epoch)
  const { state } = node
  if (state.name === 'Follower' && state.leaderId === request.leader) {
    // Instead of a fetch time-out of two seconds: an orderly end costs the quorum next to nothing.
    state.fetchDeadline = node.now + successorDelay(node, request.preferredSuccessors)
  }
  return quorumEpochResponse(node, 'NONE')
}

/** Answers to BeginQuorumEpoch and EndQuorumEpoch. Returns whether the peer is usable. */
export function handleQuorumEpochResponse(
  node: RaftNode,
  from: NodeId,
  response: QuorumEpochResponse,
): boolean {
  const handled = handleCommonResponse(node, response)
  if (handled !== null) return handled
  if (node.state.name === 'Resigned') node.state.unacked.delete(from)
  return true
}

/**
 * The first successor stands at once, each further one twice as late as the one before, who is not
 * among them last of all. A leader that was started anew prefers nobody: then all stand at once.
 */
function successorDelay(node: RaftNode, successors: readonly NodeId[]): Micros {
  const position = successors.indexOf(node.config.nodeId)
  if (position === 0 || successors.length === 0) return 0
  const max = node.config.electionBackoffMax
  if (position < 0) return max
  const base = Math.floor(max / (1 << Math.min(30, successors.length - 1)))
  return Math.min(max, base * (1 << Math.min(30, position - 1)))
}
