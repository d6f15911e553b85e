// Models: a Kafka consumer, with a given assignment or as a member of a group, and an application
// that takes its time.
// Leaves out: pause and resume, seeks of the application.
// Source: org.apache.kafka.clients.consumer.internals.ClassicKafkaConsumer, ConsumerNetworkClient.

import type { Network } from '../../sim/network.ts'
import type { Process, Timer } from '../../sim/process.ts'
import type { HandlerId } from '../../sim/scheduler.ts'
import type { Micros } from '../../sim/time.ts'
import { NEVER } from '../../sim/time.ts'
import type { NodeId } from '../ids.ts'
import type { ChannelOptions } from '../network/channel-options.ts'
import { CONSUMER_CHANNEL } from '../network/channel-options.ts'
import type { ChannelListener, NodeDirectory } from '../network/client-channel.ts'
import { ClientChannel } from '../network/client-channel.ts'
import type { ConsumerConfig } from './consumer-config.ts'
import type { ConsumerObserver } from './consumer-observer.ts'
import { Fetcher, type ProcessTime } from './fetcher.ts'
import { resolveCoordinator } from './group/coordinator-lookup.ts'
import { GroupMember } from './group/group-member.ts'
import type { GroupSettings } from './group/group-settings.ts'
import { ClientMetadata, resolveBootstrap } from './metadata.ts'
import { MetadataUpdater } from './metadata-updater.ts'
import { OffsetReset } from './offset-reset.ts'
import { PositionQuery } from './position-query.ts'
import { PositionValidation } from './position-validation.ts'
import type { Assignment } from './subscription.ts'
import { Subscription } from './subscription.ts'

export interface ConsumerOptions {
  readonly config: ConsumerConfig
  readonly topics: readonly string[]
  /** What it reads without a group; a member of a group gets its partitions from there. */
  readonly assignments: readonly Assignment[]
  /** null or absent: no group, and no commits. */
  readonly group?: GroupSettings | null
  /** Brokers whose addresses the consumer is given. */
  readonly bootstrapNodes: readonly NodeId[]
  readonly observer: ConsumerObserver
  /** The application's work on what one poll returned; none if absent. */
  readonly processTime?: ProcessTime
  /** Overrides of the network client's constants and of its service time. */
  readonly channel?: Partial<ChannelOptions>
}

export class Consumer implements ChannelListener {
  readonly metadata: ClientMetadata
  readonly subscription: Subscription
  readonly channel: ClientChannel
  private readonly process: Process
  private readonly updater: MetadataUpdater
  private readonly validation: PositionValidation
  private readonly reset: OffsetReset
  private readonly fetcher: Fetcher
  private readonly group: GroupMember | null
  private readonly timer: Timer
  private readonly runHandler: HandlerId
  private awake = false
  private metadataSeen = 0

  /** Build one at each boot of `process`; it starts to work at once. */
  constructor(
    process: Process,
    network: Network,
    directory: NodeDirectory,
    options: ConsumerOptions,
  ) {
    const { config, bootstrapNodes, observer } = options
    const random = process.random('consumer')
    this.process = process
    this.metadata = new ClientMetadata(
      { ...config, bootstrapNodes, topics: options.topics },
      random,
    )
    const addresses: NodeDirectory = {
      processOf: (node) =>
        directory.processOf(resolveBootstrap(resolveCoordinator(node), bootstrapNodes)),
    }
    const channelOptions = {
      ...CONSUMER_CHANNEL,
      requestTimeout: config.requestTimeoutMs * 1_000,
      ...options.channel,
    }
    const channel = new ClientChannel(process, network, addresses, channelOptions)
    const wake = () => this.wake()
    this.channel = channel
    this.updater = new MetadataUpdater(this.metadata, config, channel, random, wake)
    const subscription = new Subscription(config, this.metadata, observer, process)
    const query = new PositionQuery(config, channel, this.metadata, subscription)
    this.subscription = subscription
    this.validation = new PositionValidation(config, channel, query, subscription, wake)
    this.reset = new OffsetReset(config, channel, this.metadata, query, subscription, wake)
    this.fetcher = new Fetcher(
      config,
      channel,
      this.metadata,
      subscription,
      observer,
      wake,
      options.processTime,
    )
    this.group =
      options.group == null
        ? null
        : new GroupMember({
            context: process,
            channel,
            metadata: this.metadata,
            subscription,
            settings: options.group,
            observer,
            topics: options.topics,
            wake,
          })
    this.timer = process.timer(() => this.run())
    this.runHandler = process.handler(() => {
      this.awake = false
      this.run()
    }, 'consumer')
    channel.listener = this
    subscription.assign(options.assignments)
    this.wake()
  }

  /** Orderly end of the application: a last commit where it is automatic, and a farewell. */
  close(): void {
    this.group?.leave()
  }

  /** Replaces the assignment; partitions that stay keep their positions. */
  assign(assignments: readonly Assignment[]): void {
    this.subscription.assign(assignments)
    this.wake()
  }

  onConnectionReady(node: NodeId): void {
    this.group?.lookup.onConnectionReady(node)
    this.wake()
  }

  onConnectionLost(node: NodeId): void {
    this.group?.lookup.onConnectionLost(node)
    this.updater.onConnectionLost()
    this.wake()
  }

  private wake(): void {
    if (this.awake) return
    this.awake = true
    this.process.after(0, this.runHandler)
  }

  /** One pass of poll(). */
  private run(): void {
    const now = this.process.now
    if (this.metadata.version !== this.metadataSeen) {
      this.metadataSeen = this.metadata.version
      this.subscription.leadersFromMetadata()
    }
    let next: Micros = this.group?.poll(now, this.fetcher.busyUntil) ?? NEVER
    this.fetcher.isHeld = this.group?.isBlocking ?? false
    next = Math.min(next, this.reset.sendRequests(now))
    next = Math.min(next, this.validation.sendRequests(now))
    next = Math.min(next, this.fetcher.poll(now))
    next = Math.min(next, this.fetcher.sendFetches(now))
    next = Math.min(next, this.updater.maybeUpdate(now))
    if (next === NEVER) this.timer.cancel()
    else if (this.timer.deadline !== next) this.timer.arm(Math.max(0, next - now))
  }
}
