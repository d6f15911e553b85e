// Models: what a broker's link knows of the other cluster, and one connection a node for questions.
// Leaves out: bootstrap by name service, authentication.
// Source: Confluent Server keeps one metadata client a link and broker; AdminMetadataManager.

import { addressesOf, ClientMetadata, resolveBootstrap } from '../../kafka/clients/metadata.ts'
import { leastLoadedNode, MetadataUpdater } from '../../kafka/clients/metadata-updater.ts'
import { type LeaderEpoch, NO_NODE, type NodeId, type PartitionIndex } from '../../kafka/ids.ts'
import type { Request } from '../../kafka/messages.ts'
import { type ChannelOptions, CONSUMER_CHANNEL } from '../../kafka/network/channel-options.ts'
import { ClientChannel, type NodeDirectory } from '../../kafka/network/client-channel.ts'
import { JITTER_PERCENT } from '../../kafka/network/exponential-backoff.ts'
import type { RpcCaller, RpcClient } from '../../kafka/network/rpc.ts'
import type { Network } from '../../sim/network.ts'
import type { Process, Timer } from '../../sim/process.ts'
import type { Random } from '../../sim/random.ts'
import { MS, NEVER } from '../../sim/time.ts'
import type { ClusterPort } from '../cluster-port.ts'
import type { LinkConfig } from './link-config.ts'
import type { ReverseConnections } from './reverse-connections.ts'

/** receive.buffer.bytes of Kafka's clients. */
const METADATA_BUFFER = 65_536

/**
 * metadata.recovery.rebootstrap.trigger.ms, as Kafka's clients have it; no link has a property for
 * it. It is no matter of metadata.max.age.ms: an answer may take longer than its news is fresh.
 */
const REBOOTSTRAP_TRIGGER_MS = 300_000

/** A partition of the source and who leads it. */
export interface SourcePartition {
  readonly partition: PartitionIndex
  readonly leader: NodeId
  readonly leaderEpoch: LeaderEpoch
}

/**
 * One for each link and broker, and one to its own cluster where a link copies group offsets. It
 * knows who leads, and asks trifles; records travel on connections of their own, so that a long
 * poll of a fetcher holds up no question.
 *
 * Asks for metadata only once a topic is followed. Questions time out by the link's
 * request.timeout.ms, and their callers hear of it with a null.
 */
export class SourceClient {
  readonly metadata: ClientMetadata
  readonly #process: Process
  readonly #network: Network
  readonly #config: LinkConfig
  readonly #directory: NodeDirectory
  readonly #channel: ClientChannel
  readonly #updater: MetadataUpdater
  readonly #timer: Timer
  readonly #random: Random
  readonly #name: string
  readonly #onNews: () => void
  /** The version of metadata that `onNews` was called for. */
  #seen = 0

