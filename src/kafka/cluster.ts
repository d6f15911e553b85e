// Models: one Kafka cluster: its nodes, its topics, and what can be seen of it from outside.
// Leaves out: cluster ids and feature levels; the guards of a node stand for them.
// Source: none in Kafka; a composition for simulations.

import type { Network } from '../sim/network.ts'
import type { Process } from '../sim/process.ts'
import type { PartitionRegistration } from './controller/partition-registration.ts'
import type { QuorumController } from './controller/quorum-controller.ts'
import { NO_NODE, type NodeId, type PartitionIndex } from './ids.ts'
import { InternalRecordIds, type RecordIds } from './internal-record-ids.ts'
import { type PartitionNumbering, TopicPartitions } from './metadata/topic-partitions.ts'
import type { NodeDirectory } from './network/client-channel.ts'
import { KafkaNode, type NodeObservers, type NodeSurroundings } from './node.ts'
import type { NodeConfig } from './node-config.ts'

/** What clusters that may exchange records have in common. */
export interface SharedNumbers {
  readonly numbering: PartitionNumbering
  readonly recordIds: RecordIds
}

/**
 * All that is seen of a cluster from outside: nodes by id and partitions by name. It has no state
 * of Kafka's own; who asks for the controller is told what the nodes believe just now.
 */
export class Cluster implements NodeDirectory {
  /** In the order of their adding. */
  readonly nodes = new Map<NodeId, KafkaNode>()
  readonly topics: TopicPartitions
  readonly #network: Network
  /** Numbers of the records that clusters and their helpers write on their own account. */
  readonly recordIds: RecordIds

  /** Clusters of one run share numbers: of partitions, and of the records they write themselves. */
  constructor(network: Network, shared: Partial<SharedNumbers> = {}) {
    this.#network = network
    this.topics = new TopicPartitions(shared.numbering)
    this.recordIds = shared.recordIds ?? new InternalRecordIds()
  }

  /** Adds a node, which boots when its process is started. */
  add(
    config: NodeConfig,
    process: Process,
    observers: NodeObservers,
    extend?: NodeSurroundings['extend'],
  ): KafkaNode {
    const { topics, recordIds } = this
    const around = { process, network: this.#network, directory: this, topics, recordIds }
    const extending = extend === undefined ? {} : { extend }
    const node = new KafkaNode(config, { ...around, observers, ...extending })
    this.nodes.set(config.id, node)
    return node
  }

  /**
   * Also of a node that is stopped, where a connection is refused; null for an id without a node.
   */
  processOf(node: NodeId): Process | null {
    return this.nodes.get(node)?.process ?? null
  }

  /** Nodes with the broker's role, running or not, in the order of their adding. */
  get brokerIds(): readonly NodeId[] {
    return [...this.nodes.values()]
      .filter((n) => n.config.roles.includes('broker'))
      .map((n) => n.id)
  }

  /** The active controller with the highest epoch, as an onlooker who sees all would say. */
  get activeController(): QuorumController | null {
    return this.nodes.get(this.activeControllerId)?.controller ?? null
  }

  /** -1 while no running controller believes to be active. */
  get activeControllerId(): NodeId {
    let id = NO_NODE
    let epoch = -1
    for (const node of this.nodes.values()) {
      const claim = node.isRunning ? (node.controller?.claimEpoch ?? -1) : -1
      if (claim > epoch) {
        epoch = claim
        id = node.id
      }
    }
    return id
  }

  /** A partition as the active controller has it; null without one. */
  registrationOf(partition: PartitionIndex): PartitionRegistration | null {
    return this.activeController?.control.state.partitions.get(partition)?.registration ?? null
  }

  /** The newest registration that any controller or broker has, running or not. */
  lastKnownRegistration(partition: PartitionIndex): PartitionRegistration | null {
    let newest = this.registrationOf(partition)
    if (newest !== null) return newest
    for (const { loader } of this.nodes.values()) {
      const known = loader?.image.partitions.get(partition)
      if (known === undefined) continue
      if (newest === null || known.partitionEpoch > newest.partitionEpoch) newest = known
    }
    return newest
  }
}
