// Models: the raft thread's look at the clock: what each role does of itself, and when again.
// Leaves out: snapshot cleaning.
// Source: KafkaRaftClient.poll, pollLeader, pollCandidate, pollFollowerAsVoter and the others.

import { invariant, unreachable } from '../../sim/invariant.ts'
import { type Micros, NEVER } from '../../sim/time.ts'
import { NO_NODE, type NodeId } from '../ids.ts'
import type { QuorumFetchRequest, VoteRequest } from '../quorum-messages.ts'
import { sendBeginQuorumEpoch } from './begin-quorum-epoch.ts'
import { completeParkedFetches, expireParkedFetches, onLeaderHighWatermark } from './fetch.ts'
import { isShutDown } from './graceful-shutdown.ts'
import { FETCH_WAIT_MAX } from './raft-config.ts'
import type { RaftNode } from './raft-node.ts'
import type {
  Candidate,
  Follower,
  Leader,
  Prospective,
  Resigned,
  Unattached,
} from './raft-state.ts'
import { onElectionLost, onPreVoteLost } from './vote.ts'

/** More changes of role than this within one instant mean that two roles throw the ball around. */
const TRANSITIONS_MAX = 10

/**
 * Does everything that is due now and sends what the role wants to send.
 * @returns when to poll again at the latest
 */
export function poll(node: RaftNode): Micros {
  for (let i = 0; i < TRANSITIONS_MAX; i++) {
    if (isShutDown(node)) return NEVER
    const { state } = node
    const next = pollState(node)
    if (node.state === state) return Math.min(next, node.requests.nextChange(node.now))
  }
  invariant(false, 'a quorum node comes to rest', { role: node.state.name, epoch: node.epoch })
  return NEVER
}

/** The vote request of a nominee; the same for every voter. */
function voteRequest(node: RaftNode, preVote: boolean): VoteRequest {
  const { log } = node.store
  return {
    api: 'Vote',
    candidate: node.config.nodeId,
    epoch: node.epoch,
    lastEpoch: log.lastEpoch,
    lastEpochEndOffset: log.endOffset,
    preVote,
  }
}

/** A fetch from the end of the own log. */
export function fetchRequest(node: RaftNode): QuorumFetchRequest {
  const { log } = node.store
  return {
    api: 'QuorumFetch',
    replicaId: node.config.nodeId,
    epoch: node.epoch,
    fetchOffset: log.endOffset,
    lastFetchedEpoch: log.lastEpoch,
    highWatermark: node.highWatermark,
    maxWaitMs: FETCH_WAIT_MAX / 1000,
  }
}

function pollState(node: RaftNode): Micros {
  const { state } = node
  switch (state.name) {
    case 'Unattached':
      return pollUnattached(node, state)
    case 'Follower':
      return pollFollower(node, state)
    case 'Prospective':
      return pollProspective(node, state)
    case 'Candidate':
      return pollCandidate(node, state)
    case 'Leader':
      return pollLeader(node, state)
    case 'Resigned':
      return pollResigned(node, state)
    default:
      return unreachable(state)
  }
}

/**
 * An observer never stands for election: it asks one voter after the other who leads. A voter asks
 * too, and stands when its election time-out is over without an answer.
 */
function pollUnattached(node: RaftNode, state: Unattached): Micros {
  if (node.shutdownDeadline !== null) return node.shutdownDeadline
  if (state.electionDeadline <= node.now) {
    node.toNominee()
    return node.now
  }
  // With pre-vote a voter without a leader also looks for one, since nobody may depose it.
  if (!node.isVoter || node.config.guards.preVote) fetchFromAnyVoter(node)
  return state.electionDeadline
}

/**
 * A voter that has not heard its leader for controller.quorum.fetch.timeout.ms stands for election.
 * An observer asks whom it can reach, and follows its leader until somebody names another.
 */
function pollFollower(node: RaftNode, state: Follower): Micros {
  if (state.fetchDeadline <= node.now) {
    if (!node.isVoter) {
      fetchFromAnyVoter(node)
      return NEVER
    }
    node.toNominee()
    return node.now
  }
  // Without pre-vote a voter asks its leader only: after its crash no two of them had ever met.
  if (node.isVoter && !node.config.guards.preVote) {
    node.sendIfReady(state.leaderId, () => fetchRequest(node))
  } else {
    fetchFromBestNode(node, state.leaderId)
  }
  return state.fetchDeadline
}

/**
 * The leader while it answers, else anybody who might know a newer one. That opens connections:
 * after a leader's crash, which its followers notice at once, they have met before they stand.
 */
function fetchFromBestNode(node: RaftNode, leaderId: NodeId): void {
  const { requests, now } = node
  if (requests.hasRequestTimedOut(leaderId, now)) {
    requests.reset(leaderId)
    fetchFromAnyVoter(node)
  } else if (requests.isBackingOff(leaderId, now)) {
    fetchFromAnyVoter(node)
  } else if (!requests.hasAnyInflight(now)) {
    node.sendIfReady(leaderId, () => fetchRequest(node))
  }
}

