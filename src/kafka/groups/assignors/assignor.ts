// Models: what an assignor of partitions to the members of a group is given, and what it answers.
// Leaves out: user data of custom assignors; protocol versions without owned partitions.
// Source: org.apache.kafka.clients.consumer.ConsumerPartitionAssignor; KIP-429, KIP-792, KIP-848.

import type { GenerationId, MemberId, PartitionIndex } from '../../ids.ts'

/** What a member says of itself when partitions are dealt. */
export interface AssignedMember {
  readonly topics: readonly string[]
  /**
   * What it has: of a classic group, what it owned when it joined (an eager member tells so in user
   * data, having given all up); under KIP-848, its target assignment so far.
   */
  readonly ownedPartitions: readonly PartitionIndex[]
  /** Generation in which it received them; -1 where it has never been in one. */
  readonly generation: GenerationId
  /** group.instance.id; '' for a dynamic member. */
  readonly instance: string
  /** client.rack; '' where it names none. */
  readonly rack: string
}

/** A partition that can be given away, and the racks of its replicas where they are known. */
export interface AssignablePartition {
  readonly index: PartitionIndex
  readonly racks: readonly string[]
}

/** Members of a group; only the assignors of the broker care for their order. */
export type GroupMembers = ReadonlyMap<MemberId, AssignedMember>
/** The partitions of each topic by number; a topic without metadata is absent. */
export type PartitionsPerTopic = ReadonlyMap<string, readonly AssignablePartition[]>
/** Every member has its entry; a classic member receives its partitions in this order. */
export type GroupAssignment = ReadonlyMap<MemberId, readonly PartitionIndex[]>

/** Deals the partitions of the subscribed topics; the same input always gives the same answer. */
export interface PartitionAssignor {
  readonly name: string
  /** With `cooperative` a partition that moves is left out for one round, until it is given up. */
  readonly protocol: 'eager' | 'cooperative' | 'server'
  assign(members: GroupMembers, topics: PartitionsPerTopic): GroupAssignment
}
