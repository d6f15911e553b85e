// Models: the partitions that a broker hosts, and what a change of metadata does to them.
// Leaves out: log directories, the delay of file.delete.delay.ms before a log is gone.
// Source: kafka.server.ReplicaManager (applyDelta, appendRecordsToLeader),
// BrokerMetadataPublisher.

import { IndexMap } from '../../sim/index-map.ts'
import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext } from '../../sim/process.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { type Micros, millis } from '../../sim/time.ts'
import type { KafkaError } from '../errors.ts'
import { absOf, hashOfText } from '../hash-order.ts'
import { type BrokerEpoch, NO_NODE, type NodeId, type PartitionIndex } from '../ids.ts'
import type { LeaderHint } from '../leader-hint.ts'
import type { BrokerStore } from '../log/broker-store.ts'
import { type LeaderAppend, type PartitionLog, refusedAppend } from '../log/partition-log.ts'
import type { Acks, ProducedBatch } from '../messages.ts'
import type { MetadataDelta } from '../metadata/metadata-delta.ts'
import type { MetadataImage } from '../metadata/metadata-image.ts'
import { isReadOnly } from '../metadata/mirror-records.ts'
import { maybeShrinkIsr } from '../partition/isr-shrink.ts'
import { type MetadataOutcome, Partition } from '../partition/partition.ts'
import type {
  AlterPartitionPort,
  BrokerView,
  PartitionHost,
  PartitionObserver,
  PartitionWaiters,
  TopicConfig,
} from '../partition/partition-ports.ts'
import { appendToLeader } from '../partition/produce-append.ts'
import type { Guards } from '../version.ts'
import type { BrokerConfig } from './broker-config.ts'
import type { FetcherManager } from './fetcher-manager.ts'
import { brokerTopicDefaults, topicConfigOf } from './topic-config.ts'

/** Topic and number of a partition index. */
export interface TopicNames {
  topicOf(partition: PartitionIndex): string
  numberOf(partition: PartitionIndex): number
}

export interface ReplicaManagerOptions {
  readonly context: ProcessContext
  readonly config: BrokerConfig
  readonly guards: Guards
  readonly store: BrokerStore
  readonly topics: TopicNames
  readonly alterPartition: AlterPartitionPort
  readonly observer: PartitionObserver | null
  /** Of this process, -1 until it is registered. */
  brokerEpoch(): BrokerEpoch
}

/** Hosts the partitions; the request handlers and the fetchers work on them. */
export class ReplicaManager implements PartitionHost, BrokerView, Checked {
  readonly partitions = new IndexMap<PartitionIndex, Partition>()
  readonly nodeId: NodeId
  readonly guards: Guards
  readonly replicaLagTimeMax: Micros
  readonly alterPartition: AlterPartitionPort
  readonly observer: PartitionObserver | null
  readonly config: BrokerConfig
  /** Partitions ask it of other brokers: what its own metadata says, however old. */
  readonly brokers: BrokerView = this
  readonly store: BrokerStore
  /** The broker's view of the cluster; null until its first publication. */
  image: MetadataImage | null = null
  /** A broker that shuts down stops fetching where it is not wanted any more. */
  isShuttingDown = false
  readonly waiters: PartitionWaiters
  readonly #context: ProcessContext
  readonly #topics: TopicNames
  readonly #brokerEpoch: () => BrokerEpoch
  /** For topics that say nothing themselves. */
  #topicDefaults: TopicConfig
  #fetchers: FetcherManager | null = null

  constructor(options: ReplicaManagerOptions, waiters: PartitionWaiters) {
    this.#context = options.context
    this.#topics = options.topics
    this.#brokerEpoch = () => options.brokerEpoch()
    this.config = options.config
    this.nodeId = options.config.nodeId
    this.guards = options.guards
    this.replicaLagTimeMax = millis(options.config.replicaLagTimeMaxMs)
    this.store = options.store
    this.alterPartition = options.alterPartition
    this.observer = options.observer
    this.waiters = waiters
    this.#topicDefaults = options.config.topicDefaults
  }

  /** Fetchers work on the partitions, so they come second. */
  attach(fetchers: FetcherManager): void {
    this.#fetchers = fetchers
  }

  get now(): Micros {
    return this.#context.now
  }

  /**
   * May be in an ISR: registered, unfenced and not about to leave, as metadata has it (KIP-841).
   */
  isActive(broker: NodeId): boolean {
    const known = this.image?.brokers.get(broker)
    return known !== undefined && !known.fenced && !known.inControlledShutdown
  }

