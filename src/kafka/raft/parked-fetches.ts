// Models: what becomes of fetches that wait at a leader when it leads no longer.
// Leaves out: nothing.
// Source: KafkaRaftClient.transitionToResigned, buildEmptyFetchResponse.

import type { KafkaError } from '../errors.ts'
import type { QuorumFetchResponse } from '../quorum-messages.ts'
import type { Leader, RaftState } from './raft-state.ts'

/** The node is something else from now on: nobody shall wait for it. */
export function failParkedFetches(former: Leader, state: RaftState): void {
  for (const { reply } of former.parked.splice(0)) {
    reply.send(emptyFetchResponse(state, 'NOT_LEADER_OR_FOLLOWER'))
  }
}

/** An answer that tells of epoch and leader, and nothing else. */
export function emptyFetchResponse(state: RaftState, error: KafkaError): QuorumFetchResponse {
  return {
    api: 'QuorumFetch',
    error,
    leader: state.leaderId,
    epoch: state.epoch,
    highWatermark: -1,
    diverging: null,
    entries: [],
  }
}
