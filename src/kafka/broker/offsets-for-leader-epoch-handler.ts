// Models: OffsetsForLeaderEpoch: where an epoch ended in the leader's log.
// Leaves out: nothing.
// Source: Partition.lastOffsetForLeaderEpoch; KIP-101, KIP-320.

import { NO_EPOCH, NO_OFFSET } from '../ids.ts'
import type { OffsetsForLeaderEpochRequest, OffsetsForLeaderEpochResponse } from '../messages.ts'
import { checkLeaderEpoch } from '../partition/epoch-check.ts'
import { endOfEpoch } from '../partition/epoch-end.ts'
import type { ReplicaManager } from './replica-manager.ts'

type Query = OffsetsForLeaderEpochRequest['partitions'][number]
type Answer = OffsetsForLeaderEpochResponse['partitions'][number]

/**
 * The latest epoch ends at the log's end, not at the high watermark: it is asked for in order to
 * cut a log, and what the leader has without having committed it is no reason to cut. Followers ask
 * before 2.7 (later their fetch does), consumers when they check a position (KIP-320).
 */
export function handleOffsetsForLeaderEpoch(
  replicas: ReplicaManager,
  request: OffsetsForLeaderEpochRequest,
): OffsetsForLeaderEpochResponse {
  return {
    api: 'OffsetsForLeaderEpoch',
    partitions: request.partitions.map((query) => answerTo(replicas, query)),
  }
}

function answerTo(replicas: ReplicaManager, query: Query): Answer {
  const partition = replicas.partitions.get(query.partition)
  if (partition === undefined) return refused(query, replicas.missing(query.partition))
  const epochError = checkLeaderEpoch(partition, query.currentLeaderEpoch)
  if (epochError !== 'NONE' && replicas.guards.epochFencingOfTruncation) {
    return refused(query, epochError)
  }
  // Only a leader's log says where an epoch ended for good; a follower's may still be cut.
  if (!partition.isLeader) return refused(query, 'NOT_LEADER_OR_FOLLOWER')
  const { epoch, endOffset } = endOfEpoch(partition, query.leaderEpoch)
  return { partition: query.partition, error: 'NONE', leaderEpoch: epoch, endOffset }
}

function refused(query: Query, error: Answer['error']): Answer {
  return { partition: query.partition, error, leaderEpoch: NO_EPOCH, endOffset: NO_OFFSET }
}
