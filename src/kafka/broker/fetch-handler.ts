// Models: Fetch requests of followers and consumers: read, update, answer or park.
// Leaves out: throttling, the records of a batch that is cut off by a response's size limit.
// Source: ReplicaManager.fetchMessages, readFromLog; KIP-227, KIP-392.

import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext } from '../../sim/process.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { NO_EPOCH, NO_FETCH_SESSION, NO_NODE, type NodeId, type PartitionIndex } from '../ids.ts'
import { bytesOf } from '../log/batch-list.ts'
import type {
  FetchPartition,
  FetchPartitionResponse,
  FetchRequest,
  RecordBatch,
} from '../messages.ts'
import type { Reply } from '../network/rpc.ts'
import {
  preferredReadReplica,
  type ReadReplicaAdvice,
  replicaHandlesConsumerFetch,
} from '../partition/consumer-fetch.ts'
import { DelayedFetchPurgatory, type FetchJudge } from '../partition/delayed-fetch.ts'
import { checkLeaderEpoch } from '../partition/epoch-check.ts'
import { endOfEpoch, goesOnFrom } from '../partition/epoch-end.ts'
import type { FollowerState } from '../partition/follower-state.ts'
import { isSettled } from '../partition/isr-expand.ts'
import {
  followerWithAll,
  isFromReplaced,
  leaderHandlesFetch,
  leaderNotesFetch,
} from '../partition/leader-fetch.ts'
import type { Partition } from '../partition/partition.ts'
import { PartitionRead } from '../partition/partition-read.ts'
import { leaderSelector, rackAwareSelector } from '../partition/replica-selector.ts'
import type { FetchSession } from './fetch-session.ts'
import { FetchSessions } from './fetch-sessions.ts'
import type { ReplicaManager } from './replica-manager.ts'

/** What all partitions of a fetch gave together. */
interface FetchResult {
  readonly session: FetchSession | null
  /**
   * Only those that have something to tell; in a session the others are left out (KIP-227). Null
   * while none has, as most often with a fetch that is to be parked.
   */
  partitions: FetchPartitionResponse[] | null
  bytes: number
  /** Something that the sender must learn at once. */
  isUrgent: boolean
}

const NO_BATCHES: readonly RecordBatch[] = []
const NO_ANSWERS: readonly FetchPartitionResponse[] = []

/**
 * A broker’s side of Fetch. What cannot be answered with fetch.min.bytes at once is parked, and
 * read again from the start when it may be: a partition may have moved meanwhile.
 */
export class FetchHandler implements Checked, FetchJudge {
  readonly purgatory: DelayedFetchPurgatory
  readonly sessions = new FetchSessions()
  readonly #replicas: ReplicaManager
  readonly #advice: ReadReplicaAdvice
  /**
   * 1. A follower's fetch arrives and is read. 2. It moves the high watermark. 3. That completes a
   * consumer's parked fetch, which is read in the middle of the first. So each has its own scratch.
   */
  readonly #arrivalRead = new PartitionRead()
  readonly #completionRead = new PartitionRead()

