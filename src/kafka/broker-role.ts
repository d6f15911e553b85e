// Models: the broker inside a node: its channels, the order in which its parts start and stop.
// Leaves out: listeners per security protocol, the JVM's own start and end (a knob of the lab).
// Source: kafka.server.BrokerServer (startup, shutdown).

import type { Network } from '../sim/network.ts'
import type { Process, Timer } from '../sim/process.ts'
import { Broker, type BrokerOptions, recoveryTime } from './broker/broker.ts'
import { NodeToControllerChannel } from './broker/controller-channel.ts'
import { FORWARDING_RETRY_TIMEOUT_MS } from './broker/forwarding-manager.ts'
import { BrokerLifecycleManager } from './broker/lifecycle-manager.ts'
import type { TopicNames } from './broker/replica-manager.ts'
import type { GroupObserver } from './groups/group-observer.ts'
import type { NodeId } from './ids.ts'
import type { RecordIds } from './internal-record-ids.ts'
import type { BrokerStore } from './log/broker-store.ts'
import type { MetadataLoader } from './metadata/metadata-loader.ts'
import {
  type ChannelOptions,
  CONTROLLER_CHANNEL,
  FETCHER_CHANNEL,
} from './network/channel-options.ts'
import { ClientChannel, type NodeDirectory } from './network/client-channel.ts'
import type { NodeConfig } from './node-config.ts'
import type { PartitionObserver } from './partition/partition-ports.ts'

/** What a broker needs besides its configuration. */
export interface BrokerSurroundings {
  readonly process: Process
  readonly network: Network
  /** Finds the process behind a node's id, running or not. */
  readonly directory: NodeDirectory
  readonly topics: TopicNames
  readonly store: BrokerStore
  readonly loader: MetadataLoader
  readonly observer: PartitionObserver | null
  readonly groupObserver: GroupObserver | null
  readonly recordIds: RecordIds
  /** The broker has shut down in order. */
  readonly onShutDown: () => void
  readonly extend?: BrokerOptions['extend']
}

/**
 * The broker of one incarnation. Two things go on beside one another: it registers, and it loads
 * its logs as soon as it has metadata. When both are done it asks to be unfenced. So a process that
 * comes back within the session of the one before it, which may not register yet, follows its
 * leaders all the same: it never left their in-sync sets, and what waits for it is committed.
 */
export class BrokerRole {
  readonly broker: Broker
  readonly lifecycle: BrokerLifecycleManager
  readonly #config: NodeConfig
  readonly #around: BrokerSurroundings
  readonly #recovered: Timer
  #isLoaded = false
  /** The controller knows this process, and that it has metadata up to its own registration. */
  #isAcknowledged = false
  #isShutDown = false

  /** Build one at each boot; `start` follows when the node's other parts exist. */
  constructor(config: NodeConfig, around: BrokerSurroundings) {
    this.#config = config
    this.#around = around
    const { process, store, topics, observer, network, directory } = around
    this.lifecycle = new BrokerLifecycleManager(
      {
        brokerId: config.id,
        rack: config.rack,
        incarnation: process.incarnation,
        heartbeatIntervalMs: config.heartbeatIntervalMs,
        sessionTimeoutMs: config.sessionTimeoutMs,
        heartbeatRetriedEveryInterval: config.guards.heartbeatRetriedEveryInterval,
        initialRegistrationTimeoutMs: config.initialRegistrationTimeoutMs,
      },
      process,
      this.#controllerChannel('heartbeat', this.#heartbeatTimeoutMs(), this.#heartbeatTimeoutMs()),
      {
        metadataOffset: () => around.loader.lastAppliedOffset,
        onCaughtUp: () => this.#onAcknowledged(),
        onUnfenced: () => {},
        onShutdownGranted: () => this.#shutDown(),
        onRegistrationTimeout: () => process.exit(),
      },
    )
    this.broker = new Broker({
      context: process,
      config: config.broker,
      guards: config.guards,
      disk: process.host.disk,
      store,
      topics,
      controller: this.#controllerChannel(
        'alter-partition',
        config.controllerSocketTimeoutMs,
        null,
      ),
      forwardingChannel: () => this.#forwardingChannel(),
      rpcFor: (source, fetcherId) =>
        new ClientChannel(process, network, directory, this.#fetcherOptions(source, fetcherId)),
      observer,
      groupObserver: around.groupObserver,
      recordIds: around.recordIds,
      ...(around.extend === undefined ? {} : { extend: around.extend }),
      brokerEpoch: () => this.lifecycle.brokerEpoch,
    })
    this.#recovered = process.timer(() => this.#onRecovered())
  }

