// Models: a node of the KRaft quorum, voter or observer: its role and the changes between roles.
// Leaves out: dynamic voters (KIP-853), snapshots, directory ids.
// Source: KIP-595, KIP-996; org.apache.kafka.raft.QuorumState, KafkaRaftClient.transitionTo*.

import { invariant } from '../../sim/invariant.ts'
import type { Random } from '../../sim/random.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { type Micros, NEVER } from '../../sim/time.ts'
import { type MetadataOffset, NO_NODE, type NodeId, type QuorumEpoch } from '../ids.ts'
import type { Request } from '../messages.ts'
import type { MetadataRecord } from '../metadata/records.ts'
import { initialState, newElection } from './initial-state.ts'
import { LeaderState } from './leader-state.ts'
import { failParkedFetches } from './parked-fetches.ts'
import type { QuorumStore } from './quorum-store.ts'
import { assertRaftStateWhole } from './raft-checks.ts'
import type { RaftConfig } from './raft-config.ts'
import type { Leader, RaftState } from './raft-state.ts'
import { RequestManager } from './request-manager.ts'

/** What a node needs from outside; a test holds it in its hand. */
export interface RaftIo {
  readonly now: Micros
  /** Sends to another node; the answer comes back through `onResponse`. */
  send(node: NodeId, request: Request): void
  /** The node waits for the disk; what it sends from now on leaves after that. */
  flush(): void
}

/** Whoever replays the metadata log: the controller of a voter, the loader of a broker. */
export interface RaftListener {
  /** Entries from `from` (inclusive) to `to` (exclusive) are committed. In order, each once. */
  onCommit(store: QuorumStore, from: MetadataOffset, to: MetadataOffset): void
  /** The leader itself hears it only when everything up to its epoch's start has been committed. */
  onLeaderChange(leaderId: NodeId, epoch: QuorumEpoch): void
}

/** For whoever records what happened; called after each change of role. */
export interface RaftObserver {
  onTransition(node: RaftNode, state: RaftState): void
}

/**
 * KafkaRaftClient’s state machine. Every transition passes through here and is durable before the
 * node acts on it: a vote that were forgotten could be given twice.
 */
export class RaftNode implements Checked {
  readonly config: RaftConfig
  readonly store: QuorumStore
  readonly io: RaftIo
  readonly requests: RequestManager
  readonly random: Random
  observer: RaftObserver | null = null
  /** Ends the process where Kafka's own check would; without it such a thing is a bug. */
  onFatal: ((sentence: string) => void) | null = null
  state: RaftState
  /** Exclusive end of what this node knows to be committed. Never falls within an incarnation. */
  highWatermark: MetadataOffset = 0
  /** How far the listener has read. */
  appliedOffset: MetadataOffset = 0
  /** When an orderly shutdown ends at the latest; null while none is under way. */
  shutdownDeadline: Micros | null = null
  readonly #listener: RaftListener
  #announced: { leaderId: NodeId; epoch: QuorumEpoch } = { leaderId: NO_NODE, epoch: -1 }

  constructor(
    config: RaftConfig,
    store: QuorumStore,
    io: RaftIo,
    random: Random,
    listener: RaftListener,
  ) {
    this.config = config
    this.store = store
    this.io = io
    this.random = random
    this.requests = new RequestManager(config.requestTimeout, config.retryBackoff)
    this.#listener = listener
    store.open()
    this.state = initialState(config, store, this.now, this.drawElectionTimeout())
  }

  get now(): Micros {
    return this.io.now
  }

  get epoch(): QuorumEpoch {
    return this.state.epoch
  }

  /** Who leads this epoch as far as this node knows, itself included; NO_NODE while nobody does. */
  get leaderId(): NodeId {
    return this.state.leaderId
  }

  get isVoter(): boolean {
    return this.config.voters.includes(this.config.nodeId)
  }

  get isOnlyVoter(): boolean {
    return this.isVoter && this.config.voters.length === 1
  }

  /** The first thing a new incarnation does: a quorum of one needs nobody's vote. */
  start(): void {
    if (!this.isOnlyVoter) return
    if (this.state.name === 'Candidate') this.toLeader()
    else this.toNominee()
  }

  /** Replaces the role, as when a recorded behaviour is replayed. */
  load(state: RaftState, highWatermark: MetadataOffset): void {
    this.state = state
    this.highWatermark = highWatermark
    this.requests.resetAll()
  }

  /** Draws from [E, 2E) in whole milliseconds. */
  drawElectionTimeout(): Micros {
    const millis = Math.floor(this.config.electionTimeout / 1000)
    return millis === 0 ? 0 : (millis + this.random.int(0, millis - 1)) * 1000
  }

