// Models: who becomes leader: assignment order among the in-sync replicas, never the longest log.
// Leaves out: KIP-966 part 2 (unclean recovery by longest log), which no release ships.
// Source: PartitionChangeBuilder.electLeader; KIP-966, KAFKA-19522.

import { invariant } from '../../sim/invariant.ts'
import { NO_NODE, type NodeId } from '../ids.ts'
import type { PartitionRegistration } from './partition-registration.ts'

/** PREFERRED moves to replicas[0] if it can; UNCLEAN accepts a replica that may lack records. */
export type ElectionType = 'PREFERRED' | 'ONLINE' | 'UNCLEAN'

/** The leader and where it was found: in the ISR, in the ELR, outside of both, or nowhere. */
export type Elected =
  | { readonly kind: 'in-sync' | 'eligible' | 'unclean'; readonly leader: NodeId }
  | { readonly kind: 'none'; readonly leader: typeof NO_NODE }

/** The partition as it will be after the change under way, in which the leader is looked for. */
export interface ElectionTargets {
  readonly replicas: readonly NodeId[]
  readonly isr: readonly NodeId[]
  readonly elr: readonly NodeId[]
}

export interface ElectionRules {
  readonly isAcceptableLeader: (id: NodeId) => boolean
  readonly elrEnabled: boolean
  readonly useLastKnownLeader: boolean
  readonly lastKnownLeaderMustBeActive: boolean
}

/** Elects a leader for the partition as it will be; changes nothing. */
export function electLeader(
  partition: PartitionRegistration,
  targets: ElectionTargets,
  type: ElectionType,
  rules: ElectionRules,
): Elected {
  // An ELR member counts only when no ISR is left.
  const members = targets.isr.length === 0 ? targets.elr : targets.isr
  const isValid = (id: NodeId) => members.includes(id) && rules.isAcceptableLeader(id)
  // By assignment order and never by the longest log: every member has what is committed.
  const clean = electClean(partition.leader, targets.replicas, type, isValid)
  if (clean !== undefined) {
    return { kind: targets.elr.includes(clean) ? 'eligible' : 'in-sync', leader: clean }
  }

  // Counts as unclean: its log may lack records that others held, so it comes up RECOVERING.
  const lastKnown = partition.lastKnownElr[0]
  if (lastKnown !== undefined && canElectLastKnown(partition, targets, rules)) {
    return { kind: 'unclean', leader: lastKnown }
  }
  // Assignment order here too: nobody has asked whose log is the longest.
  if (type === 'UNCLEAN') {
    const leader = targets.replicas.find(rules.isAcceptableLeader)
    if (leader !== undefined) return { kind: 'unclean', leader }
  }
  return { kind: 'none', leader: NO_NODE }
}

/** The present leader stays where it may: another ISR alone is no reason for an election. */
function electClean(
  current: NodeId,
  replicas: readonly NodeId[],
  type: ElectionType,
  isValid: (id: NodeId) => boolean,
): NodeId | undefined {
  if (type === 'PREFERRED') {
    const preferred = replicas[0]
    invariant(preferred !== undefined, 'a partition with a preferred leader has replicas')
    if (isValid(preferred)) return preferred
  }
  if (isValid(current)) return current
  return replicas.find(isValid)
}

/** ISR and ELR are empty, and exactly one last leader is known: it has most likely the most. */
function canElectLastKnown(
  partition: PartitionRegistration,
  targets: ElectionTargets,
  rules: ElectionRules,
): boolean {
  if (!rules.elrEnabled || !rules.useLastKnownLeader) return false
  if (targets.isr.length > 0 || targets.elr.length > 0) return false
  const [lastKnown, ...others] = partition.lastKnownElr
  if (lastKnown === undefined || others.length > 0) return false
  // Before 4.1 the test had no effect: a fenced broker could be elected.
  return !rules.lastKnownLeaderMustBeActive || rules.isAcceptableLeader(lastKnown)
}
