// Models: range as the broker computes it under KIP-848: each topic cut into ranges.
// Leaves out: nothing; it heeds no rack, and no earlier assignment beyond its own determinism.
// Source: org.apache.kafka.coordinator.group.assignor.RangeAssignor; KIP-848.

import type { MemberId, PartitionIndex } from '../../ids.ts'
import type { PartitionAssignor } from './assignor.ts'
import { inMemberOrder } from './member-order.ts'
import { SubscribedTopics } from './topics.ts'

/** The first members of a topic get one partition more where it does not divide evenly. */
export const serverRange: PartitionAssignor = {
  name: 'range',
  protocol: 'server',
  assign(members, partitionsPerTopic) {
    const topics = new SubscribedTopics(members, partitionsPerTopic)
    const assignment = new Map<MemberId, PartitionIndex[]>()
    for (const id of members.keys()) assignment.set(id, [])
    const order = inMemberOrder(members)
    // Topics one by one: with several, the first members get all the surpluses. Copartitioned
    // topics come to lie together, since each is cut at the same places.
    for (const topic of topics.names) {
      const subscribers = order.filter((id) => members.get(id)?.topics.includes(topic))
      const slots = topics.slots(topic)
      const quota = Math.floor(slots.length / subscribers.length)
      const extra = slots.length % subscribers.length
      let start = 0
      for (const [i, id] of subscribers.entries()) {
        const end = start + quota + (i < extra ? 1 : 0)
        const range = slots.slice(start, end).map((slot) => topics.partition(slot))
        assignment.get(id)?.push(...range)
        start = end
      }
    }
    return assignment
  },
}
