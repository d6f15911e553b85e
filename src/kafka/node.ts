// Models: one Kafka process with its roles, rebuilt at every boot over stores that stay.
// Leaves out: several listeners; role-specific ports (a request's kind tells whom it is for).
// Source: kafka.server.KafkaRaftServer, SharedServer, ControllerServer, BrokerServer.

import type { Socket, SocketHandler } from '../sim/connection.ts'
import type { Network } from '../sim/network.ts'
import type { Process } from '../sim/process.ts'
import type { Checked } from '../sim/state-checks.ts'
import type { Broker } from './broker/broker.ts'
import type { BrokerExtension, MirrorHost, ServeSocket } from './broker/mirror-port.ts'
import type { TopicNames } from './broker/replica-manager.ts'
import { BrokerRole } from './broker-role.ts'
import { type ControllerObserver, QuorumController } from './controller/quorum-controller.ts'
import { isGroupRequest } from './group-messages.ts'
import type { GroupObserver } from './groups/group-observer.ts'
import type { MetadataOffset, NodeId, QuorumEpoch } from './ids.ts'
import type { RecordIds } from './internal-record-ids.ts'
import { BrokerStore } from './log/broker-store.ts'
import type { Request } from './messages.ts'
import { MetadataLoader } from './metadata/metadata-loader.ts'
import type { ReplayFault } from './metadata/replay-fault.ts'
import type { TopicNumbering } from './metadata/topic-partitions.ts'
import type { ReverseConnectionRequest } from './mirror-messages.ts'
import { RAFT_CHANNEL } from './network/channel-options.ts'
import { ClientChannel, type NodeDirectory } from './network/client-channel.ts'
import { RequestChannel } from './network/request-channel.ts'
import type { Reply, RequestHandler } from './network/rpc.ts'
import type { NodeConfig } from './node-config.ts'
import type { PartitionObserver } from './partition/partition-ports.ts'
import { QuorumStore } from './raft/quorum-store.ts'
import type { RaftListener, RaftObserver } from './raft/raft-node.ts'
import { RaftThread } from './raft/raft-thread.ts'

/** Whoever wants to know what happens inside; each may be null. */
export interface NodeObservers {
  readonly partitions: PartitionObserver | null
  readonly controller: ControllerObserver | null
  readonly raft: RaftObserver | null
  readonly metadata: MetadataObserver | null
  readonly groups: GroupObserver | null
}

/** Hears of every commit that a node learns of. */
export interface MetadataObserver {
  onCommit(store: QuorumStore, to: MetadataOffset): void
  /** The node ends itself: the metadata log is not what it must be. */
  onFatal(node: NodeId, sentence: string): void
}

export interface NodeSurroundings {
  readonly process: Process
  readonly network: Network
  readonly directory: NodeDirectory
  readonly topics: TopicNames & TopicNumbering
  readonly observers: NodeObservers
  readonly recordIds: RecordIds
  /** What lives in the node's broker beside its own parts; asked at each boot. */
  readonly extend?: (host: MirrorHost, serve: ServeSocket) => BrokerExtension | null
}

/**
 * A process with its disk's stores. All else is built at each boot and forgotten at its end, so
 * that what survives a crash is what lies in the stores, and nothing by mistake.
 */
export class KafkaNode implements RequestHandler, RaftListener, Checked {
  readonly config: NodeConfig
  readonly process: Process
  readonly brokerStore = new BrokerStore()
  readonly quorumStore = new QuorumStore()
  /** Of the present incarnation, or of the last one while the process is stopped. */
  raft: RaftThread | null = null
  controller: QuorumController | null = null
  role: BrokerRole | null = null
  loader: MetadataLoader | null = null
  readonly #around: NodeSurroundings
  #server: RequestChannel | null = null

  constructor(config: NodeConfig, around: NodeSurroundings) {
    this.config = config
    this.process = around.process
    this.#around = around
    this.process.host.disk.register(this.brokerStore)
    this.process.host.disk.register(this.quorumStore)
    this.process.onBoot = () => this.#boot()
    this.process.onTerminate = () => this.#terminate()
  }

  get id(): NodeId {
    return this.config.id
  }

  get isRunning(): boolean {
    return this.process.state === 'running'
  }

