// Models: the data plane of one broker process: which part serves which request, and its own tasks.
// Leaves out: registration and heartbeats (lifecycle-manager.ts), administration.
// Source: KafkaApis, BrokerServer, ReplicaManager.startup.

import type { Socket, SocketHandler } from '../../sim/connection.ts'
import type { Disk } from '../../sim/disk.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { type Micros, millis, SECOND } from '../../sim/time.ts'
import {
  type DescribeConfigsRequest,
  type DescribeConfigsResponse,
  isForwarded,
} from '../admin-messages.ts'
import { Authorizer } from '../authorizer/authorizer.ts'
import { judge } from '../authorizer/broker-requests.ts'
import type { BrokerView } from '../authorizer/data-requests.ts'
import { serveAllowed } from '../authorizer/verdict.ts'
import { isGroupRequest } from '../group-messages.ts'
import { GroupCoordinator } from '../groups/group-coordinator.ts'
import type { GroupObserver } from '../groups/group-observer.ts'
import type { BrokerEpoch, PartitionIndex } from '../ids.ts'
import type { RecordIds } from '../internal-record-ids.ts'
import type { BrokerStore, StoreOpening } from '../log/broker-store.ts'
import type { MetadataRequest, MetadataResponse, Request, Response } from '../messages.ts'
import type { MetadataDelta } from '../metadata/metadata-delta.ts'
import type { MetadataImage } from '../metadata/metadata-image.ts'
import type { ReverseConnectionRequest } from '../mirror-messages.ts'
import type { Reply, RequestHandler } from '../network/rpc.ts'
import type { PartitionObserver, PartitionWaiters } from '../partition/partition-ports.ts'
import type { Guards } from '../version.ts'
import { AlterPartitionManager, type ControllerPort } from './alter-partition-manager.ts'
import { AutoTopicCreation } from './auto-topic-creation.ts'
import type { BrokerConfig } from './broker-config.ts'
import type { ControllerChannel } from './controller-channel.ts'
import { CoordinatorAppends } from './coordinator-appends.ts'
import { describeConfigs } from './describe-configs.ts'
import { handleDescribeMirror } from './describe-mirror-handler.ts'
import { FetchHandler } from './fetch-handler.ts'
import { FetcherManager, type FetcherManagerOptions } from './fetcher-manager.ts'
import { ForwardingManager } from './forwarding-manager.ts'
import { handleListOffsets } from './list-offsets-handler.ts'
import { handleMetadata } from './metadata-handler.ts'
import { MirrorPartitions } from './mirror-partitions.ts'
import type { BrokerExtension, MirrorHost } from './mirror-port.ts'
import { handleOffsetsForLeaderEpoch } from './offsets-for-leader-epoch-handler.ts'
import { ProduceHandler } from './produce-handler.ts'
import { ProducerIdManager } from './producer-id-manager.ts'
import { ReplicaManager, type TopicNames } from './replica-manager.ts'

/** What a broker is built from; everything here outlives it but the context. */
export interface BrokerOptions {
  readonly context: ProcessContext
  readonly config: BrokerConfig
  readonly guards: Guards
  readonly disk: Disk
  /** Opened already: `recoveryTime` tells how long the broker must be kept from being unfenced. */
  readonly store: BrokerStore
  readonly topics: TopicNames
  readonly controller: ControllerPort
  /** The channel for what clients want of the controller; asked for once. */
  forwardingChannel(): ControllerChannel
  readonly rpcFor: FetcherManagerOptions['rpcFor']
  readonly observer: PartitionObserver | null
  readonly groupObserver: GroupObserver | null
  readonly recordIds: RecordIds
  /** -1 until it has registered. */
  brokerEpoch(): BrokerEpoch
  /** What lives in the broker beside its own parts, such as cluster links. */
  readonly extend?: (host: MirrorHost) => BrokerExtension | null
}

/** When retention first runs after a start. */
const RETENTION_FIRST: Micros = 30 * SECOND
const BYTES_PER_MEGABYTE = 1_048_576

/** How long the scan of logs takes that were not closed in order. */
export function recoveryTime(opening: StoreOpening, microsPerMegabyte: number): Micros {
  return Math.floor((opening.bytesToRecover * microsPerMegabyte) / BYTES_PER_MEGABYTE)
}

/** Built anew at every boot over a store that stays. Idle partitions cost it nothing. */
export class Broker implements RequestHandler, PartitionWaiters, Checked {
  readonly replicas: ReplicaManager
  readonly fetchers: FetcherManager
  readonly alterPartition: AlterPartitionManager
  readonly fetches: FetchHandler
  readonly produces: ProduceHandler
  readonly producerIds: ProducerIdManager
  readonly groups: GroupCoordinator
  readonly forwarding: ForwardingManager
  readonly autoTopics: AutoTopicCreation
  readonly #options: BrokerOptions
  /** What lives in the broker beside its own parts; null where that is nothing. */
  readonly #extension: BrokerExtension | null
  /** authorizer.class.name; null lets everybody do everything. */
  readonly #authorizer: Authorizer | null
  readonly #view: BrokerView
  readonly #timers: readonly Timer[]
  /** A starting broker serves nobody before it has been unfenced; a later fence changes nothing. */
  #isServing = false

