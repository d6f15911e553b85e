// Models: the votes that a (pre-)candidate has collected in one epoch.
// Leaves out: directory ids of voters (KIP-853).
// Source: KIP-996; org.apache.kafka.raft.internals.EpochElection.

import { invariant } from '../../sim/invariant.ts'
import type { NodeId } from '../ids.ts'

/** A later vote of the same voter replaces its earlier one. */
export class EpochElection {
  /** null: has not answered. */
  readonly #votes = new Map<NodeId, boolean | null>()

  constructor(voters: readonly NodeId[]) {
    for (const voter of voters) this.#votes.set(voter, null)
  }

  /**
   * Notes a vote.
   * @returns whether it is the voter's first in this election
   * @throws InvariantViolation for a node that is no voter
   */
  recordVote(voter: NodeId, granted: boolean): boolean {
    const earlier = this.#votes.get(voter)
    invariant(earlier !== undefined, 'only voters vote', { voter })
    this.#votes.set(voter, granted)
    return earlier === null
  }

  /** A majority of all voters, not of those that have answered. */
  get isVoteGranted(): boolean {
    return this.#count(true) >= this.#majority
  }

  /** Even all open votes could not make a majority any more. */
  get isVoteRejected(): boolean {
    return this.#count(true) + this.#count(null) < this.#majority
  }

  /** Voters that have not answered yet, in the order of the voter set. */
  unrecorded(): NodeId[] {
    return this.#where(null)
  }

  /** Voters that gave their vote, the candidate itself among them (grantingVoters). */
  granting(): NodeId[] {
    return this.#where(true)
  }

  /** Voters that refused it; a later grant takes one out (rejectingVoters). */
  rejecting(): NodeId[] {
    return this.#where(false)
  }

  get #majority(): number {
    return Math.floor(this.#votes.size / 2) + 1
  }

  #count(vote: boolean | null): number {
    return this.#where(vote).length
  }

  #where(vote: boolean | null): NodeId[] {
    return [...this.#votes].filter(([, given]) => given === vote).map(([voter]) => voter)
  }
}
