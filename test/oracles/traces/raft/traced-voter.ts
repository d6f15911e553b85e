import type { NodeId } from '../../../../src/kafka/ids.ts'
import type { Request } from '../../../../src/kafka/messages.ts'
import { CLUSTER_DEFAULT } from '../../../../src/kafka/metadata/broker-configs.ts'
import type { QuorumLogEntry } from '../../../../src/kafka/quorum-messages.ts'
import { EpochElection } from '../../../../src/kafka/raft/epoch-election.ts'
import { LeaderState } from '../../../../src/kafka/raft/leader-state.ts'
import { fetchRequest } from '../../../../src/kafka/raft/poll.ts'
import { QuorumStore } from '../../../../src/kafka/raft/quorum-store.ts'
import { RaftNode } from '../../../../src/kafka/raft/raft-node.ts'
import type { RaftState } from '../../../../src/kafka/raft/raft-state.ts'
import { Random } from '../../../../src/sim/random.ts'
import { NEVER, SECOND } from '../../../../src/sim/time.ts'
import type { TraceEntry, TraceVoter } from './format.ts'

const CONFIG = {
  electionTimeout: SECOND,
  fetchTimeout: 2 * SECOND,
  electionBackoffMax: SECOND,
  requestTimeout: 2 * SECOND,
  retryBackoff: 20_000,
  appendLinger: 0,
  raftServiceMicros: 0,
  guards: { preVote: true, checkQuorum: true, raftHighWatermarkPush: true },
}

interface Sent {
  to: NodeId
  readonly request: Request
}

/** A raft node without network, disk or clock; what it sends piles up. */
export class TracedVoter {
  readonly id: NodeId
  readonly sent: Sent[] = []
  node: RaftNode
  #fetch: Sent | null = null
  readonly #voters: readonly NodeId[]

  /** In the trace's state. */
  constructor(id: NodeId, state: TraceVoter, voters: readonly NodeId[]) {
    this.id = id
    this.#voters = voters
    const store = new QuorumStore()
    store.log.appendEntries(state.log.map(entryOf))
    this.node = this.#boot(store)
    this.node.load(roleOf(id, state, voters), state.highWatermark)
    this.node.appliedOffset = state.highWatermark
    store.election = { epoch: state.epoch, leaderId: state.leaderId, votedFor: state.votedId }
    if (state.awaitingFetchFrom !== null) this.#await(state.awaitingFetchFrom)
  }

  #boot(store: QuorumStore): RaftNode {
    const io = {
      now: 0,
      send: (to: NodeId, request: Request) => {
        this.sent.push({ to, request })
        if (request.api === 'QuorumFetch') this.#fetch = { to, request }
      },
      flush: () => {},
    }
    const listener = { onCommit: () => {}, onLeaderChange: () => {} }
    const config = { ...CONFIG, nodeId: this.id, voters: this.#voters }
    return new RaftNode(config, store, io, new Random(1, 2, 3, this.id), listener)
  }

  #await(to: NodeId): void {
    const request = fetchRequest(this.node)
    this.node.requests.onSent(to, request, this.node.now)
    this.#fetch = { to, request }
  }

  /** A new process on the same store. */
  restart(): void {
    this.node = this.#boot(this.node.store)
    this.#fetch = null
  }

  /** The fetch whose answer is awaited. */
  get fetch(): Sent | null {
    if (this.#fetch === null) return null
    const { to, request } = this.#fetch
    return this.node.requests.isExpected(to, request) ? this.#fetch : null
  }

  /** A nominee without a leader asks whom it likes; the trace has chosen `to`. */
  fetchFrom(to: NodeId): void {
    this.node.requests.resetAll()
    this.#await(to)
  }

  /** The node's state in the trace's words. */
  view(): TraceVoter {
    const { state, store } = this.node
    const isNominee = state.name === 'Prospective' || state.name === 'Candidate'
    return {
      role: state.name,
      epoch: state.epoch,
      leaderId: state.leaderId,
      votedId: state.votedFor,
      log: store.log.read(0).map(traceEntryOf),
      highWatermark: this.node.highWatermark,
      votes: isNominee ? state.election.granting() : [],
      awaitingFetchFrom: this.fetch?.to ?? null,
      followerEndOffsets: state.name === 'Leader' ? endOffsets(state.progress) : null,
      hasFetchedFromLeader: state.name === 'Follower' ? state.hasFetchedFromLeader : null,
    }
  }
}

export function entryOf([epoch, value]: TraceEntry): QuorumLogEntry {
  if (value === 'LeaderChange') return { epoch, record: { type: 'LeaderChange', leader: -1 } }
  return { epoch, record: { type: 'Config', resource: CLUSTER_DEFAULT, name: '', value } }
}

export function traceEntryOf({ epoch, record }: QuorumLogEntry): TraceEntry {
  return [epoch, record.type === 'Config' ? (record.value ?? '') : record.type]
}

function endOffsets(progress: LeaderState): Record<string, number> {
  const offsets: Record<string, number> = {}
  for (const [id, { endOffset }] of progress.voters) {
    if (id !== progress.leaderId) offsets[id] = Math.max(0, endOffset)
  }
  return offsets
}

function roleOf(id: NodeId, trace: TraceVoter, voters: readonly NodeId[]): RaftState {
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
      return { name: 'Prospective', ...base, electionDeadline, election: electionOf(trace, voters) }
    case 'Candidate': {
      const rest = { retries: 1, backoffDeadline: null }
      return {
        name: 'Candidate',
        ...base,
        electionDeadline,
        election: electionOf(trace, voters),
        ...rest,
      }
    }
    case 'Resigned': {
      const unacked = new Set<NodeId>()
      return { name: 'Resigned', ...base, electionDeadline, preferredSuccessors: [], unacked }
    }
    case 'Leader': {
      const progress = progressOf(id, trace, voters)
      const timers = { drainAt: NEVER, beginQuorumDeadline: NEVER }
      return { name: 'Leader', ...base, progress, pending: [], parked: [], ...timers }
    }
  }
}

function electionOf(trace: TraceVoter, voters: readonly NodeId[]): EpochElection {
  const election = new EpochElection(voters)
  for (const voter of trace.votes) election.recordVote(voter, true)
  return election
}

function progressOf(id: NodeId, trace: TraceVoter, voters: readonly NodeId[]): LeaderState {
  const start = trace.log.findIndex(([epoch]) => epoch === trace.epoch)
  const progress = new LeaderState(id, voters, start, 2 * SECOND, 0)
  progress.updateLocalState(trace.log.length)
  for (const [follower, end] of Object.entries(trace.followerEndOffsets ?? {})) {
    if (end > 0) progress.updateReplicaState(Number(follower), 0, end)
  }
  progress.highWatermark = trace.highWatermark > start ? trace.highWatermark : -1
  return progress
}
