// Models: the ISR as its leader sees it: committed, or with one proposed change not yet answered.
// Leaves out: ISR changes written to ZooKeeper by the leader itself (before KIP-497).
// Source: KIP-497; kafka.cluster.PartitionState.

import { invariant } from '../../sim/invariant.ts'
import type { NodeId } from '../ids.ts'
import type { LeaderRecoveryState } from '../metadata/records.ts'

/** What the controller has confirmed. */
export interface CommittedIsr {
  readonly kind: 'committed'
  readonly isr: readonly NodeId[]
  readonly maximal: readonly NodeId[]
  readonly recovery: LeaderRecoveryState
}

/** A replica is proposed: it counts for the high watermark already, for nothing else yet. */
export interface PendingExpand {
  readonly kind: 'pending-expand'
  readonly isr: readonly NodeId[]
  readonly maximal: readonly NodeId[]
  /** What the controller is asked for. */
  readonly proposed: readonly NodeId[]
  readonly recovery: LeaderRecoveryState
  /** What holds again if the controller refuses for certain. */
  readonly lastCommitted: CommittedIsr
}

/** Members are proposed for removal: they count until the controller has confirmed it. */
export interface PendingShrink {
  readonly kind: 'pending-shrink'
  readonly isr: readonly NodeId[]
  readonly maximal: readonly NodeId[]
  readonly proposed: readonly NodeId[]
  readonly recovery: LeaderRecoveryState
  /** As above. A refusal may come after the members that were to go have caught up. */
  readonly lastCommitted: CommittedIsr
}

/**
 * `isr` is the committed set: it decides whether acks=all is taken and whether the high watermark
 * may move. `maximal` is every set that may be in force at the controller: the high watermark waits
 * for all of it.
 */
export type IsrState = CommittedIsr | PendingExpand | PendingShrink
export type PendingIsr = PendingExpand | PendingShrink

/** Whether a replica is one of these. They are so few that a search would cost more than a look. */
export function isAmong(replicas: readonly NodeId[], id: NodeId): boolean {
  for (let i = 0; i < replicas.length; i++) if (replicas[i] === id) return true
  return false
}

/** The state without a proposal: there is one ISR, and it counts for everything. */
export function committedIsr(isr: readonly NodeId[], recovery: LeaderRecoveryState): CommittedIsr {
  return { kind: 'committed', isr, maximal: isr, recovery }
}

/**
 * The newcomer holds the high watermark back at once: should the controller accept it and the
 * answer be lost, it may be elected with all that was acknowledged meanwhile.
 */
export function pendingExpand(from: CommittedIsr, added: NodeId): PendingExpand {
  invariant(!from.isr.includes(added), 'only who is out of the ISR can join it', { added })
  const proposed = [...from.isr, added]
  return {
    kind: 'pending-expand',
    isr: from.isr,
    maximal: proposed,
    proposed,
    recovery: from.recovery,
    lastCommitted: from,
  }
}

/**
 * Whoever is to go still holds the high watermark back: until the controller has agreed it may be
 * elected, and would lack what the others had committed without it.
 */
export function pendingShrink(from: CommittedIsr, removed: readonly NodeId[]): PendingShrink {
  const proposed = from.isr.filter((id) => !removed.includes(id))
  const gone = from.isr.length - proposed.length
  invariant(gone === removed.length, 'only members leave an ISR', { removed })
  invariant(proposed.length > 0, 'a leader stays in its own ISR', { removed })
  return {
    kind: 'pending-shrink',
    isr: from.isr,
    maximal: from.isr,
    proposed,
    recovery: from.recovery,
    lastCommitted: from,
  }
}
