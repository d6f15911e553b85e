// Models: which replica the leader recommends to a consumer that says in which rack it is.
// Leaves out: how the leader finds the candidates (current and holding the offset): its caller.
// Source: KIP-392; org.apache.kafka.common.replica.RackAwareReplicaSelector.

import type { NodeId, Offset } from '../ids.ts'

/** A replica as its leader sees it. */
export interface ReplicaView {
  readonly id: NodeId
  readonly rack: string | null
  readonly logEndOffset: Offset
  /** In any one unit of time. */
  readonly timeSinceLastCaughtUp: number
}

/** Chooses the replica to read from; `replicas` has the leader among them. */
export type ReplicaSelector = (
  clientRack: string | null,
  leader: NodeId,
  replicas: readonly ReplicaView[],
) => NodeId

/** replica.selector.class unset: everybody reads from the leader. */
export const leaderSelector: ReplicaSelector = (_clientRack, leader) => leader

/**
 * RackAwareReplicaSelector: the leader if it is in the client's rack or nobody is; else the longest
 * log in the rack, then the one that was caught up last, then the highest id.
 */
export const rackAwareSelector: ReplicaSelector = (clientRack, leader, replicas) => {
  if (clientRack === null || clientRack === '') return leader
  let best: ReplicaView | undefined
  for (const replica of replicas) {
    if (replica.rack !== clientRack) continue
    if (replica.id === leader) return leader
    if (best === undefined || isMoreCaughtUp(replica, best)) best = replica
  }
  return best?.id ?? leader
}

function isMoreCaughtUp(a: ReplicaView, b: ReplicaView): boolean {
  if (a.logEndOffset !== b.logEndOffset) return a.logEndOffset > b.logEndOffset
  const [aLag, bLag] = [a.timeSinceLastCaughtUp, b.timeSinceLastCaughtUp]
  return aLag === bLag ? a.id > b.id : aLag < bLag
}
