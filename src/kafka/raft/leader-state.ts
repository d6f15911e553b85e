// Models: what a quorum leader knows of the other replicas: high watermark and check quorum.
// Leaves out: changes of the voter set in flight (KIP-853); a new set given here counts at once.
// Source: KIP-595; org.apache.kafka.raft.LeaderState, VoterSet.

import { invariant } from '../../sim/invariant.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { type Micros, MS } from '../../sim/time.ts'
import type { MetadataOffset, NodeId } from '../ids.ts'

/** A majority may be silent for 1.5 fetch time-outs, in whole ms; numerator and denominator. */
const CHECK_QUORUM_FACTOR = [3, 2] as const
/** A replica counts as caught up if it fetched within this time, an hour. */
const CAUGHT_UP_FETCH_MAX: Micros = 3_600_000_000

/** -1 where nothing is known yet. */
export interface QuorumReplicaState {
  endOffset: MetadataOffset
  lastFetchTime: Micros
  lastCaughtUpTime: Micros
  /** Leader's log end when this replica last fetched. */
  leaderEndOffsetAtFetch: MetadataOffset
}

/** Times are in micros since the start of the run; offsets are exclusive ends. */
export class LeaderState implements Checked {
  readonly leaderId: NodeId
  readonly epochStartOffset: MetadataOffset
  readonly checkQuorumTimeout: Micros
  /** -1 until the leader has committed a record of its own epoch. */
  highWatermark: MetadataOffset = -1
  /** A majority of these commits; the leader need not be one of them. */
  voters = new Map<NodeId, QuorumReplicaState>()
  /** Whoever else fetches: brokers, and controllers that are no voters. They never count. */
  readonly observers = new Map<NodeId, QuorumReplicaState>()
  /** Other voters that have fetched since the time last began anew. */
  readonly #fetchedVoters = new Set<NodeId>()
  #checkQuorumDeadline: Micros

  constructor(
    leaderId: NodeId,
    voters: readonly NodeId[],
    epochStartOffset: MetadataOffset,
    fetchTimeout: Micros,
    now: Micros,
  ) {
    this.leaderId = leaderId
    this.epochStartOffset = epochStartOffset
    const [numerator, denominator] = CHECK_QUORUM_FACTOR
    this.checkQuorumTimeout = Math.floor((fetchTimeout * numerator) / denominator / MS) * MS
    this.#checkQuorumDeadline = now + this.checkQuorumTimeout
    for (const voter of voters) this.voters.set(voter, newReplicaState())
  }

  /** The own log grew, or the voter set changed. Returns whether the high watermark rose. */
  updateLocalState(endOffset: MetadataOffset, voters?: readonly NodeId[]): boolean {
    const own = this.#replica(this.leaderId)
    invariant(endOffset >= own.endOffset, "a leader's own log never goes back", {
      from: own.endOffset,
      to: endOffset,
    })
    own.endOffset = endOffset
    if (voters !== undefined) this.#replaceVoters(voters)
    return this.#maybeUpdateHighWatermark()
  }

  /**
   * A replica fetched from `fetchOffset`, hence holds everything before it.
   * @returns whether the high watermark rose
   */
  updateReplicaState(replica: NodeId, now: Micros, fetchOffset: MetadataOffset): boolean {
    invariant(replica !== this.leaderId, 'a leader does not fetch from itself', { replica })
    if (replica < 0) return false
    const state = this.#replica(replica)
    const leaderEndOffset = this.#replica(this.leaderId).endOffset
    if (leaderEndOffset >= 0) {
      if (fetchOffset >= leaderEndOffset) {
        state.lastCaughtUpTime = Math.max(state.lastCaughtUpTime, now)
      } else if (state.leaderEndOffsetAtFetch > 0 && fetchOffset >= state.leaderEndOffsetAtFetch) {
        state.lastCaughtUpTime = Math.max(state.lastCaughtUpTime, state.lastFetchTime)
      }
      state.leaderEndOffsetAtFetch = leaderEndOffset
    }
    state.lastFetchTime = Math.max(state.lastFetchTime, now)
    state.endOffset = fetchOffset
    this.updateCheckQuorumForFollowingVoter(replica, now)
    return this.voters.has(replica) && this.#maybeUpdateHighWatermark()
  }

