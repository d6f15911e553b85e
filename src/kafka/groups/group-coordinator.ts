// Models: the group coordinator of one broker: a shard for each partition of the offsets topic that
// it leads, loaded when it becomes the leader.
// Leaves out: several event threads, group deletion.
// Source: GroupCoordinatorService, CoordinatorRuntime (load, unload), CoordinatorLoaderImpl.

import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext } from '../../sim/process.ts'
import type { HandlerId } from '../../sim/scheduler.ts'
import type { Checked } from '../../sim/state-checks.ts'
import type { KafkaError } from '../errors.ts'
import type {
  DescribeGroupsRequest,
  FindCoordinatorRequest,
  FindCoordinatorsRequest,
  GroupReply,
  GroupRequest,
  GroupsOffsetFetchRequest,
  ListGroupsRequest,
} from '../group-messages.ts'
import {
  type GroupId,
  NO_NODE,
  type NodeId,
  OFFSETS_TOPIC,
  type Offset,
  type PartitionIndex,
} from '../ids.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { MetadataDelta } from '../metadata/metadata-delta.ts'
import type { MetadataImage } from '../metadata/metadata-image.ts'
import type { Reply } from '../network/rpc.ts'
import type { Guards } from '../version.ts'
import { ImageTopics } from './assignable-topics.ts'
import { handleJoinGroup, refusal } from './classic-join.ts'
import { handleSyncGroup, heartbeatError, leaveGroup } from './classic-membership.ts'
import { handleConsumerGroupHeartbeat, refusedHeartbeat } from './consumer-heartbeat.ts'
import { CoordinatorLog, type CoordinatorWriter } from './coordinator-log.ts'
import type { GroupCoordinatorConfig } from './group-config.ts'
import { GROUP_EXPIRY } from './group-expiry.ts'
import { describeGroup, listGroups } from './group-listing.ts'
import type { GroupObserver } from './group-observer.ts'
import { GroupShard } from './group-shard.ts'
import { isCoordinatorValue } from './group-values.ts'
import { committedOffsets, handleOffsetCommit, handleOffsetFetch } from './offset-requests.ts'
import { partitionForGroup } from './offsets-topic.ts'
import { shardLoaded, shardUnloaded } from './shard-lifetime.ts'

/** What a broker lends to its coordinator: its logs, its clock and its way to append. */
export interface GroupCoordinatorOptions {
  readonly context: ProcessContext
  readonly nodeId: NodeId
  readonly config: GroupCoordinatorConfig
  readonly writer: CoordinatorWriter
  readonly observer: GroupObserver | null
  readonly guards: Guards
  /** The log of a partition that this broker leads. */
  logOf(partition: PartitionIndex): PartitionLog | null
}

const BYTES_PER_MEGABYTE = 1_048_576

/**
 * The coordinators of a broker: one shard for each partition of __consumer_offsets that it leads.
 * Loading takes time, and until it is over members hear COORDINATOR_LOAD_IN_PROGRESS.
 */
export class GroupCoordinator implements Checked {
  /** Loaded shards, by partition; a partition that is being loaded has null. */
  readonly #shards = new Map<PartitionIndex, GroupShard | null>()
  readonly #options: GroupCoordinatorOptions
  readonly #topics = new ImageTopics()
  readonly #loadedHandler: HandlerId
  /** As far as this broker has heard; null before its first image. */
  #image: MetadataImage | null = null
  /** Distinguishes loads of one partition, so that an old one does not finish a new one's work. */
  readonly #loads = new Map<PartitionIndex, number>()