  /**
   * @param onNews called after each answer with metadata
   * @param reversed where the source dials, and not this client
   */
  constructor(
    process: Process,
    network: Network,
    source: ClusterPort,
    config: LinkConfig,
    onNews: () => void,
    reversed: ReverseConnections | null = null,
  ) {
    const { settings } = config
    this.#process = process
    this.#network = network
    this.#config = config
    this.#onNews = onNews
    this.#random = process.random(`link/${config.name}/${source.name}`)
    this.#name = source.name
    const { bootstrapNodes } = source
    const known = (node: NodeId) => resolveBootstrap(node, bootstrapNodes)
    this.#directory = {
      ...addressesOf(source.directory, bootstrapNodes),
      // The source dials: connections are wished for, and everything above them is the same.
      ...(reversed === null ? {} : { open: (node, by) => reversed.open(known(node), by) }),
    }
    this.metadata = new ClientMetadata(
      {
        metadataMaxAgeMs: settings['metadata.max.age.ms'],
        retryBackoffMs: settings['retry.backoff.ms'],
        retryBackoffMaxMs: settings['retry.backoff.max.ms'],
        bootstrapNodes,
        topics: [],
      },
      this.#random,
    )
    this.#channel = this.#newChannel('metadata', METADATA_BUFFER)
    const updating = {
      requestTimeoutMs: config.requestTimeoutMs,
      reconnectBackoffMs: settings['reconnect.backoff.ms'],
      rebootstrap: true,
      rebootstrapTriggerMs: REBOOTSTRAP_TRIGGER_MS,
    }
    const wake = () => this.wake()
    this.#updater = new MetadataUpdater(this.metadata, updating, this.#channel, this.#random, wake)
    this.#channel.listener = {
      onConnectionReady: wake,
      onConnectionLost: () => {
        this.#updater.onConnectionLost()
        this.wake()
      },
    }
    this.#timer = process.timer(() => this.#run())
  }

  /** Connections of its own, for one fetcher thread. */
  fetcherChannel(leader: NodeId, fetcher: number): RpcClient {
    const { receiveBufferBytes } = this.#config
    return this.#newChannel(`fetcher-${leader}-${fetcher}`, receiveBufferBytes)
  }

  #newChannel(name: string, receiveBufferBytes: number | null): ClientChannel {
    const { settings, requestTimeoutMs } = this.#config
    const idle = settings['connections.max.idle.ms']
    // A fetcher's window bounds its throughput over a distance: a whole buffer each round trip. It
    // is the link's to set, and null leaves it to the kernel, which lets it grow.
    const { receiveBufferBytes: _, ...channel } = CONSUMER_CHANNEL
    const options: ChannelOptions = {
      ...channel,
      name: `link/${this.#config.name}/${this.#name}/${name}`,
      requestTimeout: requestTimeoutMs * MS,
      connectionsMaxIdle: idle < 0 ? NEVER : idle * MS,
      reconnectBackoff: {
        initial: settings['reconnect.backoff.ms'] * MS,
        max: settings['reconnect.backoff.max.ms'] * MS,
        jitterPercent: JITTER_PERCENT,
      },
      setupTimeout: {
        initial: settings['socket.connection.setup.timeout.ms'] * MS,
        max: settings['socket.connection.setup.timeout.max.ms'] * MS,
        jitterPercent: JITTER_PERCENT,
      },
      ...(receiveBufferBytes === null ? {} : { receiveBufferBytes }),
    }
    return new ClientChannel(this.#process, this.#network, this.#directory, options)
  }

  /** From now on it knows who leads the topic's partitions, as soon as the source has told. */
  follow(topic: string): void {
    if (this.metadata.topics.includes(topic)) return
    this.metadata.addTopic(topic)
    this.wake()
  }

  /** null while it is not known or nobody leads. */
  partition(topic: string, number: number): SourcePartition | null {
    const partition = this.metadata.partitionsOf(topic)[number]
    if (partition === undefined) return null
    const leader = this.metadata.leaderOf(partition)
    if (leader === NO_NODE) return null
    return { partition, leader, leaderEpoch: this.metadata.epochOf(partition) }
  }

  /** What is known is stale. */
  requestUpdate(): void {
    this.metadata.requestUpdate()
    this.wake()
  }

  /** To any node of the source; @returns the node, or null where none can be asked now. */
  ask(request: Request, caller: RpcCaller): NodeId | null {
    const { node } = leastLoadedNode(this.metadata.nodes, this.#channel, this.#random)
    if (node === null) return null
    this.askNode(node, request, caller)
    return node
  }

  /** Connects where it must; `caller` hears null without an answer in time. */
  askNode(node: NodeId, request: Request, caller: RpcCaller): void {
    this.#channel.send(node, request, this.#config.requestTimeoutMs, caller)
  }

  /** Has its thread look at metadata in this instant, once however often it is called. */
  wake(): void {
    this.#timer.arm(0)
  }

  /** Channels of fetchers are their own and stay. */
  close(): void {
    this.#timer.cancel()
    this.#channel.close()
  }

  #run(): void {
    if (this.metadata.version !== this.#seen) {
      this.#seen = this.metadata.version
      this.#onNews()
    }
    if (this.metadata.topics.length === 0) return
    const { now } = this.#process
    const next = this.#updater.maybeUpdate(now)
    if (next !== NEVER) this.#timer.arm(Math.max(0, next - now))
  }
}
