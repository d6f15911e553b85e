// Models: the roles of a quorum node, each with just the fields that its role gives meaning to.
// Leaves out: leader endpoints (every node knows every voter), pending voter changes.
// Source: KIP-595, KIP-996; org.apache.kafka.raft.QuorumState, EpochState and its classes.

import type { Micros } from '../../sim/time.ts'
import type { NodeId, QuorumEpoch } from '../ids.ts'
import type { MetadataRecord } from '../metadata/records.ts'
import type { Reply } from '../network/rpc.ts'
import type { QuorumFetchRequest, QuorumFetchResponse } from '../quorum-messages.ts'
import type { EpochElection } from './epoch-election.ts'
import type { LeaderState } from './leader-state.ts'

/** What each role knows; all but `Resigned` is on disk before anything else is done. */
interface Role {
  readonly epoch: QuorumEpoch
  /** -1 where the leader of `epoch` is unknown. */
  readonly leaderId: NodeId
  /** Whom this voter gave its vote in `epoch`; -1 for nobody. */
  readonly votedFor: NodeId
}

/** Knows an epoch and no leader; an observer stays so until any voter tells it one. */
export interface Unattached extends Role {
  readonly name: 'Unattached'
  /** When a voter stands itself; NEVER for an observer. */
  readonly electionDeadline: Micros
}

export interface Follower extends Role {
  readonly name: 'Follower'
  /** Reset by each answer of the leader; once over, the voter stands for election. */
  fetchDeadline: Micros
  /** A follower that hears its leader refuses pre-votes. */
  hasFetchedFromLeader: boolean
}

/** Asks whether it would win, without raising the epoch. */
export interface Prospective extends Role {
  readonly name: 'Prospective'
  readonly election: EpochElection
  /** When an open pre-vote counts as lost. */
  readonly electionDeadline: Micros
}

export interface Candidate extends Role {
  readonly name: 'Candidate'
  readonly election: EpochElection
  /** When it stands again, in the next epoch, if no majority has answered. */
  readonly electionDeadline: Micros
  /** Elections in a row in which this node stood; only read without pre-vote. */
  readonly retries: number
  /** When it stands again after a loss; null while the election is open. */
  backoffDeadline: Micros | null
}

export interface Leader extends Role {
  readonly name: 'Leader'
  readonly progress: LeaderState
  /** Records that wait for the append linger. */
  pending: MetadataRecord[]
  /** When `pending` is written as one batch; NEVER while it is empty. */
  drainAt: Micros
  /** When it makes itself known again to voters that do not fetch. */
  beginQuorumDeadline: Micros
  /** Fetches that found no news; they fail when it leads no more. */
  readonly parked: ParkedFetch[]
}

/** Led this epoch and lets others lead; still answers pre-votes. */
export interface Resigned extends Role {
  readonly name: 'Resigned'
  readonly electionDeadline: Micros
  /** Empty after a restart: a leader's knowledge of the others dies with its process. */
  readonly preferredSuccessors: readonly NodeId[]
  /** Voters that have not answered its farewell. */
  readonly unacked: Set<NodeId>
}

export interface ParkedFetch {
  readonly request: QuorumFetchRequest
  readonly reply: Reply
  /** As of its arrival: what it gets if nothing happens until its deadline. */
  readonly response: QuorumFetchResponse
  readonly deadline: Micros
}

export type RaftState = Unattached | Follower | Prospective | Candidate | Leader | Resigned
