// Which event explains trouble at a place: the newest one that was noted there. An effect names it
// as its cause, and so the chain of causes leads back to a fault.

import { NO_EVENT } from '../../history.ts'
import type { NodeId, PartitionIndex } from '../../kafka/ids.ts'

/**
 * Ids of events grow with time, so the newest is the greatest; NO_EVENT where nothing has happened.
 */
export class Causes {
  readonly #nodes = new Map<NodeId, number>()
  readonly #partitions = new Map<PartitionIndex, number>()
  /** Newest strike or heal of any fault: the last resort. */
  fault = NO_EVENT
  /** Newest step of a runbook: why a client is where it is. */
  step = NO_EVENT

  /** `event` happened to a node: a fault hit it, it was fenced, it registered. */
  noteNode(node: NodeId, event: number): void {
    this.#nodes.set(node, event)
  }

  /** `event` changed a partition's registration. */
  notePartition(partition: PartitionIndex, event: number): void {
    this.#partitions.set(partition, event)
  }

  /** The newest event at any of these nodes, else the newest fault. */
  ofNodes(nodes: readonly NodeId[]): number {
    let newest = NO_EVENT
    for (const node of nodes) newest = Math.max(newest, this.#nodes.get(node) ?? NO_EVENT)
    return newest === NO_EVENT ? this.fault : newest
  }

  /** Why somebody meets what he may not do: he was sent there, or it was taken from him. */
  ofRefusal(): number {
    return Math.max(this.step, this.fault)
  }

  /** The newest event of the partition; else what `ofNodes` gives. */
  ofPartition(partition: PartitionIndex, nodes: readonly NodeId[]): number {
    const own = this.#partitions.get(partition) ?? NO_EVENT
    return own === NO_EVENT ? this.ofNodes(nodes) : own
  }
}