  constructor(context: ProcessContext, replicas: ReplicaManager) {
    this.#replicas = replicas
    this.purgatory = new DelayedFetchPurgatory(context, this)
    this.#advice = {
      selector: replicas.config.isReplicaSelectorRackAware ? rackAwareSelector : leaderSelector,
      rackOf: (broker) => replicas.rackOf(broker),
    }
  }

  /** Answers at once with enough data, an error or news that cannot wait; else parks. */
  handle(request: FetchRequest, reply: Reply): void {
    const refusal = this.sessions.admit(request)
    if (refusal !== 'NONE') {
      reply.send({ api: 'Fetch', error: refusal, sessionId: NO_FETCH_SESSION, partitions: [] })
      return
    }
    const result = this.#readAll(request, true)
    // Kafka's conditions for an immediate answer, in ReplicaManager.fetchMessages.
    const isEnough = result.bytes >= this.minBytes(request) || request.partitions.length === 0
    if (isEnough || result.isUrgent || request.maxWaitMs <= 0) this.#respond(request, result, reply)
    else this.purgatory.park(request, reply, result.session)
  }

  /** A parked fetch is read again; it does not count as another fetch of its sender. */
  complete(request: FetchRequest, reply: Reply): void {
    this.#respond(request, this.#readAll(request, false), reply)
  }

  /** A partition's log end, high watermark or role changed. */
  wake(partition: PartitionIndex): void {
    this.purgatory.wake(partition, this.sessions.listing(partition))
  }

  /** fetch.max.bytes of the broker bounds every fetch, followers' too. */
  #bytesMax(request: FetchRequest): number {
    return Math.min(request.maxBytes, this.#replicas.config.fetchMaxBytes)
  }

  /** Bytes that are worth an answer: nobody waits for more than one may hold. */
  minBytes(request: FetchRequest): number {
    return Math.min(request.minBytes, this.#bytesMax(request))
  }

  #readAll(request: FetchRequest, isArrival: boolean): FetchResult {
    // null while a session is being asked for: it is made when the answer goes out.
    const session = this.sessions.of(request)
    const result: FetchResult = { session, partitions: null, bytes: 0, isUrgent: false }
    const read = isArrival ? this.#arrivalRead : this.#completionRead
    const isFollower = request.replicaId !== NO_NODE
    // What a process has that was replaced since says nothing: each partition has to refuse it.
    const isRefused = isArrival && isFollower && isFromReplaced(this.#replicas, request)
    const mayIdle = session !== null && isFollower && !isRefused
    if (isArrival) session?.arrives(request, this.#replicas.now, isRefused)
    const entries = session === null ? request.partitions : session.restless()
    const bytesMax = this.#bytesMax(request)
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]
      if (entry === undefined) continue
      const partition = this.#replicas.partitions.get(entry.partition)
      const isHere = mayIdle && partition !== undefined
      if (isHere && isIdle(partition, request, entry, session, isArrival)) continue
      // What earlier partitions have taken is gone for the later ones; the first batch always fits.
      const left = Math.min(entry.maxBytes, Math.max(0, bytesMax - result.bytes))
      const atLeastOne = result.bytes === 0
      if (partition === undefined) read.fail(this.#replicas.missing(entry.partition))
      else if (isFollower) {
        leaderHandlesFetch(partition, request, entry, left, atLeastOne, isArrival, read)
      } else this.#readForConsumer(partition, request, entry, left, atLeastOne, read)
      this.#take(request, entry, partition, read, result)
    }
    return result
  }

  /**
   * Whoever is sent elsewhere is not read for: what is out of range here need not be so there,
   * because each replica deletes its old segments by itself.
   */
  #readForConsumer(
    partition: Partition,
    request: FetchRequest,
    entry: FetchPartition,
    bytesMax: number,
    atLeastOne: boolean,
    read: PartitionRead,
  ): void {
    const { fetchOffset } = entry
    const preferred = preferredReadReplica(partition, fetchOffset, request.clientRack, this.#advice)
    const isElsewhere = preferred !== NO_NODE
    const limit = isElsewhere ? 0 : bytesMax
    const wants = atLeastOne && !isElsewhere
    replicaHandlesConsumerFetch(partition, entry, limit, wants, read, request.isolation)
    if (!isElsewhere) return
    // The advice itself is the answer; any other error stands.
    if (read.error === 'OFFSET_OUT_OF_RANGE') read.error = 'NONE'
    if (read.error === 'NONE') read.preferredReadReplica = preferred
  }

  #take(
    request: FetchRequest,
    entry: FetchPartition,
    partition: Partition | undefined,
    read: PartitionRead,
    result: FetchResult,
  ): void {
    const isAbove = request.replicaId === NO_NODE && entry.fetchOffset > read.highWatermark
    const isUrgent =
      read.error !== 'NONE' ||
      read.diverging !== null ||
      read.preferredReadReplica !== NO_NODE ||
      isAbove
    if (isUrgent) result.isUrgent = true
    if (!isUrgent && read.batches.length === 0 && !isNews(request, entry, read, result)) return
    result.bytes += bytesOf(read.batches)
    const answer: FetchPartitionResponse = {
      partition: entry.partition,
      error: read.error,
      highWatermark: read.highWatermark,
      lastStableOffset: partition?.log.lastStableOffset ?? read.highWatermark,
      logStartOffset: read.logStartOffset,
      diverging: read.diverging,
      currentLeader: this.#replicas.leaderHint(entry.partition, read.error),
      preferredReadReplica: read.preferredReadReplica,
      batches: read.diverging === null ? read.batches : NO_BATCHES,
    }
    if (result.partitions === null) result.partitions = [answer]
    else result.partitions.push(answer)
  }

  /** The session takes note of what was told before the answer leaves. */
  #respond(request: FetchRequest, result: FetchResult, reply: Reply): void {
    const partitions = result.partitions ?? NO_ANSWERS
    const sessionId = this.sessions.answered(request, partitions)
    reply.send({ api: 'Fetch', error: 'NONE', sessionId, partitions })
  }

  /**
   * DelayedFetch.tryComplete for one partition: followers up to the log's end, consumers up to the
   * high watermark. With fetch.min.bytes 1 a single byte stands for any number.
   */
  readable(request: FetchRequest, entry: FetchPartition): number {
    const partition = this.#replicas.partitions.get(entry.partition)
    if (partition === undefined || this.#isRefused(partition, entry)) return -1
    const { log } = partition
    const isFollower = request.replicaId !== NO_NODE
    if (isFollower && this.#concernsFollower(partition, request, entry)) return -1
    const end = isFollower ? log.logEndOffset : log.highWatermark
    // Case F of DelayedFetch: the log was cut below it, or a consumer is ahead of the watermark.
    if (entry.fetchOffset > end) return -1
    // Just rolled or not: equal offsets are never an older segment (DelayedFetch, case F).
    if (entry.fetchOffset === end) return 0
    if (this.minBytes(request) <= 1) return 1
    return bytesOf(log.read(entry.fetchOffset, end, entry.maxBytes, true))
  }

  /**
   * Nothing has changed at a quiet partition without a word to the sessions that list it.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    this.sessions.assertWhole()
    this.purgatory.assertWhole()
    for (const session of this.sessions) {
      for (const [entry, follower] of session.quiet()) {
        const { partition: index } = entry
        const partition = this.#replicas.partitions.get(index)
        const known = partition && idleFollower(partition, follower.id, entry, session)
        invariant(known === follower, 'who fetches a quiet partition has all of it', { index })
      }
    }
  }

  #isRefused(partition: Partition, entry: FetchPartition): boolean {
    if (!this.#replicas.guards.epochFencingOfFetch) return false
    return checkLeaderEpoch(partition, entry.currentLeaderEpoch) !== 'NONE'
  }

  /** The role was lost, the logs diverge by now, or (2.4 and 2.5) the watermark is pushed. */
  #concernsFollower(partition: Partition, request: FetchRequest, entry: FetchPartition): boolean {
    if (!partition.isLeader) return true
    const { log } = partition
    const { lastFetchedEpoch, fetchOffset } = entry
    if (lastFetchedEpoch !== NO_EPOCH && !goesOnFrom(partition, lastFetchedEpoch, fetchOffset)) {
      const end = endOfEpoch(partition, lastFetchedEpoch)
      if (end.epoch < lastFetchedEpoch || end.endOffset < fetchOffset) return true
    }
    if (!this.#replicas.guards.highWatermarkPush) return false
    const follower = partition.follower(request.replicaId)
    return follower !== undefined && follower.lastSentHighWatermark < log.highWatermark
  }
}

/**
 * Nothing is read and nothing told where a follower has all and knows all; that it has asked again
 * is noted, and the next time the session does so by itself.
 */
function isIdle(
  partition: Partition,
  request: FetchRequest,
  entry: FetchPartition,
  session: FetchSession,
  isArrival: boolean,
): boolean {
  const follower = idleFollower(partition, request.replicaId, entry, session)
  if (follower === undefined) return false
  if (!isArrival) return true
  const { highWatermark } = partition.log
  leaderNotesFetch(partition, follower, request, entry)
  const hasMoved = partition.log.highWatermark !== highWatermark
  if (!hasMoved && isSettled(partition, follower)) session.calm(entry.partition, follower)
  return true
}

/**
 * A follower that has all of a partition and knows all of it, as of most at most times.
 * @returns undefined for any other
 */
function idleFollower(
  partition: Partition,
  replicaId: NodeId,
  entry: FetchPartition,
  session: FetchSession,
): FollowerState | undefined {
  const { highWatermark, logStartOffset } = partition.log
  if (session.isNews(entry.partition, highWatermark, logStartOffset)) return undefined
  return followerWithAll(partition, replicaId, entry)
}

/** A high watermark or log start that a session has told is told again only when it has changed. */
function isNews(
  request: FetchRequest,
  { partition }: FetchPartition,
  { highWatermark, logStartOffset }: PartitionRead,
  { session }: FetchResult,
): boolean {
  if (request.replicaId === NO_NODE) return false
  return session === null || session.isNews(partition, highWatermark, logStartOffset)
}