  /** It serves nobody any more; a controller beside it may. */
  get isShutDown(): boolean {
    return this.#isShutDown
  }

  /** Begins to register, with the proof that the last process shut down cleanly, if it did. */
  start(): void {
    this.lifecycle.start(this.#around.store.readMarker())
    this.#around.loader.whenCaughtUp(() => this.#load())
  }

  /** SIGTERM: the controller moves leaderships away before the process ends. */
  terminate(): void {
    this.broker.beginControlledShutdown()
    this.lifecycle.beginControlledShutdown()
  }

  /** The first metadata is there: logs are loaded, and recovered if they must be. */
  #load(): void {
    if (this.#isShutDown) return
    const opening = this.#around.store.open()
    this.#recovered.arm(recoveryTime(opening, this.#config.logRecoveryMicrosPerMegabyte))
  }

  /** Partitions are taken up, registered or not (BrokerMetadataPublisher.initializeManagers). */
  #onRecovered(): void {
    this.#isLoaded = true
    this.#around.loader.install(this.broker)
    this.#maybeReady()
  }

  #onAcknowledged(): void {
    this.#isAcknowledged = true
    this.#maybeReady()
  }

  #maybeReady(): void {
    if (this.#isLoaded && this.#isAcknowledged) this.lifecycle.setReadyToUnfence()
  }

  #shutDown(): void {
    this.#isShutDown = true
    this.#recovered.cancel()
    this.#around.loader.uninstall()
    this.broker.shutDown()
    this.#around.onShutDown()
  }

  /**
   * Of a registration or a heartbeat, tries and look-ups together. Half a session was too long to
   * find another controller in what was left of it (KAFKA-19294).
   */
  #heartbeatTimeoutMs(): number {
    const { guards, heartbeatIntervalMs, sessionTimeoutMs, controllerSocketTimeoutMs } =
      this.#config
    const limit = guards.heartbeatRetriedEveryInterval ? heartbeatIntervalMs : sessionTimeoutMs / 2
    return Math.min(controllerSocketTimeoutMs, limit)
  }

  /**
   * In Kafka this channel lives from the start and takes note of the first controller it hears of;
   * unused, it never learns that another one leads since. Its first request goes to that one.
   */
  #forwardingChannel(): NodeToControllerChannel {
    const { loader } = this.#around
    const { controllerSocketTimeoutMs } = this.#config
    const timeoutMs = Math.min(controllerSocketTimeoutMs, FORWARDING_RETRY_TIMEOUT_MS)
    return this.#controllerChannel(
      'forwarding',
      timeoutMs,
      FORWARDING_RETRY_TIMEOUT_MS,
      loader.firstLeaderId,
    )
  }

  /** A request that found no controller within `retryTimeoutMs` fails; null keeps it for ever. */
  #controllerChannel(
    name: string,
    requestTimeoutMs: number,
    retryTimeoutMs: number | null,
    controller?: NodeId,
  ): NodeToControllerChannel {
    const { process, network, directory, loader } = this.#around
    const options: ChannelOptions = {
      ...CONTROLLER_CHANNEL,
      ...this.#config.nodeChannel,
      name,
      requestTimeout: requestTimeoutMs * 1_000,
    }
    const rpc = new ClientChannel(process, network, directory, options)
    const config = { requestTimeoutMs, retryTimeoutMs }
    return new NodeToControllerChannel(process, rpc, loader, config, controller)
  }

  #fetcherOptions(source: NodeId, fetcherId: number): ChannelOptions {
    const name = `fetcher-${source}-${fetcherId}`
    return { ...FETCHER_CHANNEL, ...this.#config.fetcherChannel, name }
  }
}
