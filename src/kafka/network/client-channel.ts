// Models: Kafka's network client: one connection a node, opened on demand, requests in order.
// Leaves out: metadata (clients/metadata.ts), throttling, more than one thread.
// Source: clients.NetworkClient, server.util.InterBrokerSendThread.

import type { SocketHandler, Wire } from '../../sim/connection.ts'
import { IndexMap } from '../../sim/index-map.ts'
import type { Network } from '../../sim/network.ts'
import { oneShape } from '../../sim/one-shape.ts'
import type { Process, Timer } from '../../sim/process.ts'
import type { Random } from '../../sim/random.ts'
import type { EventHandler, HandlerId } from '../../sim/scheduler.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { type Micros, MS } from '../../sim/time.ts'
import type { NodeId } from '../ids.ts'
import type { Request } from '../messages.ts'
import { CallOf } from './call-queue.ts'
import type { ChannelOptions } from './channel-options.ts'
import type { ConnectionHost } from './client-connection.ts'
import { ClientConnection } from './client-connection.ts'
import type { RpcCaller, RpcClient } from './rpc.ts'
import { SendThread } from './send-thread.ts'

/** Where a node lives, null while it has no address; and as whom a client comes there. */
export interface NodeDirectory {
  /** 'User:shop'; absent for nodes of the cluster among themselves. */
  readonly principal?: string | undefined
  processOf(node: NodeId): Process | null
  /** A connection to it stands. */
  connected?(node: NodeId): void
  /** Where nodes are not dialled but dial themselves: null while this one has not. */
  open?(node: NodeId, handler: SocketHandler): Wire | null
}

/** Owner of a channel that must know its connections (a producer's or consumer's client). */
export interface ChannelListener {
  onConnectionReady(node: NodeId): void
  /** A connection was lost or could not be set up. Called before the failed callers are. */
  onConnectionLost(node: NodeId): void
  /**
   * When the thread that uses the channel wakes next without an answer; later than now. Until then
   * nobody notices that a request is overdue. Absent: somebody always looks.
   */
  wakesAt?(): Micros
}

/**
 * What a client's metadata updater and sender may ask of their channel, besides sending.
 * Kafka's KafkaClient interface.
 */
export interface KafkaClient extends RpcClient {
  readonly now: Micros
  listener: ChannelListener | null
  /** True if a request may be sent now; otherwise starts to connect where that is allowed. */
  ready(node: NodeId): boolean
  /** Ready, and fewer requests in flight than allowed. */
  canSend(node: NodeId): boolean
  isReady(node: NodeId): boolean
  /** Connecting, or asking for API versions. */
  isPreparing(node: NodeId): boolean
  canConnect(node: NodeId): boolean
  inFlightCount(node: NodeId): number
  /** Whether any TCP connection is being set up. */
  anyConnecting(): boolean
  /** Time of the last attempt or loss; -1 if never. */
  lastConnectAttempt(node: NodeId): Micros
  /** When a connection may be tried again; null unless disconnected. */
  retryAt(node: NodeId): Micros | null
  /** The thread is awake: connections whose requests are overdue by its clock are closed. */
  closeOverdue(): void
}

/**
 * NetworkClient for all nodes of a client: requests to one node are answered in their order, those
 * to different nodes know nothing of one another.
 */
export class ClientChannel implements KafkaClient, ConnectionHost, Checked {
  listener: ChannelListener | null = null
  readonly options: ChannelOptions
  readonly random: Random
  readonly thread: SendThread | null
  private readonly process: Process
  private readonly network: Network
  private readonly directory: NodeDirectory
  private readonly byNode = new IndexMap<NodeId, ClientConnection>()
  private readonly failureHandler: HandlerId
  /** Some connection may have a request that is overdue and unnoticed. */
  private hasOverdue = false

  /** To be built anew for each incarnation of `process`. */
  constructor(
    process: Process,
    network: Network,
    directory: NodeDirectory,
    options: ChannelOptions,
  ) {
    this.process = process
    this.network = network
    this.directory = directory
    this.options = oneShape(options)
    this.random = process.random(`channel/${options.name}`)
    const { requestTimeout, receiveServiceMicros: wakeMicros } = options
    this.thread = options.sendThread ? new SendThread(this, { requestTimeout, wakeMicros }) : null
    this.failureHandler = process.handler((node) => this.byNode.get(node)?.failWaiting())
  }

  get now(): Micros {
    return this.process.now
  }

  /**
   * Fails at once (by a separate event) while the node is disconnected and its reconnect back-off
   * runs, with a `sendThread` when that next looks; a failed set-up fails everything that waits
   * for it.
   */
  send<Q extends Request>(node: NodeId, request: Q, timeoutMs: number, caller: RpcCaller<Q>): void {
    const timeout = timeoutMs * 1_000
    this.connectionTo(node).enqueue(new CallOf(request, caller, timeout, this.now + timeout))
  }

  /**
   * Closes the connection of this side: all that is in flight or waits fails as disconnected, and
   * the back-off runs (NetworkClient.disconnect). Nothing happens without a connection.
   */
  disconnect(node: NodeId): void {
    this.byNode.get(node)?.close()
  }

  wake(): void {
    this.thread?.wake()
  }

