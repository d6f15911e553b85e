// Models: the next step of a member from what it owns to its target, without a barrier: first it
// gives back, then it gets what others have given back.
// Leaves out: nothing of the rule.
// Source: group.modern.consumer.CurrentAssignmentBuilder (KIP-848).

import { invariant } from '../../sim/invariant.ts'
import type { GenerationId, PartitionIndex } from '../ids.ts'
import { sameSet } from '../list-equality.ts'
import type { CurrentAssignment } from './consumer-group.ts'

/**
 * Told for a partition that goes from A to B, with a target of epoch 5:
 *
 * 1. A's heartbeat: it is to give the partition back, and stays in epoch 4 until it says it has;
 * 2. B's heartbeat: it is in epoch 5 at once, without the partition, and waits for it;
 * 3. A's next heartbeat no longer names it: A is in epoch 5, and the partition is nobody's;
 * 4. B's next heartbeat finds it free. Others of the group consumed all the while.
 *
 * @param owned what the member says it owns now; null where it did not say
 * @param isOwned whether some member has a partition, or has still to give it back
 * @returns the same object where the member can make no step
 */
export function reconcile(
  current: CurrentAssignment,
  targetEpoch: GenerationId,
  target: readonly PartitionIndex[],
  owned: readonly PartitionIndex[] | null,
  isOwned: (partition: PartitionIndex) => boolean,
): CurrentAssignment {
  switch (current.state) {
    case 'stable':
      if (current.epoch === targetEpoch) return current
      return nextStep(current, current.epoch, targetEpoch, target, owned, isOwned)
    case 'unrevoked-partitions':
      if (stillOwns(owned, current.pendingRevocation)) return current
      // An epoch of its own between two targets: it has left its old one, wherever the group is by
      // now.
      return nextStep(current, current.epoch + 1, targetEpoch, target, owned, isOwned)
    case 'unreleased-partitions':
      return nextStep(current, current.epoch, targetEpoch, target, owned, isOwned)
  }
}

/** What is not named as owned has been given back. */
function stillOwns(
  owned: readonly PartitionIndex[] | null,
  pending: readonly PartitionIndex[],
): boolean {
  return owned === null || owned.some((partition) => pending.includes(partition))
}

function nextStep(
  current: CurrentAssignment,
  epoch: GenerationId,
  targetEpoch: GenerationId,
  target: readonly PartitionIndex[],
  owned: readonly PartitionIndex[] | null,
  isOwned: (partition: PartitionIndex) => boolean,
): CurrentAssignment {
  const kept = current.assigned.filter((one) => target.includes(one))
  const leaving = current.assigned.filter((one) => !target.includes(one))
  if (leaving.length > 0 && stillOwns(owned, leaving)) {
    return step(current, epoch, 'unrevoked-partitions', kept, leaving)
  }
  const wanted = target.filter((one) => !kept.includes(one))
  // What the member itself has just given back is free only from its next step on.
  const free = wanted.filter((one) => !isOwned(one))
  const state = free.length < wanted.length ? 'unreleased-partitions' : 'stable'
  return step(current, targetEpoch, state, [...kept, ...free], [])
}

function step(
  before: CurrentAssignment,
  epoch: GenerationId,
  state: CurrentAssignment['state'],
  assigned: readonly PartitionIndex[],
  pendingRevocation: readonly PartitionIndex[],
): CurrentAssignment {
  invariant(epoch >= before.epoch, 'a member’s epoch never falls', { epoch, was: before.epoch })
  const next: CurrentAssignment = {
    epoch,
    previousEpoch: before.epoch,
    state,
    assigned,
    pendingRevocation,
  }
  return sameAssignment(before, next) ? before : next
}

/**
 * Whether nothing need be written: lists are compared as sets, as their order means nothing here.
 */
export function sameAssignment(a: CurrentAssignment, b: CurrentAssignment): boolean {
  return (
    a.epoch === b.epoch &&
    a.state === b.state &&
    sameSet(a.assigned, b.assigned) &&
    sameSet(a.pendingRevocation, b.pendingRevocation)
  )
}
