// Models: the target of a group under KIP-848: who is to own what, computed by the coordinator.
// Leaves out: custom assignors, races between several subscription changes of one batch.
// Source: group.modern.TargetAssignmentBuilder; group.consumer.assignors (uniform, range).

import { invariant } from '../../sim/invariant.ts'
import { areDistinct } from '../../sim/state-checks.ts'
import type { MemberId } from '../ids.ts'
import { sameSet } from '../list-equality.ts'
import type { AssignableTopics } from './assignable-topics.ts'
import type { AssignedMember, PartitionAssignor } from './assignors/assignor.ts'
import { SERVER_ASSIGNORS } from './assignors/assignors.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { CoordinatorValue } from './group-values.ts'

/** Records that bring the target to the group's epoch; only what changes is written. */
export function targetValues(group: ConsumerGroup, topics: AssignableTopics): CoordinatorValue[] {
  const members = new Map<MemberId, AssignedMember>()
  for (const { id, subscription, current } of group.members.values()) {
    members.set(id, {
      topics: subscription.topics,
      ownedPartitions: group.target.get(id) ?? [],
      generation: current.epoch,
      instance: subscription.instance,
      rack: subscription.rack,
    })
  }
  const assignment = assignorOf(group).assign(members, topics.assignable(group.topics))
  areDistinct([...assignment.values()].flat(), 'a partition is meant for one member')
  // Members whose target stays cost no record: a large group that grows by one writes little.
  const values: CoordinatorValue[] = []
  for (const [member, partitions] of assignment) {
    const before = group.target.get(member)
    if (before !== undefined && sameSet(before, partitions)) continue
    values.push({ kind: 'target-assignment', group: group.id, member, partitions })
  }
  values.push({ kind: 'target-epoch', group: group.id, epoch: group.epoch })
  return values
}

/** The one that most members name; the first of the coordinator's list where none does. */
function assignorOf(group: ConsumerGroup): PartitionAssignor {
  const members = [...group.members.values()]
  const votesFor = ({ name }: PartitionAssignor) =>
    members.filter(({ subscription }) => subscription.assignor === name).length
  // Members may differ while they are being rolled over to another assignor: the majority decides.
  const byVotes = SERVER_ASSIGNORS.toSorted((a, b) => votesFor(b) - votesFor(a))
  const chosen = byVotes[0]
  invariant(chosen !== undefined, 'a coordinator has an assignor', {})
  return chosen
}
