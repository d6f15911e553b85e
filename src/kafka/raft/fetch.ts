// Models: Fetch of the metadata log: the leader's answer, parked while there is no news.
// Leaves out: byte limits and snapshots (a response brings everything up to the log's end).
// Source: KIP-595, KIP-1166; KafkaRaftClient.handleFetchRequest, tryCompleteFetchRequest.

import type { KafkaError } from '../errors.ts'
import type { Reply } from '../network/rpc.ts'
import type { QuorumFetchRequest, QuorumFetchResponse } from '../quorum-messages.ts'
import { emptyFetchResponse } from './parked-fetches.ts'
import type { RaftNode } from './raft-node.ts'
import type { Leader, ParkedFetch } from './raft-state.ts'
import { handleCommonResponse } from './response.ts'

const NONE: readonly ParkedFetch[] = []

/** Answers, or parks the request until data, a higher high watermark or its longest wait. */
export function handleFetch(node: RaftNode, request: QuorumFetchRequest, reply: Reply): void {
  const response = answerFetch(node, request)
  const { state } = node
  if (state.name !== 'Leader' || !mayPark(node, request, response)) {
    reply.send(response)
    return
  }
  state.parked.push({ request, reply, response, deadline: node.now + request.maxWaitMs * 1000 })
}

/** The response to `request` as of now. A valid fetch counts as the replica's progress. */
export function answerFetch(node: RaftNode, request: QuorumFetchRequest): QuorumFetchResponse {
  const { state } = node
  const { log } = node.store
  const error = leaderOnlyError(node, request.epoch)
  if (error !== 'NONE' || state.name !== 'Leader') return emptyFetchResponse(state, error)
  const diverging = log.divergenceOf(request.fetchOffset, request.lastFetchedEpoch)
  // The fetch says what its sender holds, before anything is read for it: it may commit by itself.
  const { progress } = state
  if (diverging === null) {
    if (progress.updateReplicaState(request.replicaId, node.now, request.fetchOffset)) {
      onLeaderHighWatermark(node, state)
    }
  }
  return {
    api: 'QuorumFetch',
    error: 'NONE',
    leader: state.leaderId,
    epoch: state.epoch,
    highWatermark: progress.highWatermark,
    diverging,
    entries: diverging === null ? log.read(request.fetchOffset) : [],
  }
}

/** Answers every parked fetch that now has news. Called when the leader's log has grown. */
export function completeParkedFetches(node: RaftNode, leader: Leader): void {
  const end = node.store.log.endOffset
  answerParked(node, leader, ({ request }) => request.fetchOffset < end)
}

/**
 * Answers the parked fetches whose longest wait is over with what was found when they came. They
 * are no sign of life a second time: a voter that died meanwhile must not count for check quorum
 * (KAFKA-15100; before 3.6 a thread of its own read the log again).
 */
export function expireParkedFetches(node: RaftNode, leader: Leader): void {
  const { now } = node
  for (const { reply, response } of takeParked(leader, ({ deadline }) => deadline <= now)) {
    reply.send(response)
  }
}

/** The leader has committed more. With KIP-1166 whoever waits learns of it at once. */
export function onLeaderHighWatermark(node: RaftNode, leader: Leader): void {
  node.advanceHighWatermark(leader.progress.highWatermark)
  if (!node.config.guards.raftHighWatermarkPush) return
  const { highWatermark } = leader.progress
  answerParked(node, leader, ({ request }) => request.highWatermark < highWatermark)
}

/**
 * A response from whomever this node fetched from. Returns whether the peer is usable.
 *
 * One that diverges tells nothing of what is committed:
 *
 * 1. a voter holds records of two epochs that nobody else has; the leader names the end of one;
 * 2. the voter cuts to the end of the newest epoch of its own that is not above that one, which the
 *    leader's log may not have either: another round will tell;
 * 3. the leader's high watermark, taken now, would commit what is about to be cut.
 */
export function handleFetchResponse(node: RaftNode, response: QuorumFetchResponse): boolean {
  const handled = handleCommonResponse(node, response)
  if (handled !== null) return handled
  const follower = node.state
  if (follower.name !== 'Follower') return true
  const { store } = node
  if (response.diverging !== null) {
    const offset = store.log.truncationOffset(response.diverging)
    const { highWatermark } = node
    if (offset < highWatermark) {
      node.fail('nothing that was committed is truncated', { offset, highWatermark })
      return false
    }
    store.truncateTo(offset)
  } else {
    if (response.entries.length > 0) {
      store.log.appendEntries(response.entries)
      // A voter's next fetch is its acknowledgement, so the entries must be durable before it.
      if (node.isVoter) node.io.flush()
    }
    node.advanceHighWatermark(Math.min(response.highWatermark, store.log.endOffset))
  }
  follower.fetchDeadline = node.now + node.config.fetchTimeout
  follower.hasFetchedFromLeader = true
  return true
}

/** Checks the epoch first, so that a stale sender learns of the newer epoch from anybody. */
export function leaderOnlyError(node: RaftNode, epoch: number): KafkaError {
  if (epoch < node.epoch) return 'FENCED_LEADER_EPOCH'
  if (epoch > node.epoch) return 'UNKNOWN_LEADER_EPOCH'
  return node.state.name === 'Leader' ? 'NONE' : 'NOT_LEADER_OR_FOLLOWER'
}

function mayPark(
  node: RaftNode,
  request: QuorumFetchRequest,
  response: QuorumFetchResponse,
): boolean {
  if (response.error !== 'NONE' || response.entries.length > 0) return false
  if (response.diverging !== null || request.maxWaitMs === 0) return false
  if (!node.config.guards.raftHighWatermarkPush) return true
  return response.highWatermark <= request.highWatermark
}

/**
 * Takes the chosen requests out before the first is answered: an answer counts as progress of its
 * replica, which can raise the high watermark and so come back here.
 */
function answerParked(node: RaftNode, leader: Leader, chosen: (it: ParkedFetch) => boolean): void {
  for (const { request, reply } of takeParked(leader, chosen)) {
    reply.send(answerFetch(node, request))
  }
}

function takeParked(
  { parked }: Leader,
  chosen: (it: ParkedFetch) => boolean,
): readonly ParkedFetch[] {
  if (parked.length === 0) return NONE
  const due = parked.filter(chosen)
  if (due.length === 0) return NONE
  const rest = parked.filter((fetch) => !due.includes(fetch))
  parked.splice(0, parked.length, ...rest)
  return due
}
