// Models: what is left of a member's target assignment when its subscription has changed.
// Leaves out: nothing.
// Source: UniformHomogeneousAssignmentBuilder and ...HeterogeneousAssignmentBuilder,
// maybeRevokePartitions.

import type { AssignedMember } from './assignor.ts'
import type { Slot, SubscribedTopics } from './topics.ts'

/** What a member had of the topics that it still subscribes to, by topic. */
export function ownedByTopic(
  member: AssignedMember,
  topics: SubscribedTopics,
): Map<string, Slot[]> {
  const owned = new Map<string, Slot[]>()
  for (const partition of member.ownedPartitions) {
    const slot = topics.slotOf(partition)
    if (slot === undefined || !member.topics.includes(topics.topic(slot))) continue
    const slots = owned.get(topics.topic(slot))
    if (slots === undefined) owned.set(topics.topic(slot), [slot])
    else slots.push(slot)
  }
  return owned
}