  /** Null for who is not registered, or fenced (KRaftMetadataCache.getAliveBrokerEpoch). */
  aliveBrokerEpochOf(broker: NodeId): BrokerEpoch | null {
    const known = this.image?.brokers.get(broker)
    return known === undefined || known.fenced ? null : known.epoch
  }

  get brokerEpoch(): BrokerEpoch {
    return this.#brokerEpoch()
  }

  /**
   * broker.rack as registered; null without one, for a stranger and for a broker that is fenced:
   * no consumer is sent there (KRaftMetadataCache.getPartitionReplicaEndpoints).
   */
  rackOf(broker: NodeId): string | null {
    const known = this.image?.brokers.get(broker)
    return known === undefined || known.fenced ? null : known.rack
  }

  /** The log of a partition that this broker leads; null for any other. */
  ledLog(partition: PartitionIndex): PartitionLog | null {
    const hosted = this.partitions.get(partition)
    return hosted?.isLeader === true ? hosted.log : null
  }

  /** Why a partition is not hosted here. */
  missing(partition: PartitionIndex): KafkaError {
    const isKnown = this.image?.partitions.has(partition) === true
    return isKnown ? 'NOT_LEADER_OR_FOLLOWER' : 'UNKNOWN_TOPIC_OR_PARTITION'
  }

  /** Appends to a log that this broker leads, and wakes who waits for its records. */
  appendRecordsToLeader(index: PartitionIndex, batch: ProducedBatch, acks: Acks): LeaderAppend {
    const partition = this.partitions.get(index)
    if (partition === undefined) return refusedAppend(this.missing(index))
    // A link alone writes here: a producer's record would part the log from its source's.
    if (partition.isMirror) return refusedAppend('INVALID_REQUEST')
    const { append, highWatermarkMoved } = appendToLeader(partition, batch, acks)
    if (append.batch !== null) this.waiters.onLogEnd(index)
    if (highWatermarkMoved) this.waiters.onHighWatermark(index)
    return append
  }

  /** KIP-951: the leader that this broker knows of, to go with an error; null where none. */
  leaderHint(partition: PartitionIndex, error: KafkaError): LeaderHint | null {
    if (error !== 'NOT_LEADER_OR_FOLLOWER' && error !== 'FENCED_LEADER_EPOCH') return null
    // By metadata, which may name a leader that is one no more: the client asks it and is told on.
    const { image, guards } = this
    const known = image?.partitions.get(partition)
    if (!guards.newLeaderInErrorResponse || image === null || known === undefined) return null
    const { leader, leaderEpoch } = known
    if (leader === NO_NODE) return null
    return { leader, leaderEpoch, hasEndpoint: image.isAlive(leader) }
  }

  /** Deletions first, then what this broker leads from now on, then what it follows. */
  applyDelta(image: MetadataImage, delta: MetadataDelta): void {
    const isFirst = this.image === null
    if (isFirst) this.#deleteStrayLogs(image)
    this.image = image
    if (isFirst || delta.hasBrokerConfigs) this.#applyBrokerConfigs(image)
    else for (const topic of delta.changedTopics) this.#applyTopicConfig(topic)
    const led: PartitionIndex[] = []
    const followed: PartitionIndex[] = []
    for (const index of delta.changedPartitions) {
      const registration = image.partitions.get(index)
      // Also where a reassignment has ended without this broker: its log goes at once.
      if (registration === undefined || !registration.replicas.includes(this.nodeId)) {
        this.#delete(index)
      } else if (registration.leader === this.nodeId) led.push(index)
      else followed.push(index)
    }
    for (const index of led) this.#applyLeader(index)
    for (const index of followed) this.#applyFollower(index)
    this.#fetchers?.shutDownIdle()
  }

