// Models: who is asked for metadata and when: the least loaded node, one request at a time.
// Leaves out: client telemetry, nodes throttled by quotas.
// Source: clients.NetworkClient (DefaultMetadataUpdater, leastLoadedNode), KIP-899.

import { invariant } from '../../sim/invariant.ts'
import type { Random } from '../../sim/random.ts'
import type { Micros } from '../../sim/time.ts'
import { NEVER } from '../../sim/time.ts'
import type { NodeId } from '../ids.ts'
import type { Request, Response } from '../messages.ts'
import type { KafkaClient } from '../network/client-channel.ts'
import type { RpcCaller, RpcFailure } from '../network/rpc.ts'
import type { ClientMetadata } from './metadata.ts'

export interface MetadataUpdaterConfig {
  readonly requestTimeoutMs: number
  readonly reconnectBackoffMs: number
  /** Client releases from 4.0 start again from the bootstrap addresses when no node is left. */
  readonly rebootstrap: boolean
  /** Also when no answer came for so long. */
  readonly rebootstrapTriggerMs: number
}

/** The node to ask, and whether any node could be asked or is connected. */
export interface LeastLoaded {
  readonly node: NodeId | null
  readonly available: boolean
}

/**
 * Kafka's choice: a connected node without requests in flight; else the connected one with the
 * fewest; else one that is being connected to; else the one whose last attempt is longest ago.
 * The search starts at a random node. A black-holed node stays "connected" until a time-out.
 */
export function leastLoadedNode(
  nodes: readonly NodeId[],
  client: KafkaClient,
  random: Random,
): LeastLoaded {
  if (nodes.length === 0) return { node: null, available: false }
  let ready: NodeId | null = null
  let connecting: NodeId | null = null
  let connectable: NodeId | null = null
  let fewest = Number.POSITIVE_INFINITY
  let anyReady = false
  const offset = random.int(0, nodes.length - 1)
  for (let i = 0; i < nodes.length; i++) {
    const node: NodeId = nodes[(offset + i) % nodes.length]
    anyReady ||= client.isReady(node)
    if (client.canSend(node)) {
      const inFlight = client.inFlightCount(node)
      if (inFlight === 0) return { node, available: true }
      if (inFlight < fewest) {
        fewest = inFlight
        ready = node
      }
    } else if (client.isPreparing(node)) {
      connecting = node
    } else if (client.canConnect(node)) {
      const older = client.lastConnectAttempt(node)
      if (connectable === null || client.lastConnectAttempt(connectable) > older) connectable = node
    }
  }
  const node = ready ?? connecting ?? connectable
  return { node, available: node !== null || anyReady }
}

/**
 * NetworkClient.DefaultMetadataUpdater: asks when metadata is due or somebody wants it, and
 * connects for that purpose if it must.
 */
export class MetadataUpdater implements RpcCaller {
  readonly metadata: ClientMetadata
  private readonly config: MetadataUpdaterConfig
  private readonly client: KafkaClient
  private readonly random: Random
  private readonly onUpdated: () => void
  private inProgress = false
  /** When the attempts without any answer began; null while answers come. */
  private attemptsSince: Micros | null = null
  private tryAgainAt: Micros = 0

  /** @param onUpdated called after each answer or failure, when there may be something to do. */
  constructor(
    metadata: ClientMetadata,
    config: MetadataUpdaterConfig,
    client: KafkaClient,
    random: Random,
    onUpdated: () => void,
  ) {
    this.metadata = metadata
    this.config = config
    this.client = client
    this.random = random
    this.onUpdated = onUpdated
  }

  /**
   * Sends a request if one is due and possible, or starts a connection for it.
   * @returns when to call again; while an answer or a connection event will wake the caller, the
   *   moment at which it starts again without one.
   */
  maybeUpdate(now: Micros): Micros {
    if (this.config.rebootstrap && this.waitedTooLong(now)) this.disconnectAll()
    if (this.inProgress) return this.triggerAt()
    const due = Math.max(this.metadata.nextUpdateAt(), this.tryAgainAt)
    if (due > now) return due
    this.attemptsSince ??= now
    let chosen = leastLoadedNode(this.metadata.nodes, this.client, this.random)
    if (this.config.rebootstrap && !chosen.available) {
      this.rebootstrap(now)
      chosen = leastLoadedNode(this.metadata.nodes, this.client, this.random)
    }
    if (chosen.node === null) return this.later(now)
    return this.ask(chosen.node, now)
  }

  private waitedTooLong(now: Micros): boolean {
    return this.triggerAt() <= now
  }

  /** KIP-1102: whatever is connected, or being connected to, is let go. */
  private disconnectAll(): void {
    for (const node of this.metadata.nodes) this.client.disconnect(node)
    this.rebootstrap(this.client.now)
  }

  /** When an unanswered attempt makes it start again; NEVER where it does not. */
  private triggerAt(): Micros {
    if (!this.config.rebootstrap || this.attemptsSince === null) return NEVER
    return Math.min(NEVER, this.attemptsSince + this.config.rebootstrapTriggerMs * 1_000)
  }

  private rebootstrap(now: Micros): void {
    this.metadata.rebootstrap()
    this.attemptsSince = now
  }

  private ask(node: NodeId, now: Micros): Micros {
    if (this.client.canSend(node)) {
      this.inProgress = true
      this.client.send(node, this.metadata.asked(), this.config.requestTimeoutMs, this)
      return this.triggerAt()
    }
    // While any connection is being set up no other is tried: with a black-holed node among the
    // brokers this is what lets one dead leader hold back the news of its successor.
    if (this.client.anyConnecting()) return this.triggerAt()
    if (this.client.canConnect(node)) {
      this.client.ready(node)
      return this.triggerAt()
    }
    if (this.client.isReady(node) || this.client.isPreparing(node)) return this.triggerAt()
    return this.later(now)
  }

  private later(now: Micros): Micros {
    this.tryAgainAt = now + this.config.reconnectBackoffMs * 1_000
    return this.tryAgainAt
  }

  /**
   * Takes an answer in, or counts a failure, after which the back-off runs. Wakes the owner either
   * way.
   */
  onReply(_request: Request, response: Response | null, _failure: RpcFailure | null): void {
    invariant(this.inProgress, 'metadata is asked for before it is answered')
    this.inProgress = false
    const now = this.client.now
    // A broker that is still starting up knows no brokers: as good as no answer.
    if (response?.api === 'Metadata' && response.brokers.length > 0) {
      this.attemptsSince = null
      this.metadata.update(response, now)
    } else this.metadata.failedUpdate(now)
    this.onUpdated()
  }

  /** A connection was lost: the cause may be stale metadata. */
  onConnectionLost(): void {
    const now = this.client.now
    // An update that is due and waits for a connection has failed with it (handleServerDisconnect).
    const isDue = !this.inProgress && this.metadata.nextUpdateAt() <= now
    if (isDue) this.metadata.failedUpdate(now)
    this.metadata.requestUpdate()
  }
}
