// Models: a Kafka consumer, with a given assignment or as a member of a group, and an application
// that takes its time, or an owner that calls it.
// Leaves out: callbacks of a rebalance in close(): its owner knows that it closes; an application
// that an authorization exception ends: whoever catches one polls again at once.
// Source: org.apache.kafka.clients.consumer.internals.ClassicKafkaConsumer, ConsumerNetworkClient.

import { invariant } from '../../sim/invariant.ts'
import type { Network } from '../../sim/network.ts'
import type { Process, Timer } from '../../sim/process.ts'
import type { HandlerId } from '../../sim/scheduler.ts'
import type { Checked } from '../../sim/state-checks.ts'
import type { Micros } from '../../sim/time.ts'
import { NEVER } from '../../sim/time.ts'
import type { CommittedOffset } from '../group-messages.ts'
import type { NodeId, Offset, PartitionIndex } from '../ids.ts'
import type { ChannelOptions } from '../network/channel-options.ts'
import { CONSUMER_CHANNEL } from '../network/channel-options.ts'
import type { ChannelListener, NodeDirectory } from '../network/client-channel.ts'
import { ClientChannel } from '../network/client-channel.ts'
import type { ConsumerConfig } from './consumer-config.ts'
import type { ConsumerObserver } from './consumer-observer.ts'
import { Fetcher, type ProcessTime } from './fetcher.ts'
import type { OnOffsets } from './group/committed-query.ts'
import { resolveCoordinator } from './group/coordinator-lookup.ts'
import { GroupMember } from './group/group-member.ts'
import type { GroupSettings } from './group/group-settings.ts'
import type { RebalanceListener } from './group/rebalance-listener.ts'
import type { OnCommitted } from './group/requested-commits.ts'
import { addressesOf, ClientMetadata, type TopicPattern } from './metadata.ts'
import { MetadataUpdater } from './metadata-updater.ts'
import { OffsetReset } from './offset-reset.ts'
import { PositionQuery } from './position-query.ts'
import { PositionValidation } from './position-validation.ts'
import type { Deserializer } from './serializer.ts'
import type { Assignment } from './subscription.ts'
import { Subscription } from './subscription.ts'

export interface ConsumerOptions {
  readonly config: ConsumerConfig
  readonly topics: readonly string[] | TopicPattern
  /** What it reads without a group; a member of a group gets its partitions from there. */
  readonly assignments: readonly Assignment[]
  /** null or absent: no group, and no commits. */
  readonly group?: GroupSettings | null
  /** Partitions by which `assignments` means the topics. */
  readonly meant?: ReadonlyMap<string, readonly PartitionIndex[]>
  /** Brokers whose addresses the consumer is given. */
  readonly bootstrapNodes: readonly NodeId[]
  readonly observer: ConsumerObserver
  /** The application's work on what one poll returned; none if absent. */
  readonly processTime?: ProcessTime
  /**
   * Who calls poll(): an application that does nothing else (absent), or whoever owns the consumer,
   * through `poll`. Between two calls nothing is sent and nothing handed over.
   */
  readonly polls?: 'by-owner'
  /** Owner only: hears of rebalances. */
  readonly listener?: RebalanceListener
  /** Owner only: it assigns, and the group only keeps its offsets. */
  readonly assigns?: 'by-owner'
  /** Absent: records are made of bytes without asking anybody. */
  readonly deserializer?: Deserializer | undefined
  /** Overrides of the network client's constants and of its service time. */
  readonly channel?: Partial<ChannelOptions>
}

/**
 * The application's thread and its client, in one loop of poll(): what is due is done, what has
 * come is handed over, and a timer or an answer begins the next pass.
 */
export class Consumer implements ChannelListener, Checked {
  readonly metadata: ClientMetadata
  readonly subscription: Subscription
  readonly channel: ClientChannel
  private readonly process: Process
  private readonly observer: ConsumerObserver
  /** Who asks for metadata; the answers are in `metadata`. */
  private readonly updater: MetadataUpdater
  private readonly validation: PositionValidation
  private readonly reset: OffsetReset
  /** Fetches under way and what came of them. */
  private readonly fetcher: Fetcher
  /** null: no group.id, so no commits either. */
  private readonly group: GroupMember | null
  private readonly timer: Timer
  private readonly runHandler: HandlerId
  private awake = false
  private isStopped = false
  /** Version at which positions were last checked for a new leader. */
  private metadataSeen = 0
  private readonly isPolledByOwner: boolean
  private readonly pollTimer: Timer | null
  /** The owner stands in poll(). */
  private onPolled: ((records: number) => void) | null = null
  /** Its time was over while it stood in a callback, which it ends first. */
  private isPollOver = false

