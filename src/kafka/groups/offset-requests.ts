// Models: OffsetCommit and OffsetFetch: who may commit, and what a group has committed.
// Leaves out: metadata strings, the expiry of offsets, transactional commits.
// Source: GroupCoordinatorService.fetchOffsets, OffsetMetadataManager.commitOffset, fetchOffsets;
// ClassicGroup, ConsumerGroup (validateOffsetCommit, validateOffsetFetch); before 4.0
// GroupMetadataManager.getOffsets, GroupMetadata.hasPendingOffsetCommitsForTopicPartition.

import type { KafkaError } from '../errors.ts'
import type { CommittedOffset, OffsetCommitRequest, OffsetFetchRequest } from '../group-messages.ts'
import type { GroupId, Offset, PartitionIndex } from '../ids.ts'
import type { Reply } from '../network/rpc.ts'
import { validateMemberOf } from './classic-membership.ts'
import { NO_LIMIT } from './committed-offsets.ts'
import { validateCommitter } from './consumer-heartbeat.ts'
import type { GroupShard } from './group-shard.ts'
import type { OffsetCommitValue } from './group-values.ts'

/**
 * Writes a group's positions down; the answer waits until they are replicated. Of a topic that is
 * gone nothing is kept; Kafka answers that for the partition, and the client logs it and goes on.
 */
export function handleOffsetCommit(
  shard: GroupShard,
  request: OffsetCommitRequest,
  reply: Reply,
): void {
  const error = commitError(shard, request)
  if (error !== 'NONE') {
    reply.send({ api: 'OffsetCommit', error })
    return
  }
  const { group } = request
  const values = request.offsets
    .filter(({ partition }) => shard.topics.knows(partition))
    .map((one): OffsetCommitValue => ({ kind: 'offset', group, ...one }))
  shard.writeAndReplay(values, (failure) => {
    reply.send({ api: 'OffsetCommit', error: shard.writeError(failure) })
  })
}

/** Who may commit: members of the generation, or anybody while the group has no members. */
function commitError(shard: GroupShard, request: OffsetCommitRequest): KafkaError {
  const { generation, member, instance } = request
  const group = shard.groups.get(request.group)
  if (group === undefined) {
    if (generation < 0) return 'NONE'
    return shard.guards.coordinatorOnRuntime ? 'GROUP_ID_NOT_FOUND' : 'ILLEGAL_GENERATION'
  }
  // Tools and replicators commit from outside, and only where nobody of the group could object.
  if (generation < 0 && group.isEmpty) return 'NONE'
  if (group.kind === 'consumer') return validateCommitter(group, member, generation)
  const error = validateMemberOf(group, member, instance, generation)
  if (error !== 'NONE') return error
  // Refused before anything is done: such a commit is no sign of life.
  if (group.state === 'completing') return 'REBALANCE_IN_PROGRESS'
  group.members.get(member)?.keepAlive()
  return 'NONE'
}

/**
 * What is committed; a member under KIP-848 has to be of its present epoch. Whoever goes on from
 * there asks for stable offsets: the newest, told when everything written before is replicated.
 */
export function handleOffsetFetch(
  shard: GroupShard,
  request: OffsetFetchRequest,
  reply: Reply,
): void {
  const group = shard.groups.get(request.group)
  const isMember = request.member !== '' && group?.kind === 'consumer'
  const error = isMember ? validateCommitter(group, request.member, request.memberEpoch) : 'NONE'
  if (error !== 'NONE') {
    reply.send({ api: 'OffsetFetch', error, offsets: [] })
    return
  }
  const { partitions, requireStable } = request
  // 1. The last owner commits 9, and the offsets topic cannot replicate it. 2. The next one asks.
  // 3. From the offset before it would read again what is done; so it waits, and asks elsewhere.
  if (requireStable && shard.guards.coordinatorOnRuntime) {
    const offsets = shard.offsets.fetch(request.group, partitions, NO_LIMIT)
    shard.log.write([], (failure) => {
      if (failure === 'NONE') reply.send({ api: 'OffsetFetch', error: 'NONE', offsets })
      else reply.send({ api: 'OffsetFetch', error: fetchError(shard, failure), offsets: [] })
    })
    return
  }
  const { group: name } = request
  const isUnstable =
    requireStable && shard.offsets.isAnyWrittenFrom(name, partitions, stableEnd(shard))
  // Before 4.0 who wants stable offsets asks again while a commit waits for its replicas.
  const answer = isUnstable ? 'UNSTABLE_OFFSET_COMMIT' : 'NONE'
  const offsets = isUnstable ? [] : committedOffsets(shard, name, partitions)
  reply.send({ api: 'OffsetFetch', error: answer, offsets })
}

/** What is committed, whatever may be written besides; all partitions where null is asked. */
export function committedOffsets(
  shard: GroupShard,
  group: GroupId,
  partitions: readonly PartitionIndex[] | null,
): readonly CommittedOffset[] {
  return shard.offsets.fetch(group, partitions, stableEnd(shard))
}

/** Before 4.0 what a coordinator read at its start counts as committed (getOffsets). */
function stableEnd({ guards, log }: GroupShard): Offset {
  return guards.coordinatorOnRuntime
    ? log.lastCommitted
    : Math.max(log.loadedEnd, log.lastCommitted)
}

/** A wait without end is a coordinator that others may have replaced: look it up again. */
function fetchError(shard: GroupShard, failure: KafkaError): KafkaError {
  const error = shard.writeError(failure)
  return error === 'COORDINATOR_NOT_AVAILABLE' ? 'NOT_COORDINATOR' : error
}
