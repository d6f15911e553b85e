// Models: a classic group's leader, which deals the partitions to all members.
// Leaves out: assignors of one's own; topics that the leader's metadata does not know yet.
// Source: ConsumerCoordinator.onLeaderElected.

import { invariant } from '../../../sim/invariant.ts'
import { areDistinct } from '../../../sim/state-checks.ts'
import type { JoinedMember, MemberAssignment } from '../../group-messages.ts'
import type {
  AssignablePartition,
  AssignedMember,
  PartitionAssignor,
} from '../../groups/assignors/assignor.ts'
import { CLIENT_ASSIGNORS } from '../../groups/assignors/assignors.ts'
import type { MemberId } from '../../ids.ts'
import type { ClientMetadata } from '../metadata.ts'

/** The assignor of that name in partition.assignment.strategy. */
export function assignorNamed(name: string): PartitionAssignor {
  const assignor = CLIENT_ASSIGNORS.find((one) => one.name === name)
  invariant(assignor !== undefined, 'an assignor has a known name', { name })
  return assignor
}

/** What each member is to own, by the assignor that the coordinator chose. */
export function leaderAssigns(
  assignor: string,
  joined: readonly JoinedMember[],
  metadata: ClientMetadata,
): MemberAssignment[] {
  // By the leader's own metadata: a topic that it does not know yet is dealt in a later rebalance,
  // when it notices that the number of partitions has changed.
  const members = new Map<MemberId, AssignedMember>()
  const topics = new Map<string, readonly AssignablePartition[]>()
  for (const { member, instance, subscription } of joined) {
    members.set(member, { ...subscription, instance })
    for (const topic of subscription.topics) topics.set(topic, assignable(topic, metadata))
  }
  const assignment = assignorNamed(assignor).assign(members, topics)
  for (const id of members.keys()) {
    invariant(assignment.has(id), 'every member hears what it is given', { id })
  }
  areDistinct([...assignment.values()].flat(), 'a partition is dealt to one member')
  return [...assignment].map(([member, partitions]) => ({ member, partitions }))
}

function assignable(topic: string, metadata: ClientMetadata): AssignablePartition[] {
  return metadata.partitionsOf(topic).map((index) => {
    const replicas = metadata.partition(index)?.replicas ?? []
    const racks = replicas.map((id) => metadata.racks.get(id)).filter((rack) => rack != null)
    return { index, racks: [...new Set(racks)] }
  })
}
