// Models: roundrobin: the partitions of all topics dealt in a circle.
// Leaves out: nothing; it has no memory and heeds no rack.
// Source: org.apache.kafka.clients.consumer.RoundRobinAssignor.

import type { MemberId, PartitionIndex } from '../../ids.ts'
import type { PartitionAssignor } from './assignor.ts'
import { inMemberOrder } from './member-order.ts'
import { SubscribedTopics } from './topics.ts'

/** Deals by topic name and partition; a member that does not want a partition is passed over. */
export const roundRobin: PartitionAssignor = {
  name: 'roundrobin',
  protocol: 'eager',
  assign(members, partitionsPerTopic) {
    const topics = new SubscribedTopics(members, partitionsPerTopic)
    const circle = inMemberOrder(members)
    const wants = new Map([...members].map(([id, member]) => [id, new Set(member.topics)]))
    const assignment = new Map<MemberId, PartitionIndex[]>()
    for (const id of members.keys()) assignment.set(id, [])
    let next = 0
    for (const topic of topics.names) {
      for (const slot of topics.slots(topic)) {
        // It ends: a topic is in the list because some member of the circle wants it.
        while (!wants.get(circle[next] ?? '')?.has(topic)) next = (next + 1) % circle.length
        assignment.get(circle[next] ?? '')?.push(topics.partition(slot))
        next = (next + 1) % circle.length
      }
    }
    return assignment
  },
}
