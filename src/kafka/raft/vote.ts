// Models: Vote and pre-vote: who gets a voter's vote, and what a nominee makes of the answers.
// Leaves out: voter keys with directory ids (KIP-853).
// Source: KIP-595, KIP-996; KafkaRaftClient.handleVoteRequest, EpochState.canGrantVote.

import type { KafkaError } from '../errors.ts'
import { NO_NODE, type NodeId } from '../ids.ts'
import type { VoteRequest, VoteResponse } from '../quorum-messages.ts'
import type { RaftNode } from './raft-node.ts'
import type { Candidate } from './raft-state.ts'
import { handleCommonResponse } from './response.ts'

/** First back-off of a candidate that lost, without pre-vote, in micros. */
const BACKOFF_BASE = 100_000
const BACKOFF_RETRIES_MAX = 20

/**
 * Answers a candidate. A higher epoch is taken on whether or not the vote is granted; a pre-vote
 * (KIP-996) asks without its sender having raised one, and binds nobody.
 */
export function handleVote(node: RaftNode, request: VoteRequest): VoteResponse {
  const { candidate, epoch } = request
  if (epoch < node.epoch) return voteResponse(node, 'FENCED_LEADER_EPOCH', false)
  if (epoch > node.epoch) node.toUnattached(epoch)
  const granted = canGrantVote(node, request)
  const { state } = node
  const isUndecided = state.name === 'Unattached' || state.name === 'Prospective'
  // A vote binds in its epoch; a pre-vote is an opinion, and may be given to any number.
  if (granted && !request.preVote && isUndecided && state.votedFor === NO_NODE) {
    node.addVote(candidate)
  }
  return voteResponse(node, 'NONE', granted)
}

/** A response to this node's own request. Returns whether the peer is usable. */
export function handleVoteResponse(node: RaftNode, from: NodeId, response: VoteResponse): boolean {
  const handled = handleCommonResponse(node, response)
  if (handled !== null) return handled
  const { state } = node
  if (state.name !== 'Prospective' && state.name !== 'Candidate') return true
  state.election.recordVote(from, response.granted)
  if (state.election.isVoteGranted) {
    if (state.name === 'Candidate') node.toLeader()
    else node.toCandidate()
  } else if (state.election.isVoteRejected) {
    if (state.name === 'Candidate') onElectionLost(node, state)
    else onPreVoteLost(node)
  }
  return true
}

/** Back to whoever it knew to lead; a nominee that knew nobody is unattached. */
export function onPreVoteLost(node: RaftNode): void {
  const { epoch, leaderId } = node.state
  if (leaderId === NO_NODE) node.toUnattached(epoch)
  else node.toFollower(epoch, leaderId)
}

/**
 * With pre-vote the loser waits for the rest of its election time-out, which is random enough
 * (KAFKA-18345). Without, it backs off for a random time that doubles from election to election.
 */
export function onElectionLost(node: RaftNode, candidate: Candidate): void {
  if (node.config.guards.preVote || candidate.backoffDeadline !== null) return
  const doublings = Math.min(BACKOFF_RETRIES_MAX, candidate.retries - 1)
  const backoff = BACKOFF_BASE * node.random.int(0, 2 * (1 << doublings) - 1)
  candidate.backoffDeadline = node.now + Math.min(backoff, node.config.electionBackoffMax)
}

function canGrantVote(node: RaftNode, request: VoteRequest): boolean {
  const { state } = node
  const { candidate, preVote } = request
  if (!isUpToDate(node, request)) {
    // A vote once given is given again, whatever the logs say by now.
    const mayVote = state.name === 'Unattached' || state.name === 'Prospective'
    return !preVote && mayVote && state.votedFor === candidate
  }
  switch (state.name) {
    // Whoever asks has missed an election: the answer names this leader.
    case 'Leader':
      return false
    // The vote of this epoch is its own; an opinion on the next one costs nothing.
    case 'Resigned':
    case 'Candidate':
      return preVote
    // With fetches that get through, the leader lives: a pre-vote of somebody cut off gets nowhere.
    case 'Follower':
      return preVote && !state.hasFetchedFromLeader
    // One vote an epoch, also across a restart; and none against a leader that it knows of.
    case 'Unattached':
    case 'Prospective':
      if (preVote) return true
      if (state.votedFor !== NO_NODE) return state.votedFor === candidate
      return state.leaderId === NO_NODE
  }
}

function isUpToDate(node: RaftNode, request: VoteRequest): boolean {
  const { log } = node.store
  if (request.lastEpoch !== log.lastEpoch) return request.lastEpoch > log.lastEpoch
  return request.lastEpochEndOffset >= log.endOffset
}

function voteResponse(node: RaftNode, error: KafkaError, granted: boolean): VoteResponse {
  return { api: 'Vote', error, leader: node.leaderId, epoch: node.epoch, granted }
}
