// Models: how an administrator's client finds the leaders of partitions.
// Leaves out: topic ids, authorisation.
// Source: clients.admin.internals.PartitionLeaderStrategy.

import { type KafkaError, traitsOf } from '../../errors.ts'
import { NO_NODE, type NodeId, type PartitionIndex } from '../../ids.ts'
import type { Request, Response } from '../../messages.ts'
import type { Located } from './keyed-request.ts'

/** The topic of each partition that is looked up. */
export type TopicsOf = ReadonlyMap<PartitionIndex, string>

/**
 * The request that finds the leaders of partitions (PartitionLeaderStrategy.buildRequest).
 * Metadata is asked for by topic, whatever few of its partitions are of interest.
 */
export function leaderLookup(keys: readonly PartitionIndex[], topics: TopicsOf): Request {
  const names = new Set(keys.map((key) => topics.get(key) ?? ''))
  return { api: 'Metadata', topics: [...names] }
}

/** A topic that does not exist is definite; a partition without a leader is not. */
export function leadersIn(
  keys: readonly PartitionIndex[],
  topics: TopicsOf,
  response: Response,
): Located<PartitionIndex> | null {
  if (response.api !== 'Metadata') return null
  const nodes = new Map<PartitionIndex, NodeId>()
  const failed = new Map<PartitionIndex, KafkaError>()
  for (const topic of response.topics) {
    if (topic.error !== 'NONE' && topic.error !== 'LEADER_NOT_AVAILABLE') {
      for (const key of keys) if (topics.get(key) === topic.name) failed.set(key, topic.error)
      continue
    }
    for (const { partition, error, leader } of topic.partitions) {
      if (!keys.includes(partition)) continue
      if (error === 'NONE' && leader !== NO_NODE) nodes.set(partition, leader)
      else if (error !== 'NONE' && !traitsOf(error).invalidMetadata) failed.set(partition, error)
    }
  }
  return { nodes, failed }
}