  /**
   * NetworkClient.ready: false also while in-flight requests are at their limit or a back-off runs.
   */
  ready(node: NodeId): boolean {
    const connection = this.connectionTo(node)
    if (connection.canSend) return true
    if (connection.state.canConnect(this.now)) connection.connect()
    return false
  }

  /** NetworkClient.canSendRequest: set up, with room in flight. Opens nothing. */
  canSend(node: NodeId): boolean {
    return this.byNode.get(node)?.canSend ?? false
  }

  /** Set up, however many requests are in flight; false for a node never tried. */
  isReady(node: NodeId): boolean {
    return this.byNode.get(node)?.isReady ?? false
  }

  /** Between the first SYN and the answer to ApiVersions (isPreparingConnection). */
  isPreparing(node: NodeId): boolean {
    return this.byNode.get(node)?.isPreparing ?? false
  }

  /** Whether an attempt may begin now: never tried, or disconnected and its back-off is over. */
  canConnect(node: NodeId): boolean {
    return this.byNode.get(node)?.state.canConnect(this.now) ?? true
  }

  /**
   * Requests sent and not answered, ApiVersions among them; those that wait to be sent do not
   * count.
   */
  inFlightCount(node: NodeId): number {
    return this.byNode.get(node)?.inFlight.length ?? 0
  }

  /** NetworkClient.isAnyNodeConnecting: TCP set-ups only, not those that ask for API versions. */
  anyConnecting(): boolean {
    for (const connection of this.byNode.values()) {
      if (connection.state.phase === 'connecting') return true
    }
    return false
  }

  /** In µs; a loss counts as an attempt, as it does in ClusterConnectionStates.disconnected. */
  lastConnectAttempt(node: NodeId): Micros {
    return this.byNode.get(node)?.state.lastConnectAttempt ?? -1
  }

  /** End of the reconnect back-off, which may have passed; null also for a node never tried. */
  retryAt(node: NodeId): Micros | null {
    const state = this.byNode.get(node)?.state
    return state?.phase === 'disconnected' ? state.retryAt() : null
  }

  /** Its clock has whole milliseconds, and a request may be as old as its limit. */
  closeOverdue(): void {
    if (!this.hasOverdue) return
    this.hasOverdue = false
    const limit = this.now - (this.now % MS) - 1
    for (const connection of this.byNode.values()) {
      if (connection.threadAwake(limit)) this.hasOverdue = true
    }
  }

  /** From a connection: the next `closeOverdue` has something to look for. */
  overdueUnnoticed(): void {
    this.hasOverdue = true
  }

  /** For its connections, what the listener says of its thread; null: it always looks. */
  wakesAt(): Micros | null {
    return this.listener?.wakesAt?.() ?? null
  }

  /** Orderly end of the process: every connection is closed, callers hear nothing more. */
  close(): void {
    this.listener = null
    for (const connection of this.byNode.values()) connection.close()
  }

  /** Something between the two ends resets every connection. */
  resetAll(): void {
    for (const connection of this.byNode.values()) connection.reset()
  }

  /**
   * For its connections. Sends the SYN, with the client's buffers and name; null without an
   * address.
   */
  openSocket(node: NodeId, handler: SocketHandler): Wire | null {
    if (this.directory.open !== undefined) return this.directory.open(node, handler)
    const server = this.directory.processOf(node)
    if (server === null) return null
    const options = this.options
    const socket = this.network.connect(this.process, server, handler, {
      sendBuffer: options.sendBufferBytes,
      receiveBuffer: options.receiveBufferBytes,
    })
    socket.identity = this.directory.principal ?? null
    return socket
  }

  /** For its connections: a timer of this process's incarnation, gone with it. */
  timer(fn: () => void): Timer {
    return this.process.timer(fn)
  }

  /** For its connections, each of which has a handler of its own: it need not be looked up. */
  receiver(fn: EventHandler<unknown>): HandlerId<unknown> {
    return this.process.handler(fn)
  }

  /**
   * For its connections: the message comes back after `delay` µs, unless its socket is another by
   * then.
   */
  deferReceive(connection: ClientConnection, delay: Micros, epoch: number, message: unknown): void {
    this.process.after(delay, connection.receiveHandler, connection.node, epoch, message)
  }

  /** For its connections: what waits fails in the next event, at the same time by the clock. */
  deferFailure(connection: ClientConnection): void {
    this.process.after(0, this.failureHandler, connection.node)
  }

  /** Each node's connection is whole. @throws InvariantViolation */
  assertWhole(): void {
    for (const connection of this.byNode.values()) connection.assertWhole()
  }

  /** Every node that was ever tried, connected or not, in the order of the first attempts. */
  connections(): Iterable<ClientConnection> {
    return this.byNode.values()
  }

  /** From a connection: set up. The directory hears it first, then whoever owns the channel. */
  connectionReady(node: NodeId): void {
    this.directory.connected?.(node)
    this.listener?.onConnectionReady(node)
  }

  /** From a connection: lost or not set up. Callers have not been answered yet. */
  connectionLost(node: NodeId): void {
    this.listener?.onConnectionLost(node)
  }

  private connectionTo(node: NodeId): ClientConnection {
    let connection = this.byNode.get(node)
    if (connection === undefined) {
      connection = new ClientConnection(node, this)
      this.byNode.set(node, connection)
    }
    return connection
  }
}