  constructor(options: BrokerOptions) {
    const { context, config, controller, disk } = options
    // Asked anew each time: the parts are built before the broker is registered.
    const brokerEpoch = () => options.brokerEpoch()
    this.#options = options
    this.alterPartition = new AlterPartitionManager(context, config.nodeId, controller, brokerEpoch)
    this.replicas = new ReplicaManager({ ...options, alterPartition: this.alterPartition }, this)
    this.fetches = new FetchHandler(context, this.replicas)
    this.produces = new ProduceHandler(context, this.replicas, disk)
    this.forwarding = new ForwardingManager(() => options.forwardingChannel())
    const { nodeId, requestTimeoutMs } = config
    const isRefusedWithoutBlock = options.guards.producerIdRefusedWithoutBlock
    const ids = { nodeId, requestTimeoutMs, isRefusedWithoutBlock }
    this.producerIds = new ProducerIdManager(context, ids, this.forwarding, brokerEpoch)
    this.autoTopics = new AutoTopicCreation(config, this.forwarding)
    this.groups = new GroupCoordinator({
      context,
      nodeId: config.nodeId,
      config: config.groups,
      writer: new CoordinatorAppends(this.replicas, disk, options.recordIds),
      observer: options.groupObserver,
      guards: options.guards,
      logOf: (partition) => this.replicas.ledLog(partition),
    })
    this.fetchers = new FetcherManager({
      context,
      config,
      guards: options.guards,
      disk,
      brokerEpoch,
      rpcFor: options.rpcFor,
      fetcherIdOf: (index) => this.replicas.fetcherIdOf(index),
    })
    // Each needs the other: partitions tell fetchers what to follow, fetchers append to partitions.
    this.replicas.attach(this.fetchers)
    this.#authorizer =
      config.authorizer === null
        ? null
        : new Authorizer(config.authorizer, () => this.replicas.image?.acls ?? [])
    this.#view = {
      topicOf: (partition) => options.topics.topicOf(partition),
      hasTopic: (name) => this.replicas.image?.topics.has(name) ?? false,
      createsTopics: config.autoCreateTopicsEnable,
    }
    this.#extension = this.#extend()
    this.#timers = this.#startTasks()
  }

  #extend(): BrokerExtension | null {
    const { extend, disk, controller, topics } = this.#options
    if (extend === undefined) return null
    const numberOf = (index: PartitionIndex) => topics.numberOf(index)
    return extend(new MirrorPartitions(this.replicas, disk, controller, numberOf))
  }

  /**
   * 1. isr-expiration, at half the lag time: a silent follower leaves after 1 to 1.5 of it.
   * 2. The high watermarks' checkpoint: what an unclean stop falls back to, so at most 5 s old.
   * 3. Retention, for the first time half a minute after the start (log.initial.task.delay.ms).
   * 4. Silent producers are forgotten: in Kafka each log counts from its own opening.
   */
  #startTasks(): readonly Timer[] {
    const { config, store } = this.#options
    const producerCheck = millis(config.producerIdExpirationCheckIntervalMs)
    return [
      this.#every(0, Math.floor(millis(config.replicaLagTimeMaxMs) / 2), () =>
        this.replicas.shrinkIsrs(),
      ),
      this.#every(
        millis(config.replicaHighWatermarkCheckpointIntervalMs),
        millis(config.replicaHighWatermarkCheckpointIntervalMs),
        () => store.checkpointHighWatermarks(),
      ),
      this.#every(RETENTION_FIRST, millis(config.logRetentionCheckIntervalMs), () =>
        this.replicas.deleteOldSegments(),
      ),
      this.#every(producerCheck, producerCheck, () => this.replicas.removeExpiredProducers()),
    ]
  }

  #every(first: Micros, period: Micros, task: () => void): Timer {
    const timer = this.#options.context.timer(() => {
      task()
      timer.arm(period)
    })
    timer.arm(first)
    return timer
  }

  /**
   * Serves what belongs to the data plane; for anything else the connection is closed, and for
   * everything while the broker starts: Kafka opens its port only when it has been unfenced.
   */
  handle(request: Request, reply: Reply): void {
    if (!this.#isServing) reply.send(null)
    else if (this.#authorizer === null) this.#serve(request, reply)
    else this.#serveAllowed(this.#authorizer, request, reply)
  }

  /** Nodes of the cluster among themselves are not asked who they are. */
  #serveAllowed(authorizer: Authorizer, request: Request, reply: Reply): void {
    const { principal, host = '' } = reply
    const asker = principal === undefined ? null : authorizer.asker({ principal, host })
    const verdict = asker === null ? null : judge(request, asker, this.#view)
    if (verdict === null) this.#serve(request, reply)
    else serveAllowed(verdict, reply, (allowed, told) => this.#serve(allowed, told))
  }

  #serve(request: Request, reply: Reply): void {
    switch (request.api) {
      case 'Produce':
        this.produces.handle(request, reply)
        break
      case 'Fetch':
        this.fetches.handle(request, reply)
        break
      case 'ListOffsets':
        reply.send(handleListOffsets(this.replicas, request))
        break
      case 'OffsetsForLeaderEpoch':
        reply.send(handleOffsetsForLeaderEpoch(this.replicas, request))
        break
      case 'Metadata':
        reply.send(this.#metadata(request))
        break
      case 'InitProducerId':
        this.producerIds.handle(reply)
        break
      case 'DescribeConfigs':
        reply.send(this.#describeConfigs(request))
        break
      case 'DescribeAcls':
        reply.send(this.#describeAcls())
        break
      case 'DescribeMirror':
        reply.send(handleDescribeMirror(this.replicas.image, this.#options.topics, request))
        break
      case 'AlterMirror':
        this.#forward(request, reply)
        break
      case 'InitiateReverseConnection':
        reply.send(this.#extension?.onWanted(request) ?? null)
        break
      case 'ApiVersions':
        reply.send({ api: 'ApiVersions' })
        break
      default:
        if (isGroupRequest(request)) this.groups.handle(request, reply)
        else if (isForwarded(request)) this.forwarding.forward(request, reply)
        else reply.send(null)
    }
  }

  /** A connection dialled from the other side, for a cluster link; null where none wants it. */
  onReversed(request: ReverseConnectionRequest, socket: Socket): SocketHandler | null {
    return this.#extension?.onReversed(request, socket) ?? null
  }

  /** From the image, so that a change is seen here when this broker has replayed it. */
  #describeConfigs(request: DescribeConfigsRequest): DescribeConfigsResponse {
    const { topicSettingsAtDefault } = this.#options.config
    return describeConfigs(this.replicas.image, request, topicSettingsAtDefault)
  }

  /** Without an authorizer there is nobody who would know of lists. */
  #describeAcls(): Response {
    const error = this.#authorizer === null ? 'SECURITY_DISABLED' : 'NONE'
    return { api: 'DescribeAcls', error, acls: [...(this.replicas.image?.acls ?? [])] }
  }

  /** Topics that do not exist are told to be unknown, and ordered for the next time. */
  #metadata(request: MetadataRequest): MetadataResponse {
    const { topics, context } = this.#options
    const { image } = this.replicas
    const answer = handleMetadata(image, topics, request, context.random('controller-id'))
    this.autoTopics.onMetadata(request, answer)
    return answer
  }

  /** What only the controller decides; the answer comes back the same way. */
  #forward(request: Request, reply: Reply): void {
    const onReply = (_: Request, response: Response | null) => reply.send(response)
    this.#options.controller.send(request, { onReply })
  }

  /**
   * One publication: replicas first, then groups, then cluster links. The first in which this very
   * incarnation is unfenced opens the port (BrokerServer.startup).
   */
  onMetadata(image: MetadataImage, delta: MetadataDelta): void {
    const own = image.brokers.get(this.replicas.nodeId)
    const isUnfenced = own?.fenced === false && own.epoch === this.#options.brokerEpoch()
    if (isUnfenced) this.#isServing = true
    this.replicas.applyDelta(image, delta)
    this.groups.onMetadata(image, delta)
    this.#extension?.onMetadata()
  }

  /** Its port is open: what it says of its partitions reaches clients and followers. */
  get isServing(): boolean {
    return this.#isServing
  }

  /** All parts of the data plane are whole. @throws InvariantViolation */
  assertWhole(): void {
    for (const part of [this.replicas, this.fetchers, this.alterPartition, this.producerIds]) {
      part.assertWhole()
    }
    this.fetches.assertWhole()
    this.produces.purgatory.assertWhole()
    this.groups.assertWhole()
  }

  /**
   * Records came or went: fetches that wait for them look again. Produces do not, nobody has them
   * yet.
   */
  onLogEnd(partition: PartitionIndex): void {
    this.fetches.wake(partition)
  }

  /** Records are committed: for acks=all, for consumers, for what a coordinator wrote. */
  onHighWatermark(partition: PartitionIndex): void {
    this.produces.purgatory.wake(partition)
    this.fetches.wake(partition)
    this.groups.onHighWatermark(partition)
  }

  /** Leads or follows otherwise, or has it no more: whoever waits is answered with an error. */
  onRole(partition: PartitionIndex): void {
    this.produces.purgatory.wake(partition)
    this.fetches.wake(partition)
  }

  /** What a session knows of the partition may hold no more. */
  onState(partition: PartitionIndex): void {
    this.fetches.sessions.rouse(partition)
  }

  /** Wants no more to follow what it is not needed for; the controller moves its leaderships. */
  beginControlledShutdown(): void {
    this.replicas.isShuttingDown = true
  }

  /** Closes everything in order: the marker names the broker epoch. */
  shutDown(): void {
    for (const timer of this.#timers) timer.cancel()
    this.fetchers.shutDown()
    this.#extension?.shutDown()
    this.#options.store.shutDownCleanly(this.#options.brokerEpoch())
  }
}
