// Models: ListOffsets: where a log begins and ends, and the first record of a time.
// Leaves out: the highest timestamp, tiered storage.
// Source: Partition.fetchOffsetForTimestamp; KIP-207.

import { createdAt, visitRanges } from '../id-ranges.ts'
import { type LeaderEpoch, NO_EPOCH, NO_NODE, NO_OFFSET, type NodeId, type Offset } from '../ids.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { ListOffsetsRequest, ListOffsetsResponse, OffsetAt } from '../messages.ts'
import { checkLeaderEpoch } from '../partition/epoch-check.ts'
import type { Partition } from '../partition/partition.ts'
import type { ReplicaManager } from './replica-manager.ts'

type Query = ListOffsetsRequest['partitions'][number]
type Answer = ListOffsetsResponse['partitions'][number]

/** An offset and the epoch that goes with it; both -1 for "no record since that time". */
interface Place {
  readonly offset: Offset
  readonly leaderEpoch: LeaderEpoch
}

/** Only the leader answers. A consumer's latest is the high watermark, a follower's the log end. */
export function handleListOffsets(
  replicas: ReplicaManager,
  request: ListOffsetsRequest,
): ListOffsetsResponse {
  return {
    api: 'ListOffsets',
    partitions: request.partitions.map((query) => answerTo(replicas, request.replicaId, query)),
  }
}

function answerTo(replicas: ReplicaManager, replicaId: NodeId, query: Query): Answer {
  const partition = replicas.partitions.get(query.partition)
  if (partition === undefined) return refused(query, replicas.missing(query.partition))
  const epochError = checkLeaderEpoch(partition, query.currentLeaderEpoch)
  if (epochError !== 'NONE') return refused(query, epochError)
  if (!partition.isLeader) return refused(query, 'NOT_LEADER_OR_FOLLOWER')
  const isConsumer = replicaId === NO_NODE
  const { offset, leaderEpoch } = placeOf(partition, query.at, end(partition, isConsumer))
  // An earliest offset stands whatever the watermark; a follower asks for the log's end itself.
  const isDoubtful = query.at === 'latest' || offset === NO_OFFSET
  if (isDoubtful && isConsumer && isWatermarkBehind(partition)) {
    return refused(query, 'OFFSET_NOT_AVAILABLE')
  }
  const { partition: index } = query
  return { partition: index, error: 'NONE', offset, leaderEpoch }
}

/** The epoch is the leader's own only at the end of its log; elsewhere that of the record there. */
function placeOf({ log, leaderEpoch }: Partition, at: OffsetAt, end: Offset): Place {
  if (at === 'latest') return { offset: end, leaderEpoch }
  if (at === 'earliest') return startOf(log)
  return firstSince(log, at.timestampMs, end)
}

/** What retention has left may begin within an epoch that the cache still knows from its start. */
function startOf({ logStartOffset, epochs }: PartitionLog): Place {
  const [first] = epochs.entries()
  const isKnown = first !== undefined && first[1] <= logStartOffset
  return { offset: logStartOffset, leaderEpoch: isKnown ? first[0] : NO_EPOCH }
}

/** Times need not ascend in a log: the first record that is young enough counts. */
function firstSince(log: PartitionLog, timestampMs: number, end: Offset): Place {
  let found = NO_OFFSET
  for (const batch of log.batches()) {
    if (batch.baseOffset >= end) break
    visitRanges(batch, log.logStartOffset, end, (range, baseOffset) => {
      for (let n = 0; found === NO_OFFSET && n < range.count; n++) {
        if (Math.floor(createdAt(range, n) / 1_000) >= timestampMs) found = baseOffset + n
      }
    })
    if (found !== NO_OFFSET) return { offset: found, leaderEpoch: batch.leaderEpoch }
  }
  return { offset: NO_OFFSET, leaderEpoch: NO_EPOCH }
}

function end(partition: Partition, isConsumer: boolean): Offset {
  return isConsumer ? partition.log.highWatermark : partition.log.logEndOffset
}

/**
 * A new leader's own watermark may lag what was committed before. Then its log's latest offset and
 * "no record since that time" may both be wrong, and it is better to give no answer; a record that
 * was found below the watermark stays where it is.
 */
function isWatermarkBehind(partition: Partition): boolean {
  const start = partition.leaderEpochStartOffset
  if (start === null || !partition.host.guards.offsetNotAvailableGate) return false
  return start > partition.log.highWatermark
}

function refused(query: Query, error: Answer['error']): Answer {
  return { partition: query.partition, error, offset: NO_OFFSET, leaderEpoch: NO_EPOCH }
}
