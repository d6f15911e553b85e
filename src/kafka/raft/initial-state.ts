// Models: the role in which a quorum node starts, from what its quorum-state file says.
// Leaves out: leaders whose endpoints are not known.
// Source: org.apache.kafka.raft.QuorumState.initialize.

import { type Micros, NEVER } from '../../sim/time.ts'
import { NO_NODE } from '../ids.ts'
import { EpochElection } from './epoch-election.ts'
import type { QuorumStore } from './quorum-store.ts'
import type { RaftConfig } from './raft-config.ts'
import type { RaftState } from './raft-state.ts'

/** Roles are not kept, but epochs and votes are. `electionTimeout` has been drawn by the caller. */
export function initialState(
  config: RaftConfig,
  store: QuorumStore,
  now: Micros,
  electionTimeout: Micros,
): RaftState {
  const { nodeId, voters } = config
  const { epoch, leaderId, votedFor } = store.election
  const { lastEpoch } = store.log
  const electionDeadline = voters.includes(nodeId) ? now + electionTimeout : NEVER
  const base = { epoch, leaderId, votedFor, electionDeadline }
  // The log is of a later epoch than the file: votes and leaders of before count no more.
  if (epoch < lastEpoch) {
    return { ...base, name: 'Unattached', epoch: lastEpoch, leaderId: NO_NODE, votedFor: NO_NODE }
  }
  if (leaderId === nodeId) {
    // Neither votes nor leads in this epoch again: records that were lost before they were
    // flushed could otherwise be written a second time under the same offset and epoch.
    const unacked = new Set(voters.filter((voter) => voter !== nodeId))
    return { ...base, name: 'Resigned', preferredSuccessors: [], unacked }
  }
  // It asks the leader of before, which may lead still: most restarts cost no election.
  if (leaderId !== NO_NODE) {
    const fetchDeadline = now + config.fetchTimeout
    const role = { epoch, leaderId, votedFor, fetchDeadline, hasFetchedFromLeader: false }
    return { name: 'Follower', ...role }
  }
  // A vote for another is kept, and nobody known to lead; only its own candidacy goes on.
  if (votedFor !== nodeId) return { ...base, name: 'Unattached' }
  const election = newElection(config)
  return { ...base, name: 'Candidate', election, retries: 1, backoffDeadline: null }
}

/** An election in which the node itself has voted for itself, and nobody else yet. */
export function newElection({ nodeId, voters }: RaftConfig): EpochElection {
  const election = new EpochElection(voters)
  election.recordVote(nodeId, true)
  return election
}
