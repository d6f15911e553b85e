import type { NodeId } from '../../../src/kafka/ids.ts'
import type { QuorumLogEntry } from '../../../src/kafka/quorum-messages.ts'
import { EpochElection } from '../../../src/kafka/raft/epoch-election.ts'
import { LeaderState } from '../../../src/kafka/raft/leader-state.ts'
import { QuorumStore } from '../../../src/kafka/raft/quorum-store.ts'
import { RaftNode } from '../../../src/kafka/raft/raft-node.ts'
import type { RaftState } from '../../../src/kafka/raft/raft-state.ts'
import { Random } from '../../../src/sim/random.ts'
import { NEVER, SECOND } from '../../../src/sim/time.ts'
import type { TraceEntry, TraceVoter } from './raft-prevote-format.ts'

export const VOTERS: readonly NodeId[] = [1, 2, 3]

const CONFIG = {
  voters: VOTERS,
  electionTimeout: SECOND,
  fetchTimeout: 2 * SECOND,
  electionBackoffMax: SECOND,
  requestTimeout: 2 * SECOND,
  retryBackoff: 20_000,
  appendLinger: 0,
  raftServiceMicros: 0,
  guards: { preVote: true, checkQuorum: true, raftHighWatermarkPush: true },
}

/** A raft node without network, disk or clock, made to be in the trace's state. */
export function voterIn(id: NodeId, state: TraceVoter): RaftNode {
  const store = new QuorumStore()
  store.log.appendEntries(state.log.map(entryOf))
  const node = boot(id, store)
  node.load(roleOf(id, state), state.highWatermark)
  node.appliedOffset = state.highWatermark
  store.election = { epoch: state.epoch, leaderId: state.leaderId, votedFor: state.votedId }
  return node
}

/** A new process on the same store. */
export function restart(node: RaftNode): RaftNode {
  return boot(node.config.nodeId, node.store)
}

function boot(nodeId: NodeId, store: QuorumStore): RaftNode {
  const io = { now: 0, send: () => {}, flush: () => {} }
  const listener = { onCommit: () => {}, onLeaderChange: () => {} }
  return new RaftNode({ ...CONFIG, nodeId }, store, io, new Random(1, 2, 3, nodeId), listener)
}

export function entryOf([epoch, value]: TraceEntry): QuorumLogEntry {
  if (value === 'LeaderChange') return { epoch, record: { type: 'LeaderChange', leader: -1 } }
  return { epoch, record: { type: 'Config', topic: '', name: '', value } }
}

export function traceEntryOf({ epoch, record }: QuorumLogEntry): TraceEntry {
  return [epoch, record.type === 'Config' ? (record.value ?? '') : record.type]
}

/** The node's state in the trace's words. */
export function project(node: RaftNode): TraceVoter {
  const { state, store } = node
  const isNominee = state.name === 'Prospective' || state.name === 'Candidate'
  return {
    role: state.name,
    epoch: state.epoch,
    leaderId: state.leaderId,
    votedId: state.votedFor,
    log: store.log.read(0).map(traceEntryOf),
    highWatermark: node.highWatermark,
    votes: isNominee ? state.election.granting() : [],
    followerEndOffsets: state.name === 'Leader' ? endOffsets(state.progress) : null,
    hasFetchedFromLeader: state.name === 'Follower' ? state.hasFetchedFromLeader : null,
  }
}

function endOffsets(progress: LeaderState): Record<string, number> {
  const offsets: Record<string, number> = {}
  for (const [id, { endOffset }] of progress.voters) {
    if (id !== progress.leaderId) offsets[id] = Math.max(0, endOffset)
  }
  return offsets
}

function roleOf(id: NodeId, trace: TraceVoter): RaftState {
  const { epoch, leaderId } = trace
  const base = { epoch, leaderId, votedFor: trace.votedId }
  const electionDeadline = NEVER
  switch (trace.role) {
    case 'Unattached':
      return { name: 'Unattached', ...base, electionDeadline }
    case 'Follower': {
      const hasFetchedFromLeader = trace.hasFetchedFromLeader ?? false
      return { name: 'Follower', ...base, fetchDeadline: NEVER, hasFetchedFromLeader }
    }
    case 'Prospective':
      return { name: 'Prospective', ...base, electionDeadline, election: electionOf(trace) }
    case 'Candidate': {
      const rest = { retries: 1, backoffDeadline: null }
      return { name: 'Candidate', ...base, electionDeadline, election: electionOf(trace), ...rest }
    }
    case 'Resigned': {
      const unacked = new Set<NodeId>()
      return { name: 'Resigned', ...base, electionDeadline, preferredSuccessors: [], unacked }
    }
    case 'Leader': {
      const progress = progressOf(id, trace)
      const timers = { drainAt: NEVER, beginQuorumDeadline: NEVER }
      return { name: 'Leader', ...base, progress, pending: [], parked: [], ...timers }
    }
  }
}

function electionOf(trace: TraceVoter): EpochElection {
  const election = new EpochElection(VOTERS)
  for (const voter of trace.votes) election.recordVote(voter, true)
  return election
}

function progressOf(id: NodeId, trace: TraceVoter): LeaderState {
  const start = trace.log.findIndex(([epoch]) => epoch === trace.epoch)
  const progress = new LeaderState(id, VOTERS, start, 2 * SECOND, 0)
  progress.updateLocalState(trace.log.length)
  for (const [follower, end] of Object.entries(trace.followerEndOffsets ?? {})) {
    if (end > 0) progress.updateReplicaState(Number(follower), 0, end)
  }
  progress.highWatermark = trace.highWatermark > start ? trace.highWatermark : -1
  return progress
}
