// Models: observers leave the ISR again as soon as their policy does not want them.
// Leaves out: throttled permanent failover.
// Source: Multi-Region Clusters (MRC tutorial and docs).

import { proposeIsr } from './isr-proposal.ts'
import { pendingShrink } from './isr-state.ts'
import { surplusObservers } from './observer-policy.ts'
import type { PartitionState } from './partition-state.ts'

/** Proposes that observers who are needed no more leave; no election comes of it. */
export function maybeDemoteObservers(partition: PartitionState): void {
  const { isrState } = partition
  if (!partition.isLeader || isrState.kind !== 'committed') return
  const surplus = surplusObservers(partition)
  if (surplus.length > 0) proposeIsr(partition, pendingShrink(isrState, surplus))
}
