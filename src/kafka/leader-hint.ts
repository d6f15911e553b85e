// Models: what an answer that refuses a request says of the partition's leader.
// Leaves out: the address itself; whoever has it can connect.
// Source: KIP-951; ProduceResponse.json and FetchResponse.json (CurrentLeader, NodeEndpoints).

import type { LeaderEpoch, NodeId } from './ids.ts'

/**
 * The leader that a broker knows of which does not lead itself. It may be yesterday's: a client
 * believes it only with a newer epoch than its own.
 */
export interface LeaderHint {
  readonly leader: NodeId
  readonly leaderEpoch: LeaderEpoch
  /** Its address comes along: a broker gives that of registered, unfenced ones only. */
  readonly hasEndpoint: boolean
}
