// Watches a cluster from outside: takes its place between the model and the record, hears of every
// step, and has the rules look at what the step touched.

import type { History } from '../../history.ts'
import type { Cluster } from '../../kafka/cluster.ts'
import type { MetadataOffset, NodeId, Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { RecordBatch } from '../../kafka/messages.ts'
import type { KafkaNode, MetadataObserver, NodeObservers } from '../../kafka/node.ts'
import type { PartitionObserver } from '../../kafka/partition/partition-ports.ts'
import type { QuorumStore } from '../../kafka/raft/quorum-store.ts'
import type { Guards } from '../../kafka/version.ts'
import type { Durable } from '../../sim/disk.ts'
import type { Micros } from '../../sim/time.ts'
import { BrokerWatch } from './broker-watch.ts'
import { checkDelivered, checkPromises } from './client-rules.ts'
import { CommittedMetadata, type TopicDefaults } from './committed-metadata.ts'
import { checkAllLogs } from './log-rules.ts'
import { checkOffsets } from './offset-rules.ts'
import { Violations, type WatchOptions } from './violations.ts'
import { WatchedRun } from './watched-run.ts'

/** What the watch needs to know of the run before there is a cluster. */
export interface WatchSurroundings {
  readonly guards: Guards
  readonly defaults: TopicDefaults
  readonly options: WatchOptions
  now(): Micros
  uncleanElectionsOrdered(): number
}

/** Build it before the cluster, wrap each node's observers with `between`, then `attach`. */
export class InvariantWatch {
  readonly run: WatchedRun
  readonly #metadata: CommittedMetadata
  readonly #brokers = new Map<NodeId, BrokerWatch>()
  readonly #nodes = new Map<NodeId, NodeWatch>()
  #cluster: Cluster | null = null

  constructor(around: WatchSurroundings) {
    const violations = new Violations(around.guards, around.options, around.now)
    this.run = new WatchedRun(around.guards, violations, {
      partitionName: (partition) => this.#cluster?.topics.nameOf(partition) ?? '',
      logOn: (broker, partition) =>
        this.#cluster?.nodes.get(broker)?.brokerStore.logs.get(partition),
      isServing: (broker) => this.#cluster?.nodes.get(broker)?.role?.broker.isServing ?? false,
      uncleanElectionsOrdered: around.uncleanElectionsOrdered,
    })
    this.#metadata = new CommittedMetadata(this.run, around.defaults)
  }

  /** The observers of a node, behind which the ones given hear all that they heard before. */
  between(id: NodeId, next: NodeObservers & { partitions: PartitionObserver }): NodeObservers {
    const find = (partition: PartitionIndex) =>
      this.#cluster?.nodes.get(id)?.role?.broker.replicas.partitions.get(partition) ?? null
    const broker = new BrokerWatch(this.run, id, find, next.partitions)
    const node = new NodeWatch(id, this.#metadata, next.metadata)
    this.#brokers.set(id, broker)
    this.#nodes.set(id, node)
    return { ...next, partitions: broker, metadata: node }
  }

  /** The cluster exists. A node's own stores hear of a lost disk before the watch does. */
  attach(cluster: Cluster): void {
    this.#cluster = cluster
    for (const node of cluster.nodes.values()) node.process.host.disk.register(this.#disk(node))
  }

  /** A process begins, and has not touched its disk yet. */
  onBoot({ id, process, brokerStore }: KafkaNode): void {
    this.#metadata.brokers.onBoot(id, process.incarnation, brokerStore.markerEpoch)
  }

  /** A node's process is gone: what it led and had applied counts no more. */
  onEnd(id: NodeId): void {
    this.#brokers.get(id)?.onEnd()
    this.#nodes.get(id)?.onEnd()
  }

  /** A consumer was handed records up to `to`: they must be committed ones. */
  onDelivered(partition: PartitionIndex, batches: readonly RecordBatch[], to: Offset): void {
    checkDelivered(this.run, this.run.partition(partition), batches, to)
  }

  /** The run is over: whole logs, and what clients were promised. */
  close(history: History, isAcksAll: (producer: string) => boolean): void {
    for (const watched of this.run.partitions) {
      for (const replica of watched.replicas) checkOffsets(this.run, replica)
    }
    checkPromises(this.run, history, isAcksAll)
    for (const watched of this.run.partitions) checkAllLogs(this.run, watched)
  }

  #disk({ id, config, quorumStore }: KafkaNode): Durable {
    const isVoter = config.roles.includes('controller')
    const onLoss = (hasVotesLeft: boolean) => {
      if (isVoter) this.#metadata.onVoterLoss(quorumStore, hasVotesLeft)
      this.#brokers.get(id)?.onDiskLoss(this.#metadata.brokers.epochOf(id))
    }
    return { powerLoss: () => onLoss(true), wipe: () => onLoss(false) }
  }
}

/** What one node applies of the metadata log. */
class NodeWatch implements MetadataObserver {
  readonly #id: NodeId
  readonly #metadata: CommittedMetadata
  readonly #next: MetadataObserver | null
  #applied: MetadataOffset = 0

  constructor(id: NodeId, metadata: CommittedMetadata, next: MetadataObserver | null) {
    this.#id = id
    this.#metadata = metadata
    this.#next = next
  }

  onCommit(store: QuorumStore, to: MetadataOffset): void {
    this.#next?.onCommit(store, to)
    this.#metadata.onCommit(this.#id, store, this.#applied, to)
    this.#applied = to
  }

  onFatal(node: NodeId, sentence: string): void {
    this.#next?.onFatal(node, sentence)
    this.#metadata.onFatal(node, sentence)
  }

  /** Its next process reads from the beginning. */
  onEnd(): void {
    this.#applied = 0
  }
}