  /** Offset that the next appended record will get. */
  get nextOffset(): MetadataOffset {
    const waiting = this.state.name === 'Leader' ? this.state.pending.length : 0
    return this.store.log.endOffset + waiting
  }

  /**
   * Queues records for the log, to be written when the append linger is over.
   * @returns the offset that the first will have, or null if this node does not lead in `epoch`:
   * who decided them may not have heard yet that an office ended and another began
   */
  append(epoch: QuorumEpoch, records: readonly MetadataRecord[]): MetadataOffset | null {
    const leader = this.state
    if (leader.name !== 'Leader' || leader.epoch !== epoch) return null
    const offset = this.nextOffset
    for (const record of records) leader.pending.push(record)
    if (leader.drainAt === NEVER) leader.drainAt = this.now + this.config.appendLinger
    return offset
  }

  /**
   * Leaves leadership at once, as a controller that lost its mind does; nothing where `epoch` is
   * not the one in which it leads. `first` are asked to stand before the others, of whom the
   * longest log comes first.
   */
  resign(epoch: QuorumEpoch, first: readonly NodeId[] = []): void {
    if (this.leadsIn(epoch)) this.toResigned(first)
  }

  leadsIn(epoch: QuorumEpoch): boolean {
    return this.state.name === 'Leader' && this.state.epoch === epoch
  }