  /** Build one at each boot of `process`; it starts to work at once. */
  constructor(
    process: Process,
    network: Network,
    directory: NodeDirectory,
    options: ConsumerOptions,
  ) {
    const { config, bootstrapNodes, observer, meant = new Map() } = options
    const random = process.random('consumer')
    this.process = process
    this.observer = observer
    const topics = 'accepts' in options.topics ? [] : options.topics
    const pattern = 'accepts' in options.topics ? options.topics : undefined
    const asked = { ...config, bootstrapNodes, topics, pattern, meant }
    const metadata = new ClientMetadata(asked, random)
    this.metadata = metadata
    const addresses = addressesOf(directory, bootstrapNodes, resolveCoordinator)
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
      options.deserializer,
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
            topics: () => (pattern === undefined ? topics : metadata.topics),
            listener: options.listener ?? null,
            isAssignedByOwner: options.assigns === 'by-owner',
            wake,
          })
    this.isPolledByOwner = options.polls === 'by-owner'
    this.fetcher.isHeld = this.isPolledByOwner
    this.fetcher.isPolledByOwner = this.isPolledByOwner
    this.pollTimer = this.isPolledByOwner ? process.timer(() => this.endPoll()) : null
    this.timer = process.timer(() => this.run())
    this.runHandler = process.handler(() => {
      this.awake = false
      this.run()
    }, 'consumer')
    channel.listener = this
    this.metadata.onMoved = (moves) => subscription.follow(moves)
    subscription.assign(options.assignments)
    process.memory.add(this)
    this.wake()
  }

  /** Positions and connections are whole. @throws InvariantViolation */
  assertWhole(): void {
    this.subscription.assertWhole()
    this.channel.assertWhole()
  }

  /**
   * Orderly end of the application: a last commit where it is automatic, and a farewell. One that
   * its owner polls is silent from now on, and its connections close.
   */
  close(): void {
    this.group?.leave()
    if (this.isPolledByOwner) this.stop()
  }

  /** Silent from now on, without a farewell. */
  stop(): void {
    this.isStopped = true
    this.onPolled = null
    this.pollTimer?.cancel()
    this.timer.cancel()
    this.channel.close()
    this.process.memory.delete(this)
  }

  /** Replaces the assignment; partitions that stay keep their positions. */
  assign(assignments: readonly Assignment[]): void {
    this.subscription.assign(assignments)
    this.wake()
  }

  /**
   * Kafka's poll(): hands at most max.poll.records to the observer as soon as there are some, then
   * calls `onPolled` with their number, or with 0 when the time is over.
   */
  poll(timeoutMs: number, onPolled: (records: number) => void): void {
    invariant(this.isPolledByOwner && this.onPolled === null, 'one poll() at a time, by the owner')
    invariant(this.group?.isBlocking !== true, 'its owner stands in another call')
    this.onPolled = onPolled
    this.fetcher.isHeld = false
    this.pollTimer?.arm(timeoutMs * 1_000)
    this.wake()
  }

  /** poll() returns without waiting any longer; a callback that it stands in ends first. */
  wakeup(): void {
    if (this.onPolled !== null) this.endPoll()
  }

  private endPoll(): void {
    if (this.group?.isBlocking === true) this.isPollOver = true
    else this.returnFromPoll(0)
  }

  /** The owner may call poll() again from `told`. */
  private returnFromPoll(records: number): void {
    const told = this.onPolled
    this.onPolled = null
    this.isPollOver = false
    this.fetcher.isHeld = true
    this.pollTimer?.cancel()
    told?.(records)
  }

  /** Goes on from `offset`, which is not looked at before the next fetch. */
  seek(partition: PartitionIndex, offset: Offset): void {
    const assigned = this.subscription.of(partition)
    invariant(assigned !== null, 'only what is assigned can be sought', { partition })
    this.subscription.seek(assigned, offset)
    this.wake()
  }

  /** Goes on where auto.offset.reset would have it begin. */
  seekToStart(partition: PartitionIndex): void {
    this.subscription.of(partition)?.requestReset('initial')
    this.wake()
  }

  /** Of a paused partition nothing is fetched, and what was fetched stays here. */
  setPaused(partition: PartitionIndex, isPaused: boolean): void {
    const assigned = this.subscription.of(partition)
    if (assigned !== null) assigned.isPaused = isPaused
  }

  /** The next offset to be handed over; null while that is not known. */
  position(partition: PartitionIndex): Offset | null {
    const assigned = this.subscription.of(partition)
    return assigned?.hasPosition === true ? assigned.offset : null
  }

  /** Tries until default.api.timeout.ms; the owner does nothing else until `onDone`. */
  commitSync(offsets: readonly CommittedOffset[], onDone: OnCommitted): void {
    this.ofGroup().requested.commitSync(offsets, onDone)
  }

  /** Tries once; `onDone` is called in a later poll() or commitSync(). */
  commitAsync(offsets: readonly CommittedOffset[], onDone: OnCommitted = () => {}): void {
    this.ofGroup().requested.commitAsync(offsets, onDone)
  }

  /** What the group has committed of these; null after default.api.timeout.ms without an answer. */
  committed(partitions: readonly PartitionIndex[], onDone: OnOffsets): void {
    this.ofGroup().query.ask(partitions, onDone)
  }

  /** Commits without a group are a mistake of the caller: Kafka throws InvalidGroupIdException. */
  private ofGroup(): GroupMember {
    const { group } = this
    invariant(this.isPolledByOwner && group !== null, 'its owner commits, to the consumer’s group')
    return group
  }

  /** Topics to know about from now on, besides those known already. */
  addTopics(topics: readonly string[]): void {
    for (const topic of topics) this.metadata.addTopic(topic)
    this.wake()
  }

  /** What waited for this node is sent; the group's coordinator is a node of its own. */
  onConnectionReady(_: NodeId): void {
    this.wake()
  }

  /** The coordinator is looked for anew if it was that, and metadata is asked for. */
  onConnectionLost(node: NodeId): void {
    this.group?.lookup.onConnectionLost(node)
    this.updater.onConnectionLost()
    this.wake()
  }

  /** Several causes of one moment make one pass. */
  private wake(): void {
    if (this.awake) return
    this.awake = true
    this.process.after(0, this.runHandler)
  }

  /** One pass of poll(), or of another call in which the owner stands. */
  private run(): void {
    if (this.isStopped) return
    const { group } = this
    // Records that come meanwhile wait; everything else is done by the thread that polls.
    const isAway = this.isPolledByOwner && this.onPolled === null
    if (isAway && group?.isBlocking !== true) return
    const now = this.process.now
    if (this.metadata.version !== this.metadataSeen) {
      this.metadataSeen = this.metadata.version
      if (this.metadata.takeUnauthorized()) {
        this.observer.onUnauthorized?.('TOPIC_AUTHORIZATION_FAILED', now)
      }
      this.subscription.leadersFromMetadata()
    }
    let next: Micros = group?.poll(now, this.fetcher.busyUntil) ?? NEVER
    if (group !== null) this.fetcher.isHeld = isAway || group.isBlocking
    if (!this.isPolledByOwner || group?.isBlocking !== true) next = Math.min(next, this.read(now))
    next = Math.min(next, this.updater.maybeUpdate(now))
    if (next === NEVER) this.timer.cancel()
    else if (this.timer.deadline !== next) this.timer.arm(Math.max(0, next - now))
    if (this.isPolledByOwner) this.returnToOwner()
  }

  /** Positions, what was fetched, and the next fetches. @returns when to look again */
  private read(now: Micros): Micros {
    let next = this.reset.sendRequests(now)
    next = Math.min(next, this.validation.sendRequests(now))
    next = Math.min(next, this.fetcher.poll(now))
    return Math.min(next, this.fetcher.sendFetches(now))
  }

  /** Calls back for commits that have ended, and returns from poll() if there is reason to. */
  private returnToOwner(): void {
    const { fetcher, group } = this
    const records = fetcher.polled
    fetcher.polled = 0
    group?.requested.tellDone()
    if (this.isStopped || this.onPolled === null) return
    if (records > 0) this.returnFromPoll(records)
    else if (this.isPollOver && group?.isBlocking !== true) this.returnFromPoll(0)
  }
}
