// Models: where partitions begin and end, asked of their leaders.
// Leaves out: the offset of the highest timestamp, isolation levels, tiered storage.
// Source: KafkaAdminClient.listOffsets, clients.admin.internals.ListOffsetsHandler.

import { type KafkaError, traitsOf } from '../../errors.ts'
import { type LeaderEpoch, NO_EPOCH, NO_NODE, type Offset, type PartitionIndex } from '../../ids.ts'
import type { ListOffsetsRequest, OffsetAt } from '../../messages.ts'
import type { Fulfilled, KeyedApi } from './keyed-request.ts'
import { leaderLookup, leadersIn } from './leader-lookup.ts'

/** One partition, and which of its offsets. */
export interface OffsetQuery {
  readonly topic: string
  readonly partition: PartitionIndex
  readonly at: OffsetAt
}

/** -1 and -1 where no record is as young as was asked. */
export interface ListedOffset {
  readonly offset: Offset
  readonly leaderEpoch: LeaderEpoch
}

type Listed = Fulfilled<PartitionIndex, ListedOffset>

/**
 * KafkaAdminClient.listOffsets: looks leaders up, then asks each for its partitions at once.
 * The epoch is not checked: an administrator has none to compare with.
 */
export function listOffsetsApi(
  queries: readonly OffsetQuery[],
): KeyedApi<PartitionIndex, ListedOffset> {
  const topics = new Map(queries.map(({ partition, topic }) => [partition, topic]))
  const positions = new Map(queries.map(({ partition, at }) => [partition, at]))
  return {
    lookup: (keys) => leaderLookup(keys, topics),
    located: (keys, response) => leadersIn(keys, topics, response),
    request: (keys): ListOffsetsRequest => ({
      api: 'ListOffsets',
      replicaId: NO_NODE,
      partitions: keys.map((partition) => ({
        partition,
        currentLeaderEpoch: NO_EPOCH,
        at: positions.get(partition) ?? 'latest',
      })),
    }),
    fulfilled: (_keys, response): Listed | null => {
      if (response.api !== 'ListOffsets') return null
      const values = new Map<PartitionIndex, ListedOffset>()
      const failed = new Map<PartitionIndex, KafkaError>()
      const unmapped: PartitionIndex[] = []
      for (const { partition, error, offset, leaderEpoch } of response.partitions) {
        if (error === 'NONE') values.set(partition, { offset, leaderEpoch })
        else if (isElsewhere(error)) unmapped.push(partition)
        else if (!traitsOf(error).retriable) failed.set(partition, error)
      }
      return { values, failed, unmapped }
    },
  }
}

/** The leader has moved: looked up again, where other errors are asked again of the same broker. */
function isElsewhere(error: KafkaError): boolean {
  return error === 'NOT_LEADER_OR_FOLLOWER' || error === 'LEADER_NOT_AVAILABLE'
}
