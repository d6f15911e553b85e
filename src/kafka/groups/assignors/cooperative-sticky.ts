// Models: cooperative-sticky: a partition that moves is nobody's until its old owner gave it up.
// Leaves out: nothing beyond what sticky leaves out.
// Source: org.apache.kafka.clients.consumer.CooperativeStickyAssignor; KIP-429.

import type { MemberId, PartitionIndex } from '../../ids.ts'
import type { GroupAssignment, GroupMembers, PartitionAssignor } from './assignor.ts'
import { assignSticky } from './sticky.ts'

/**
 * 1. In this round the old owner learns that it loses the partition, and revokes it.
 * 2. It joins again without it; in that round the partition goes to its new owner.
 */
export const cooperativeSticky: PartitionAssignor = {
  name: 'cooperative-sticky',
  protocol: 'cooperative',
  assign(members, topics) {
    const { assignment, transferring } = assignSticky(members, topics)
    const moving = transferring ?? transfers(members, assignment)
    const adjusted = new Map<MemberId, readonly PartitionIndex[]>()
    for (const [id, partitions] of assignment) {
      adjusted.set(
        id,
        partitions.filter((partition) => !moving.has(partition)),
      )
    }
    return adjusted
  },
}

/** What is new to its owner and still claimed by a member that is to lose it. */
function transfers(members: GroupMembers, assignment: GroupAssignment): Set<PartitionIndex> {
  const added = new Set<PartitionIndex>()
  const revoked = new Set<PartitionIndex>()
  for (const [id, partitions] of assignment) {
    const owned = members.get(id)?.ownedPartitions ?? []
    const before = new Set(owned)
    const after = new Set(partitions)
    for (const partition of partitions) if (!before.has(partition)) added.add(partition)
    for (const partition of owned) if (!after.has(partition)) revoked.add(partition)
  }
  return new Set([...added].filter((partition) => revoked.has(partition)))
}
