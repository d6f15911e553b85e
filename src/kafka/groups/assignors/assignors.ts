// Models: the assignors that come with Kafka, by the names in its configuration.
// Leaves out: assignors of one's own.
// Source: partition.assignment.strategy, group.consumer.assignors.

import type { PartitionAssignor } from './assignor.ts'
import { cooperativeSticky } from './cooperative-sticky.ts'
import { range } from './range.ts'
import { roundRobin } from './round-robin.ts'
import { serverRange } from './server-range.ts'
import { serverUniform } from './server-uniform.ts'
import { sticky } from './sticky.ts'

/** What a member of a classic group may offer. */
export const CLIENT_ASSIGNORS: readonly PartitionAssignor[] = [
  range,
  roundRobin,
  sticky,
  cooperativeSticky,
]

/** What the broker may use for a consumer group; the first is its default. */
export const SERVER_ASSIGNORS: readonly PartitionAssignor[] = [serverUniform, serverRange]
