// Models: sticky: as balanced as subscriptions allow, and within that as few moves as possible.
// Leaves out: what Kafka logs of cycles among its moves.
// Source: org.apache.kafka.clients.consumer.StickyAssignor, AbstractStickyAssignor; KIP-54.

import { hashOfText, inHashOrder } from '../../hash-order.ts'
import type { MemberId, PartitionIndex } from '../../ids.ts'
import type {
  AssignedMember,
  GroupAssignment,
  GroupMembers,
  PartitionAssignor,
  PartitionsPerTopic,
} from './assignor.ts'
import { Claims } from './claims.ts'
import { RackInfo } from './racks.ts'
import { assignConstrained } from './sticky-constrained.ts'
import { StickyGeneral } from './sticky-general.ts'
import { SubscribedTopics } from './topics.ts'

/** An assignment that takes effect at once: every member has given up all it had. */
export const sticky: PartitionAssignor = {
  name: 'sticky',
  protocol: 'eager',
  assign: (members, topics) => assignSticky(throughUserData(members, topics), topics).assignment,
}

/** What members had, in the order in which it is read out of user data: topic by topic. */
function throughUserData(members: GroupMembers, partitionsPerTopic: PartitionsPerTopic) {
  const topicOf = new Map<PartitionIndex, string>()
  for (const [topic, partitions] of partitionsPerTopic) {
    for (const { index } of partitions) topicOf.set(index, topic)
  }
  const read = new Map<MemberId, AssignedMember>()
  for (const [id, member] of members) {
    // HashMap.computeIfAbsent puts a new key before the others of its bucket: the last comes first.
    const seen = new Set(member.ownedPartitions.map((one) => topicOf.get(one) ?? ''))
    const ownedPartitions = inHashOrder(new Set([...seen].reverse()), hashOfText).flatMap((topic) =>
      member.ownedPartitions.filter((one) => topicOf.get(one) === topic),
    )
    // The member's generation goes along: an owner of an old one yields to one of a newer.
    read.set(id, { ...member, ownedPartitions })
  }
  return read
}

export interface StickyAssignment {
  readonly assignment: GroupAssignment
  /** Partitions that another member may still own; null where that was not kept track of. */
  readonly transferring: ReadonlySet<PartitionIndex> | null
}

/** Sticky's assignment, whoever owns the partitions now. */
export function assignSticky(
  members: GroupMembers,
  partitionsPerTopic: PartitionsPerTopic,
): StickyAssignment {
  if (members.size === 0) return { assignment: new Map(), transferring: null }
  const topics = new SubscribedTopics(members, partitionsPerTopic)
  const claims = new Claims(members, topics)
  const racks = new RackInfo(members, topics)
  const { dealt, transferring } = claims.allEqual
    ? assignConstrained(topics, racks, claims)
    : { dealt: new StickyGeneral(members, topics, racks, claims).assign(), transferring: null }
  const assignment = new Map<MemberId, readonly PartitionIndex[]>()
  for (const id of members.keys()) {
    const slots = dealt.get(id) ?? []
    assignment.set(
      id,
      slots.map((slot) => topics.partition(slot)),
    )
  }
  return {
    assignment,
    transferring: transferring && new Set([...transferring].map((slot) => topics.partition(slot))),
  }
}
