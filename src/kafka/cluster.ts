// Models: one Kafka cluster: its nodes, its topics, and what can be seen of it from outside.
// Leaves out: cluster ids and feature levels; the guards of a node stand for them.
// Source: none in Kafka; a composition for simulations.

import type { Network } from '../sim/network.ts'
import type { Process } from '../sim/process.ts'
import type { RecordIds } from './broker/coordinator-appends.ts'
import type { PartitionRegistration } from './controller/partition-registration.ts'
import type { QuorumController } from './controller/quorum-controller.ts'
import { NO_NODE, type NodeId, type PartitionIndex, type RecordId } from './ids.ts'
import { TopicPartitions } from './metadata/topic-partitions.ts'
import type { NodeDirectory } from './network/client-channel.ts'
import { KafkaNode, type NodeObservers } from './node.ts'
import type { NodeConfig } from './node-config.ts'

/** Where the numbers of records begin that no producer of the scenario sends. */
const INTERNAL_RECORDS: RecordId = 2_251_799_813_685_248

export class Cluster implements NodeDirectory, RecordIds {
  /** In the order of their adding. */
  readonly nodes = new Map<NodeId, KafkaNode>()
  readonly topics = new TopicPartitions()
  readonly #network: Network
  #nextRecord = INTERNAL_RECORDS

  constructor(network: Network) {
    this.#network = network
  }

  /** Adds a node, which boots when its process is started. */
  add(config: NodeConfig, process: Process, observers: NodeObservers): KafkaNode {
    const { topics } = this
    const around = { process, network: this.#network, directory: this, topics, recordIds: this }
    const node = new KafkaNode(config, { ...around, observers })
    this.nodes.set(config.id, node)
    return node
  }

  next(count: number): RecordId {
    const first = this.#nextRecord
    this.#nextRecord += count
    return first
  }

  processOf(node: NodeId): Process | null {
    return this.nodes.get(node)?.process ?? null
  }

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