  constructor(options: GroupCoordinatorOptions) {
    this.#options = options
    this.#loadedHandler = options.context.handler((partition, load) => {
      if (this.#loads.get(partition) === load) this.#open(partition)
    }, 'coordinator-loaded')
  }

  /** Partitions of the offsets topic move with their leaders, in whatever epoch. */
  onMetadata(image: MetadataImage, delta: MetadataDelta): void {
    this.#image = image
    this.#topics.update(image, delta.changedTopics.length > 0)
    const deleted = delta.changedPartitions.filter((index) => !image.partitions.has(index))
    if (deleted.length > 0) {
      for (const shard of this.#shards.values()) shard?.onPartitionsDeleted(deleted)
    }
    const own = image.topics.get(OFFSETS_TOPIC)?.partitions
    if (own === undefined) return
    for (const index of delta.changedPartitions) {
      if (!own.includes(index)) continue
      const leads = image.partitions.get(index)?.leader === this.#options.nodeId
      if (leads && !this.#shards.has(index)) this.#load(index)
      else if (!leads) this.#unload(index)
    }
  }

  /** The log is read from its start; until then its groups are being loaded. */
  #load(partition: PartitionIndex): void {
    const log = this.#options.logOf(partition)
    if (log === null) return
    const { context, config } = this.#options
    this.#shards.set(partition, null)
    const load = (this.#loads.get(partition) ?? 0) + 1
    this.#loads.set(partition, load)
    // Not by what is alive in it: until compaction has run, old commits are read as well.
    const time = (log.sizeBytes * config.loadMicrosPerMegabyte) / BYTES_PER_MEGABYTE
    context.after(Math.floor(time), this.#loadedHandler, partition, load)
  }

  /**
   * Replays the whole log, also what is not committed yet: whoever led before wrote it in order,
   * and this leader’s high watermark will reach it (CoordinatorLoaderImpl).
   */
  #open(partition: PartitionIndex): void {
    const { context, config, observer, writer, guards } = this.#options
    const log = this.#options.logOf(partition)
    if (log === null) return
    const coordinatorLog = new CoordinatorLog(context, partition, writer, config)
    const topics = this.#topics
    const shard = new GroupShard({
      context,
      config,
      log: coordinatorLog,
      topics,
      observer,
      expiry: GROUP_EXPIRY,
      guards,
    })
    for (const batch of log.batches()) {
      for (const [i, value] of (batch.values ?? []).entries()) {
        invariant(isCoordinatorValue(value), 'coordinators alone write into the offsets topic')
        shard.replay(value, batch.baseOffset + i)
      }
    }
    coordinatorLog.opened(log.logEndOffset, log.highWatermark)
    this.#shards.set(partition, shard)
    shardLoaded(shard)
  }

  /**
   * Whoever waits hears NOT_COORDINATOR at once and looks for the new one; a load under way is
   * overtaken by its number.
   */
  #unload(partition: PartitionIndex): void {
    const shard = this.#shards.get(partition)
    this.#loads.set(partition, (this.#loads.get(partition) ?? 0) + 1)
    this.#shards.delete(partition)
    if (shard != null) shardUnloaded(shard)
  }

  /** Of any partition of this broker: answers that waited for the offsets topic's are sent. */
  onHighWatermark(partition: PartitionIndex): void {
    const shard = this.#shards.get(partition)
    if (shard == null) return
    const highWatermark: Offset = this.#options.logOf(partition)?.highWatermark ?? 0
    shard.log.onHighWatermark(highWatermark)
  }

  /** Every loaded shard is whole and of its own partition. @throws InvariantViolation */
  assertWhole(): void {
    for (const [partition, shard] of this.#shards) {
      if (shard === null) continue
      invariant(shard.log.partition === partition, 'a shard is of its partition', { partition })
      shard.assertWhole()
    }
  }

  /** Groups that this broker coordinates now. */
  get shards(): readonly GroupShard[] {
    return [...this.#shards.values()].filter((shard) => shard !== null)
  }

  /**
   * FindCoordinator is answered by any broker, from its metadata. All else is for the group's own:
   * another refuses with NOT_COORDINATOR, one that loads with COORDINATOR_LOAD_IN_PROGRESS, and
   * before the offsets topic exists all do with COORDINATOR_NOT_AVAILABLE.
   */
  handle(request: GroupRequest, reply: Reply): void {
    if (isAboutMany(request)) {
      reply.send(this.#answerMany(request))
      return
    }
    if (request.api === 'FindCoordinator') {
      reply.send({ api: 'FindCoordinator', ...this.#findCoordinator(request.group) })
      return
    }
    const shard = this.#shardOf(request.group)
    if (typeof shard === 'string') reply.send(this.#refusal(request, shard))
    else if (
      request.api === 'JoinGroup' &&
      (request.sessionTimeoutMs < this.#options.config.sessionTimeoutMinMs ||
        request.sessionTimeoutMs > this.#options.config.sessionTimeoutMaxMs)
    ) {
      reply.send(refusalOf(request, 'INVALID_SESSION_TIMEOUT'))
    } else serve(shard, request, reply)
  }

  /**
   * What an administrator asks of every broker: each answers for its own groups, and says so where
   * some of them are still being read.
   */
  #answerMany(request: RequestAboutMany): GroupReply {
    switch (request.api) {
      case 'FindCoordinators': {
        const found = request.groups.map((group) => ({ group, ...this.#findCoordinator(group) }))
        return { api: request.api, coordinators: found }
      }
      case 'ListGroups': {
        const isLoading = [...this.#shards.values()].includes(null)
        const error = isLoading ? 'COORDINATOR_LOAD_IN_PROGRESS' : 'NONE'
        const groups = this.shards.flatMap((shard) => listGroups(shard))
        return { api: request.api, error, groups }
      }
      case 'DescribeGroups': {
        const groups = request.groups.map((group) => describeGroup(this.#shardOf(group), group))
        return { api: request.api, groups }
      }
      case 'GroupsOffsetFetch': {
        const groups = request.groups.map((group) => committedBy(this.#shardOf(group), group))
        return { api: request.api, groups }
      }
    }
  }

  /**
   * A coordinator of before 4.0 that loads has a member that syncs join anew. That of 4.x tells it
   * that it loads, which no classic client knows what to do about: its poll() throws.
   */
  #refusal(request: CoordinatedRequest, error: KafkaError): GroupReply {
    const isLoading = error === 'COORDINATOR_LOAD_IN_PROGRESS'
    const joinsAnew = isLoading && !this.#options.guards.coordinatorOnRuntime
    if (request.api !== 'SyncGroup' || !joinsAnew) return refusalOf(request, error)
    return refusalOf(request, 'REBALANCE_IN_PROGRESS')
  }

  /** By the hash of the group’s name, as Kafka picks the partition of __consumer_offsets. */
  #shardOf(group: GroupId): GroupShard | KafkaError {
    const partition = this.#partitionOf(group)
    if (partition === null) return 'COORDINATOR_NOT_AVAILABLE'
    const shard = this.#shards.get(partition)
    if (shard === undefined) return 'NOT_COORDINATOR'
    return shard ?? 'COORDINATOR_LOAD_IN_PROGRESS'
  }

  /** null before the topic exists: the first look-up of a group makes a broker create it. */
  #partitionOf(group: GroupId): PartitionIndex | null {
    const partitions = this.#image?.topics.get(OFFSETS_TOPIC)?.partitions ?? []
    return partitions[partitionForGroup(group, partitions.length)] ?? null
  }

  /** The leader of the group's partition, as this broker's metadata has it. */
  #findCoordinator(group: GroupId): { readonly error: KafkaError; readonly coordinator: NodeId } {
    const image = this.#image
    const partition = this.#partitionOf(group)
    const leader = partition === null ? NO_NODE : image?.partitions.get(partition)?.leader
    const isKnown = leader !== undefined && image?.isAlive(leader) === true
    return {
      error: isKnown ? 'NONE' : 'COORDINATOR_NOT_AVAILABLE',
      coordinator: isKnown ? leader : NO_NODE,
    }
  }
}

/** About groups of any partition; a broker answers for what it coordinates. */
type RequestAboutMany =
  | FindCoordinatorsRequest
  | ListGroupsRequest
  | DescribeGroupsRequest
  | GroupsOffsetFetchRequest
/** About one group, for its coordinator alone. */
type CoordinatedRequest = Exclude<GroupRequest, FindCoordinatorRequest | RequestAboutMany>

function isAboutMany(request: GroupRequest): request is RequestAboutMany {
  return 'groups' in request || request.api === 'ListGroups'
}

/** What one of several groups has committed, or why nobody here can tell. */
function committedBy(shard: GroupShard | KafkaError, group: GroupId) {
  if (typeof shard === 'string') return { group, error: shard, offsets: [] }
  return { group, error: 'NONE' as const, offsets: committedOffsets(shard, group, null) }
}

/** One request at a time: a shard’s events run one after the other, as in CoordinatorRuntime. */
function serve(shard: GroupShard, request: CoordinatedRequest, reply: Reply): void {
  switch (request.api) {
    case 'JoinGroup':
      handleJoinGroup(shard, request, reply)
      break
    case 'SyncGroup':
      handleSyncGroup(shard, request, reply)
      break
    case 'Heartbeat': {
      const error = heartbeatError(shard, request)
      // An answer waits for what was written before it: a coordinator that cannot replicate is
      // as good as gone.
      shard.log.write([], (failure) => {
        const answer = failure === 'NONE' ? error : shard.writeError(failure)
        reply.send({ api: 'Heartbeat', error: answer })
      })
      break
    }
    case 'LeaveGroup':
      reply.send({ api: 'LeaveGroup', error: leaveGroup(shard, request) })
      break
    case 'OffsetCommit':
      handleOffsetCommit(shard, request, reply)
      break
    case 'OffsetFetch':
      handleOffsetFetch(shard, request, reply)
      break
    case 'ConsumerGroupHeartbeat':
      handleConsumerGroupHeartbeat(shard, request, reply)
      break
  }
}

/** Each kind of answer has its own place for the error, and nothing else in it counts then. */
function refusalOf(request: CoordinatedRequest, error: KafkaError): GroupReply {
  switch (request.api) {
    case 'JoinGroup':
      return refusal(request.member, error)
    case 'SyncGroup':
      return { api: 'SyncGroup', error, partitions: [] }
    case 'OffsetFetch':
      return { api: 'OffsetFetch', error, offsets: [] }
    case 'OffsetCommit':
      return { api: 'OffsetCommit', error }
    case 'Heartbeat':
      // Nobody is out while nobody knows who is in.
      return { api: request.api, error: error === 'COORDINATOR_LOAD_IN_PROGRESS' ? 'NONE' : error }
    case 'LeaveGroup':
      return { api: request.api, error }
    case 'ConsumerGroupHeartbeat':
      return refusedHeartbeat(request, error)
  }
}
