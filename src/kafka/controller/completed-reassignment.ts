// Models: the moment at which a reassignment is finished, because all that stay are in sync.
// Leaves out: nothing.
// Source: org.apache.kafka.controller.PartitionReassignmentReplicas; KIP-455.

import type { NodeId } from '../ids.ts'

export interface TargetAssignment {
  readonly replicas: readonly NodeId[]
  readonly isr: readonly NodeId[]
  readonly adding: readonly NodeId[]
  readonly removing: readonly NodeId[]
  /** Stay without being in sync. */
  readonly observers?: readonly NodeId[]
}

/**
 * Finishes a reassignment if the ISR, without the removed replicas, holds every replica that stays
 * and is no observer.
 * @returns the assignment without the removed replicas, or the one given where it must go on
 */
export function completeReassignment(target: TargetAssignment): TargetAssignment {
  const { adding, removing, observers = [] } = target
  if (adding.length === 0 && removing.length === 0) return target
  const isr = target.isr.filter((id) => !removing.includes(id))
  const replicas = target.replicas.filter((id) => !removing.includes(id))
  if (removing.length > 0 && (isr.length === 0 || replicas.length === 0)) return target
  if (!replicas.every((id) => isr.includes(id) || observers.includes(id))) return target
  return { replicas, isr, adding: [], removing: [] }
}