/**
 * A pre-vote that is still open after the election time-out counts as lost: whoever is silent may
 * be cut off, and no epoch has been raised that would have to be heard of (KIP-996).
 */
function pollProspective(node: RaftNode, state: Prospective): Micros {
  if (node.shutdownDeadline === null && state.electionDeadline <= node.now) {
    onPreVoteLost(node)
    return node.now
  }
  sendVotes(node, state, true)
  return node.shutdownDeadline ?? state.electionDeadline
}

/** Its epoch is raised for good: only a majority, another leader or its time-out ends this. */
function pollCandidate(node: RaftNode, state: Candidate): Micros {
  if (node.shutdownDeadline !== null) {
    // The election goes on: if it is won the node can resign, and another leader also sets it free.
    sendVotes(node, state, false)
    return node.shutdownDeadline
  }
  if (state.backoffDeadline !== null) {
    if (state.backoffDeadline <= node.now) node.toNominee()
    return state.backoffDeadline
  }
  if (state.electionDeadline <= node.now) {
    if (node.config.guards.preVote) node.toNominee()
    else onElectionLost(node, state)
    return state.backoffDeadline ?? node.now
  }
  if (!state.election.isVoteRejected) sendVotes(node, state, false)
  return state.electionDeadline
}

/**
 * A leader that no majority has asked for 1.5 fetch time-outs can commit nothing, and another may
 * lead already. It resigns, so that the controller above it stops taking requests.
 */
function pollLeader(node: RaftNode, leader: Leader): Micros {
  const { now, config } = node
  const quorumLeft = leader.progress.timeUntilCheckQuorumExpires(now)
  const isQuorumLost = quorumLeft === 0 && config.guards.checkQuorum
  if (isQuorumLost || node.shutdownDeadline !== null) {
    node.toResigned()
    return now
  }
  // Before the rest: what is written now goes out with the parked fetches at once.
  if (leader.drainAt <= now) drain(node, leader)
  if (leader.beginQuorumDeadline <= now) sendBeginQuorumEpoch(node, leader)
  expireParkedFetches(node, leader)
  let next = Math.min(leader.drainAt, leader.beginQuorumDeadline)
  if (quorumLeft !== null && config.guards.checkQuorum) next = Math.min(next, now + quorumLeft)
  for (const { deadline } of leader.parked) next = Math.min(next, deadline)
  return next
}

/**
 * Tells each voter until it has answered. Who hears of no successor for its own election time-out
 * begins again: with pre-vote without an epoch that others would have to follow.
 */
function pollResigned(node: RaftNode, state: Resigned): Micros {
  if (node.shutdownDeadline === null && state.electionDeadline <= node.now) {
    if (node.config.guards.preVote) node.toUnattached(state.epoch + 1)
    else node.toCandidate()
    return node.now
  }
  const { epoch, leaderId, preferredSuccessors } = state
  for (const voter of state.unacked) {
    const end = { api: 'EndQuorumEpoch', leader: leaderId, epoch, preferredSuccessors } as const
    node.sendIfReady(voter, () => end)
  }
  return node.shutdownDeadline ?? state.electionDeadline
}

/** Writes what has lingered. Parked fetches are answered before the leader waits for its disk. */
export function drain(node: RaftNode, leader: Leader): void {
  const { store } = node
  for (const record of leader.pending.splice(0)) store.log.append(leader.epoch, record)
  leader.drainAt = NEVER
  const moved = leader.progress.updateLocalState(store.log.endOffset)
  if (moved) onLeaderHighWatermark(node, leader)
  completeParkedFetches(node, leader)
  node.io.flush()
}

/** Again after a time-out or a back-off, as long as a voter has said neither yes nor no. */
function sendVotes(node: RaftNode, state: Prospective | Candidate, preVote: boolean): void {
  for (const voter of state.election.unrecorded()) {
    node.sendIfReady(voter, () => voteRequest(node, preVote))
  }
}

/** One fetch in flight at a time, to a voter drawn at random among those that are ready. */
function fetchFromAnyVoter(node: RaftNode): void {
  const { requests, now, config } = node
  if (requests.hasAnyInflight(now)) return
  const others = config.voters.filter((voter) => voter !== config.nodeId)
  const ready = firstReady(node, others)
  if (ready !== NO_NODE) node.sendIfReady(ready, () => fetchRequest(node))
}

/** The draw spreads the question over the voters; from there on it goes round (RequestManager). */
function firstReady(node: RaftNode, voters: readonly NodeId[]): NodeId {
  if (voters.length === 0) return NO_NODE
  const start = node.random.int(0, voters.length - 1)
  for (let i = 0; i < voters.length; i++) {
    const voter = voters[(start + i) % voters.length]
    if (voter !== undefined && node.requests.isReady(voter, node.now)) return voter
  }
  return NO_NODE
}