  /** Stops fetching first: nothing may come into the log any more but what it appends itself. */
  #applyLeader(index: PartitionIndex): void {
    this.#fetchers?.remove(index)
    this.#apply(index)
  }

  /**
   * A new leader epoch moves the partition to the new leader's fetcher at once. Within one epoch
   * the fetcher is left alone.
   */
  #applyFollower(index: PartitionIndex): void {
    const before = this.partitions.get(index)?.leaderEpoch ?? -1
    const outcome = this.#apply(index)
    const partition = this.partitions.get(index)
    if (partition === undefined || outcome === 'ALREADY_KNOWN') return
    // Fetching on would bring it back into an ISR that it is about to leave.
    const isUnwanted = partition.leader === NO_NODE || !partition.isrState.isr.includes(this.nodeId)
    if (this.isShuttingDown && isUnwanted) {
      this.#fetchers?.remove(index)
    } else if (partition.leaderEpoch > before) {
      this.#fetchers?.remove(index)
      if (this.image?.brokers.has(partition.leader)) this.#fetchers?.add(partition)
    }
  }

  #apply(index: PartitionIndex): MetadataOutcome | null {
    const registration = this.image?.partitions.get(index)
    if (registration === undefined) return null
    return this.#getOrCreate(index)?.apply(registration) ?? null
  }

  /** null where Kafka logs an error: a topic of the same name is hosted that has another id. */
  #getOrCreate(index: PartitionIndex): Partition | null {
    const found = this.partitions.get(index)
    if (found !== undefined) return found
    if (this.#hostsNamesake(index)) return null
    const overrides = this.image?.topics.get(this.#topics.topicOf(index))?.configs ?? {}
    const config = topicConfigOf(overrides, this.#topicDefaults)
    const partition = new Partition(index, this, this.store.getOrCreate(index, config), config)
    partition.isMirror = this.#isMirror(this.#topics.topicOf(index))
    this.partitions.set(index, partition)
    return partition
  }

  #hostsNamesake(index: PartitionIndex): boolean {
    const topic = this.#topics.topicOf(index)
    const number = this.#topics.numberOf(index)
    for (const other of this.image?.overshadowed ?? []) {
      const isNamesake = this.#topics.topicOf(other) === topic && other !== index
      if (!isNamesake || this.#topics.numberOf(other) !== number) continue
      if (this.partitions.has(other)) return true
    }
    return false
  }

  /** A broker's first image is complete: logs that it does not assign here were left behind. */
  #deleteStrayLogs(image: MetadataImage): void {
    for (const index of [...this.store.logs.keys()]) {
      const replicas = image.partitions.get(index)?.replicas
      if (replicas === undefined || !replicas.includes(this.nodeId)) this.store.delete(index)
    }
  }

  /** The log goes too. Who waits for the partition learns that it is not here any more. */
  #delete(index: PartitionIndex): void {
    const partition = this.partitions.get(index)
    if (partition === undefined) return
    this.#fetchers?.remove(index)
    this.partitions.delete(index)
    this.store.delete(index)
    partition.isLeader = false
    this.waiters.onRole(index)
  }

  /** A topic's own settings stand above what has changed: they are laid over it anew. */
  #applyBrokerConfigs({ brokerConfigs, topics }: MetadataImage): void {
    const { nodeId, topicDefaults } = this.config
    this.#topicDefaults = brokerTopicDefaults(nodeId, brokerConfigs, topicDefaults)
    for (const topic of topics.keys()) this.#applyTopicConfig(topic)
  }

  #applyTopicConfig(topic: string): void {
    const known = this.image?.topics.get(topic)
    if (known === undefined) return
    const config = topicConfigOf(known.configs, this.#topicDefaults)
    const isMirror = this.#isMirror(topic)
    for (const index of known.partitions) {
      const partition = this.partitions.get(index)
      if (partition === undefined) continue
      partition.config = config
      partition.log.config = config
      partition.isMirror = isMirror
    }
  }

  #isMirror(topic: string): boolean {
    return isReadOnly(this.image?.mirrors.of(topic))
  }

  /** The isr-expiration task. */
  shrinkIsrs(): void {
    for (const partition of this.partitions.values()) {
      if (partition.isLeader) maybeShrinkIsr(partition)
    }
  }

  /** Every replica deletes old segments by itself. */
  deleteOldSegments(): void {
    for (const { index, log } of this.partitions.values()) {
      log.deleteOldSegments(this.now, (batch) => this.observer?.onDeleted(index, batch))
      this.waiters.onState(index)
    }
    this.#fetchers?.onDeletedSegments()
  }

  /** Every replica forgets who has written nothing for producer.id.expiration.ms. */
  removeExpiredProducers(): void {
    for (const { log } of this.partitions.values()) log.producers.removeExpiredProducers(this.now)
  }

  /** Hosted partitions are whole and their logs lie in the store. @throws InvariantViolation */
  assertWhole(): void {
    for (const partition of this.partitions.values()) {
      const { index, log } = partition
      invariant(this.partitions.get(index) === partition, 'a partition is found by its index')
      invariant(this.store.logs.get(index) === log, 'a hosted partition’s log is kept', { index })
      partition.assertWhole()
    }
  }

  /** Java's hash of topic and number, so that partitions spread over fetchers as in Kafka. */
  fetcherIdOf(index: PartitionIndex): number {
    const count = this.config.numReplicaFetchers
    if (count === 1) return 0
    const hash = hashOfText(this.#topics.topicOf(index))
    const mixed = (Math.imul(31, hash) + this.#topics.numberOf(index)) | 0
    return absOf(mixed) % count
  }
}