  /**
   * A voter follows. It counts once a round; a round ends, and the time starts anew, with a
   * majority. A fetch of records counts through updateReplicaState, one of a snapshot through this.
   */
  updateCheckQuorumForFollowingVoter(replica: NodeId, now: Micros): void {
    invariant(replica !== this.leaderId, 'a leader does not follow itself', { replica })
    if (this.voters.has(replica)) this.#fetchedVoters.add(replica)
    const self = this.voters.has(this.leaderId) ? 1 : 0
    const needed = Math.floor(this.voters.size / 2) + 1 - self
    if (this.#fetchedVoters.size < needed) return
    this.#fetchedVoters.clear()
    this.#checkQuorumDeadline = now + this.checkQuorumTimeout
  }

  /** Time left until the leader must resign, 0 when it is over, null where that never happens. */
  timeUntilCheckQuorumExpires(now: Micros): Micros | null {
    if (this.voters.size === 1) return null
    return Math.max(0, this.#checkQuorumDeadline - now)
  }

  /** The other voters, the one that has fetched furthest first. */
  othersByOffset(): NodeId[] {
    return this.#byDescendingOffset()
      .map(([id]) => id)
      .filter((id) => id !== this.leaderId)
  }

  /** Asked before an observer is made a voter; a voter's own state is not looked at. */
  isCaughtUp(replica: NodeId, now: Micros): boolean {
    const state = this.observers.get(replica)
    if (state === undefined) return false
    return (
      state.lastCaughtUpTime > 0 &&
      state.lastFetchTime > 0 &&
      state.lastFetchTime > now - CAUGHT_UP_FETCH_MAX
    )
  }

  /**
   * Voters and observers are apart, and the high watermark lies in the log, beyond the start of the
   * epoch.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    for (const id of this.observers.keys()) {
      invariant(!this.voters.has(id), 'a voter is no observer', { id })
    }
    for (const id of this.#fetchedVoters) {
      invariant(this.voters.has(id) && id !== this.leaderId, 'other voters follow', { id })
    }
    const { highWatermark, epochStartOffset } = this
    const { endOffset } = this.#replica(this.leaderId)
    invariant(highWatermark <= endOffset, 'what is committed is in the leader’s log', { endOffset })
    const isOwn = highWatermark < 0 || highWatermark > epochStartOffset
    invariant(isOwn, 'older epochs are committed with a record of this one', { highWatermark })
  }

  #replica(id: NodeId): QuorumReplicaState {
    const known = this.voters.get(id) ?? this.observers.get(id)
    if (known !== undefined) return known
    const state = newReplicaState()
    this.observers.set(id, state)
    return state
  }

  #replaceVoters(ids: readonly NodeId[]): void {
    invariant(ids.length > 0, 'a quorum has voters')
    const old = this.voters
    this.voters = new Map(
      ids.map((id) => [id, old.get(id) ?? this.observers.get(id) ?? newReplicaState()]),
    )
    for (const id of ids) this.observers.delete(id)
    for (const [id, state] of old) if (!this.voters.has(id)) this.observers.set(id, state)
  }

  /**
   * Offsets of earlier epochs commit only together with a record of this one (Raft, figure 8). Five
   * voters, A to E:
   *
   * 1. A leads epoch 2, writes a record that B fetches too, and stops;
   * 2. E leads epoch 3 by the votes of C and D, writes another one at that offset, and stops;
   * 3. A leads epoch 4, and C fetches its old record: three of five have it;
   * 4. were it committed by that, E could still win by B, C and D, whose last epochs are lower, and
   *    would cut it off. A record of epoch 4 on the same three keeps E from winning.
   */
  #maybeUpdateHighWatermark(): boolean {
    const offset = this.#majorityEndOffset()
    if (offset <= this.epochStartOffset || offset <= this.highWatermark) return false
    this.highWatermark = offset
    return true
  }

  /** The furthest offset below which a majority of the voters has everything. */
  #majorityEndOffset(): MetadataOffset {
    const majority = Math.floor(this.voters.size / 2) + 1
    let furthest: MetadataOffset = -1
    for (const { endOffset } of this.voters.values()) {
      if (endOffset <= furthest) continue
      // At most five or so voters: counting for each costs less than a sorted copy.
      let holders = 0
      for (const other of this.voters.values()) if (other.endOffset >= endOffset) holders++
      if (holders >= majority) furthest = endOffset
    }
    return furthest
  }

  #byDescendingOffset(): [NodeId, QuorumReplicaState][] {
    return [...this.voters].sort(([a, x], [b, y]) => y.endOffset - x.endOffset || a - b)
  }
}

/** Whether every majority of `a` shares a voter with every majority of `b`. */
export function hasOverlappingMajority(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  const added = b.filter((id) => !a.includes(id)).length
  const removed = a.filter((id) => !b.includes(id)).length
  return added <= 1 && removed <= 1
}

function newReplicaState(): QuorumReplicaState {
  return { endOffset: -1, lastFetchTime: -1, lastCaughtUpTime: -1, leaderEndOffsetAtFetch: -1 }
}