  /** Learnt of an epoch without its leader, or lost a pre-vote without having known one. */
  toUnattached(epoch: QuorumEpoch): void {
    const old = this.state
    const isLoss = epoch === old.epoch && old.name === 'Prospective'
    invariant(epoch > old.epoch || isLoss, 'a node goes unattached in a new epoch', {
      epoch,
      old: old.epoch,
    })
    this.#transition({
      name: 'Unattached',
      epoch,
      leaderId: NO_NODE,
      votedFor: isLoss ? old.votedFor : NO_NODE,
      electionDeadline: this.#electionDeadlineAfter(old),
    })
  }

  /** The time begins anew with a vote given: that candidate is as good a choice as this node. */
  addVote(candidate: NodeId): void {
    const old = this.state
    invariant(
      old.name === 'Unattached' || old.name === 'Prospective',
      'only an undecided voter votes',
      { role: old.name },
    )
    const electionDeadline = this.now + this.drawElectionTimeout()
    this.#transition({ ...old, votedFor: candidate, electionDeadline }, false)
  }

  /**
   * Learnt who leads `epoch`: the fetch time-out begins, a vote given in this epoch is kept.
   * @throws InvariantViolation for an older epoch, or where it would follow itself
   */
  toFollower(epoch: QuorumEpoch, leaderId: NodeId): void {
    const old = this.state
    invariant(epoch >= old.epoch && leaderId !== this.config.nodeId, 'a node follows another', {
      epoch,
      old: old.epoch,
      leaderId,
    })
    this.#transition({
      name: 'Follower',
      epoch,
      leaderId,
      votedFor: epoch === old.epoch ? old.votedFor : NO_NODE,
      fetchDeadline: this.now + this.config.fetchTimeout,
      hasFetchedFromLeader: false,
    })
  }

  /** Stands for election; with pre-vote it first asks whether it would win. */
  toNominee(): void {
    if (!this.config.guards.preVote) {
      this.toCandidate()
      return
    }
    const election = newElection(this.config)
    const { epoch, leaderId, votedFor } = this.state
    const electionDeadline = this.now + this.drawElectionTimeout()
    this.#transition({ name: 'Prospective', epoch, leaderId, votedFor, election, electionDeadline })
    if (election.isVoteGranted) this.toCandidate()
  }

  /**
   * Begins an epoch of its own with a vote for itself; leads at once where that is a majority
   * (QuorumState.transitionToCandidate).
   */
  toCandidate(): void {
    const old = this.state
    const election = newElection(this.config)
    this.#transition({
      name: 'Candidate',
      epoch: old.epoch + 1,
      leaderId: NO_NODE,
      votedFor: this.config.nodeId,
      election,
      electionDeadline: this.now + this.drawElectionTimeout(),
      retries: old.name === 'Candidate' ? old.retries + 1 : 1,
      backoffDeadline: null,
    })
    if (election.isVoteGranted) this.toLeader()
  }

  /** Writes the epoch's first record at once: it commits all that came before. */
  toLeader(): void {
    const { nodeId, voters, fetchTimeout } = this.config
    const epochStart = this.store.log.endOffset
    const leader: Leader = {
      name: 'Leader',
      epoch: this.epoch,
      leaderId: nodeId,
      votedFor: NO_NODE,
      progress: new LeaderState(nodeId, voters, epochStart, fetchTimeout, this.now),
      pending: [{ type: 'LeaderChange', leader: nodeId }],
      drainAt: this.now,
      beginQuorumDeadline: this.now,
      parked: [],
    }
    this.#transition(leader)
  }

  /**
   * Leads no more and waits out the epoch, telling the others in the order given: `first`, then by
   * how far they have fetched. Not written to disk: a leader that restarts comes up resigned as
   * well.
   * @throws InvariantViolation unless it leads
   */
  toResigned(first: readonly NodeId[] = []): void {
    const old = this.state
    invariant(old.name === 'Leader', 'only a leader resigns', { role: old.name })
    const { nodeId, voters } = this.config
    this.#transition({
      name: 'Resigned',
      epoch: old.epoch,
      leaderId: nodeId,
      votedFor: NO_NODE,
      electionDeadline: this.now + this.drawElectionTimeout(),
      preferredSuccessors: successorsOf(old, first),
      unacked: new Set(voters.filter((voter) => voter !== nodeId)),
    })
  }

  /**
   * What a quorum never shows while its voters keep their disks. A voter whose disk was lost comes
   * back empty and may vote twice or for a shorter log; Kafka's process ends when it notices.
   */
  fail(sentence: string, facts: Record<string, unknown>): void {
    invariant(this.onFatal !== null, sentence, { node: this.config.nodeId, ...facts })
    this.onFatal(sentence)
  }

  /**
   * Its role is whole, on disk, and the listener has read all that is committed.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    const { state, config, store, appliedOffset } = this
    assertRaftStateWhole(state, config)
    const { epoch } = store.election
    invariant(epoch === state.epoch, 'an epoch is written before it is acted on', { epoch })
    const isRead = appliedOffset === this.highWatermark
    invariant(isRead, 'what is committed is read at once', { appliedOffset })
  }

  /** Sends to a peer unless it has something in flight or failed just now. */
  sendIfReady(peer: NodeId, request: () => Request): void {
    if (!this.requests.isReady(peer, this.now)) return
    const message = request()
    this.requests.onSent(peer, message, this.now)
    this.io.send(peer, message)
  }

  /** Raises what is known to be committed, and lets the listener read up to it. */
  advanceHighWatermark(offset: MetadataOffset): void {
    const { endOffset } = this.store.log
    invariant(offset <= endOffset, 'what is committed is in the own log', { offset, endOffset })
    this.highWatermark = Math.max(this.highWatermark, offset)
    const from = this.appliedOffset
    if (this.highWatermark > from) {
      this.appliedOffset = this.highWatermark
      this.#listener.onCommit(this.store, from, this.highWatermark)
    }
    this.#announceLeader()
  }

  #announceLeader(): void {
    const { state } = this
    if (state.name === 'Resigned') return
    // A controller that took requests before would decide on a state that lacks records of its
    // predecessors.
    if (state.name === 'Leader' && this.appliedOffset <= state.progress.epochStartOffset) return
    const { epoch, leaderId } = this.#announced
    const isNews = state.epoch > epoch || (leaderId === NO_NODE && state.leaderId !== NO_NODE)
    if (!isNews) return
    this.#announced = { leaderId: state.leaderId, epoch: state.epoch }
    this.#listener.onLeaderChange(state.leaderId, state.epoch)
  }

  /** In Kafka each change of role is written to disk, except those that change nothing there. */
  #transition(state: RaftState, isNewRole = true): void {
    const old = this.state
    this.state = state
    const { epoch, leaderId, votedFor } = state
    if (state.name !== 'Resigned') {
      this.store.election = { epoch, leaderId, votedFor }
      this.io.flush()
    }
    if (isNewRole) this.requests.resetAll()
    if (old.name === 'Leader') failParkedFetches(old, state)
    this.observer?.onTransition(this, state)
    this.#announceLeader()
  }

  /** Whoever was already waiting for an election goes on waiting for the same moment. */
  #electionDeadlineAfter(old: RaftState): Micros {
    if (!this.isVoter) return NEVER
    switch (old.name) {
      case 'Unattached':
      case 'Candidate':
      case 'Resigned':
        return old.electionDeadline
      case 'Prospective':
        if (!old.election.isVoteRejected) return old.electionDeadline
    }
    return this.now + this.drawElectionTimeout()
  }
}

function successorsOf({ progress }: Leader, first: readonly NodeId[]): readonly NodeId[] {
  return [...first, ...progress.othersByOffset().filter((id) => !first.includes(id))]
}