  #boot(): void {
    const { process, network, directory, topics, observers } = this.#around
    const { config } = this
    const isController = config.roles.includes('controller')
    this.loader = config.roles.includes('broker') ? this.#newLoader(isController) : null
    this.controller = isController
      ? new QuorumController(config.controller, process, this.quorumStore, topics)
      : null
    const rpc = new ClientChannel(process, network, directory, {
      ...RAFT_CHANNEL,
      ...config.nodeChannel,
      name: 'raft',
      requestTimeout: config.raft.requestTimeout,
    })
    const { disk } = process.host
    this.raft = new RaftThread(config.raft, this.quorumStore, process, rpc, disk, this)
    this.raft.node.observer = observers.raft
    this.raft.node.onFatal = (sentence) => {
      observers.metadata?.onFatal(this.id, sentence)
      // Kafka's fault handler halts: no farewell to the quorum, no clean-shutdown marker.
      process.crash()
    }
    if (this.controller !== null) {
      this.controller.observer = observers.controller
      this.controller.onFault = (fault) => this.#onReplayFault(fault)
      this.controller.connect(this.raft)
    }
    const { serviceTimes, socketBuffers } = config
    const server = new RequestChannel(process, network, this, serviceTimes, socketBuffers)
    this.#server = server
    this.role = this.loader === null ? null : this.#brokerRole(this.loader, server)
    process.memory.add(this)
    // Raft before the broker: registration needs somebody to be led by, in a combined node itself.
    this.raft.start()
    this.role?.start()
  }

  /** Its stores and whatever parts this incarnation has are whole. @throws InvariantViolation */
  assertWhole(): void {
    const parts = [this.brokerStore, this.quorumStore, this.raft?.node, this.loader?.image]
    for (const part of parts) part?.assertWhole()
    this.controller?.control.state.assertWhole()
    this.role?.broker.assertWhole()
    this.role?.lifecycle.assertWhole()
  }

  #brokerRole(loader: MetadataLoader, server: RequestChannel): BrokerRole {
    const { observers, extend, ...around } = this.#around
    const serve: ServeSocket = (socket) => server.serve(socket)
    return new BrokerRole(this.config, {
      ...around,
      ...(extend === undefined ? {} : { extend: (host) => extend(host, serve) }),
      observer: observers.partitions,
      groupObserver: observers.groups,
      loader,
      store: this.brokerStore,
      onShutDown: () => this.#onBrokerShutDown(),
    })
  }

  /** SIGTERM: the broker first, as it needs a controller to let it go. */
  #terminate(): void {
    if (this.role !== null && !this.role.isShutDown) this.role.terminate()
    else this.#endController()
  }

  /** The broker ends before the controller beside it, which may have to grant its shutdown. */
  #onBrokerShutDown(): void {
    if (this.controller === null) this.process.exit()
    else this.#endController()
  }

  /** Raft resigns and says farewell; only then the process ends. */
  #endController(): void {
    this.#server?.closeWhere(isForBroker)
    this.raft?.shutDown(() => this.process.exit())
  }

  // ---- from the quorum ------------------------------------------------------------------------

  /**
   * The controller replays before the broker's loader, unless it is busy. A record that does not
   * fit ends the process, and who comes second does not see it.
   */
  onCommit(store: QuorumStore, from: MetadataOffset, to: MetadataOffset): void {
    this.#around.observers.metadata?.onCommit(store, to)
    this.controller?.onCommit(store, from, to)
    if (this.isRunning) this.loader?.onCommit(store, from, to)
  }

  /** Where a controller ends, a mere broker logs the error and goes on without the record. */
  #newLoader(isController: boolean): MetadataLoader {
    const loader = new MetadataLoader(isController ? (fault) => this.#onReplayFault(fault) : null)
    for (const record of this.config.firstConfigs) loader.image.brokerConfigs.replay(record)
    return loader
  }

  #onReplayFault({ message, facts }: ReplayFault): void {
    this.raft?.node.fail(message, facts)
  }

  /** The controller hears it first: it may have to give up before its broker asks somebody else. */
  onLeaderChange(leaderId: NodeId, epoch: QuorumEpoch): void {
    this.controller?.onLeaderChange(leaderId, epoch)
    this.loader?.onLeaderChange(leaderId, epoch)
  }

  // ---- requests ---------------------------------------------------------------------------------

  /**
   * Whom a request is for follows from its kind. A role that this node does not have, or whose
   * broker has shut down, closes the connection.
   */
  handle(request: Request, reply: Reply): void {
    switch (request.api) {
      // Nearly all that comes; the others are asked in turn whom they are for.
      case 'Produce':
      case 'Fetch':
        this.#serveAsBroker(request, reply)
        break
      case 'Vote':
      case 'BeginQuorumEpoch':
      case 'EndQuorumEpoch':
      case 'QuorumFetch':
        this.raft?.handle(request, reply)
        break
      case 'AlterMirror':
        // A broker hands it on; a controller decides it.
        if (this.controller === null) this.#serveAsBroker(request, reply)
        else this.controller.handle(request, reply)
        break
      // Answered by the listener itself, whatever role is up.
      case 'ApiVersions':
        reply.send({ api: 'ApiVersions' })
        break
      default:
        if (isForBroker(request)) this.#serveAsBroker(request, reply)
        else if (this.controller === null) reply.send(null)
        else this.controller.handle(request, reply)
    }
  }

  /** A cluster that cannot be dialled has dialled; null while no broker serves here. */
  onReversed(request: ReverseConnectionRequest, socket: Socket): SocketHandler | null {
    return this.#servingBroker?.onReversed(request, socket) ?? null
  }

  #serveAsBroker(request: Request, reply: Reply): void {
    const broker = this.#servingBroker
    if (broker === null) reply.send(null)
    else broker.handle(request, reply)
  }

  get #servingBroker(): Broker | null {
    return this.role === null || this.role.isShutDown ? null : this.role.broker
  }
}

/** Requests that come to the listener of clients and followers, not to the controllers' one. */
function isForBroker(request: Request): boolean {
  switch (request.api) {
    case 'Produce':
    case 'Fetch':
    case 'ListOffsets':
    case 'OffsetsForLeaderEpoch':
    case 'Metadata':
    case 'InitProducerId':
    case 'CreateTopics':
    case 'CreatePartitions':
    case 'DeleteTopics':
    case 'IncrementalAlterConfigs':
    case 'CreateAcls':
    case 'DeleteAcls':
    case 'DescribeAcls':
    case 'DescribeConfigs':
    case 'DescribeMirror':
    case 'InitiateReverseConnection':
      return true
    default:
      return isGroupRequest(request)
  }
}
