// Models: nothing; states what must hold of a quorum node's role between any two events.
// Leaves out: what holds between nodes: lab/invariants watches that.
// Source: org.apache.kafka.raft.QuorumState, EpochState and its classes; KIP-595, KIP-996.

import { invariant, unreachable } from '../../sim/invariant.ts'
import { NEVER } from '../../sim/time.ts'
import { NO_NODE } from '../ids.ts'
import type { RaftConfig } from './raft-config.ts'
import type { Leader, RaftState } from './raft-state.ts'

/** Who leads and who was voted for, as each role may know it. */
export function assertRaftStateWhole(state: RaftState, { nodeId, voters }: RaftConfig): void {
  const { name, leaderId, votedFor, epoch } = state
  const isVoter = voters.includes(nodeId)
  invariant(isVoter || name === 'Unattached' || name === 'Follower', 'an observer only follows', {
    nodeId,
    name,
  })
  switch (state.name) {
    // It may have voted: what it waits for is to hear who won, or its own time-out.
    case 'Unattached':
      invariant(leaderId === NO_NODE, 'who knows a leader follows it', { nodeId, leaderId })
      break
    case 'Follower':
      invariant(leaderId !== nodeId && leaderId !== NO_NODE, 'a node follows another', { nodeId })
      break
    // It may know a leader, whom it could not reach: a lost pre-vote makes it follow that one
    // again.
    case 'Prospective':
      invariant(leaderId !== nodeId, 'who leads does not stand for election', { nodeId })
      break
    // Its epoch is one that it began itself, with a vote for itself.
    case 'Candidate':
      invariant(votedFor === nodeId, 'a candidate votes for itself', { nodeId, votedFor })
      invariant(leaderId === NO_NODE, 'who knows a leader does not stand against it', { leaderId })
      break
    case 'Leader':
      invariant(leaderId === nodeId, 'a leader knows that it leads', { nodeId, leaderId, epoch })
      assertLeaderWhole(state)
      break
    // Its epoch is not over: it leads no more, and nobody else can in the same epoch.
    case 'Resigned':
      invariant(leaderId === nodeId, 'who resigns has led', { nodeId, leaderId, epoch })
      invariant(!state.unacked.has(nodeId), 'who resigns tells the others', { nodeId })
      break
    default:
      unreachable(state)
  }
}

function assertLeaderWhole({ progress, pending, drainAt, parked }: Leader): void {
  progress.assertWhole()
  const waits = pending.length > 0
  invariant(waits === drainAt < NEVER, 'records are written when their linger is over', { drainAt })
  for (const { deadline } of parked) invariant(deadline < NEVER, 'no fetch is parked for ever')
}
