// Models: Confluent's observers: which of them a policy wants in the ISR, and which no more.
// Leaves out: the placement JSON itself (scenario) and throttled permanent failover.
// Source: Multi-Region Clusters (MRC tutorial and docs).

import type { NodeId } from '../ids.ts'
import type { PartitionState } from './partition-state.ts'

/**
 * Whether one more observer may enter the ISR now. Placement version 1 has no policy and behaves
 * like leader-is-observer: after an unclean election the observers keep each other company.
 */
export function mayPromoteObserver(partition: PartitionState): boolean {
  const members = partition.isrState.isr.length
  switch (partition.config.observerPromotionPolicy) {
    case 'under-min-isr':
      return members < partition.minIsrEffective
    case 'under-replicated':
      return members < syncReplicas(partition)
    case 'none':
    case 'leader-is-observer':
      return partition.observers.includes(partition.host.nodeId)
  }
}

/**
 * Observers in the ISR that the policy would not let in without them: they leave again, the last
 * of the assignment first, never the leader and never so many that the reason comes back.
 */
export function surplusObservers(partition: PartitionState): readonly NodeId[] {
  const { isrState, observers, host, config } = partition
  if (observers.length === 0) return []
  const promoted = isrState.isr.filter((id) => observers.includes(id) && id !== host.nodeId)
  if (promoted.length === 0) return []
  const inSync = isrState.isr.length - promoted.length
  switch (config.observerPromotionPolicy) {
    case 'under-min-isr':
      return tail(promoted, partition.minIsrEffective - inSync)
    case 'under-replicated':
      return tail(promoted, syncReplicas(partition) - inSync)
    case 'none':
    case 'leader-is-observer':
      return observers.includes(host.nodeId) ? [] : promoted
  }
}

/** Replicas that are no observers: the sum of the placement's replica counts. */
function syncReplicas(partition: PartitionState): number {
  return partition.replicas.length - partition.observers.length
}

function tail(ids: readonly NodeId[], needed: number): readonly NodeId[] {
  return ids.slice(Math.max(0, needed))
}
