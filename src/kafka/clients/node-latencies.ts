// Models: for how long a producer has had something to send to a node and could not.
// Leaves out: nothing.
// Source: producer.internals.RecordAccumulator (NodeLatencyStats, updateNodeLatencyStats); KIP-794.

import { invariant } from '../../sim/invariant.ts'
import type { Micros } from '../../sim/time.ts'
import type { NodeId } from '../ids.ts'

interface NodeLatency {
  /** When it last had something to send, and when that could go. */
  readyAt: Micros
  drainedAt: Micros
}

/** A node is slow while its connection does not come or takes no more requests. */
export class NodeLatencies {
  readonly #timeout: Micros
  readonly #nodes = new Map<NodeId, NodeLatency>()

  /** @param timeout partitioner.availability.timeout.ms in micros; 0: no node is ever slow */
  constructor(timeout: Micros) {
    this.#timeout = timeout
  }

  /** There are batches for the node, which takes them now or does not. */
  update(node: NodeId, now: Micros, canDrain: boolean): void {
    if (this.#timeout === 0) return
    let latency = this.#nodes.get(node)
    if (latency === undefined) {
      latency = { readyAt: now, drainedAt: now }
      this.#nodes.set(node, latency)
    }
    if (canDrain) latency.drainedAt = now
    latency.readyAt = now
    invariant(latency.drainedAt <= now, 'what is sent was ready', { node })
  }

  /** Whether batches have waited for it for longer than the time-out. */
  isSlow(node: NodeId): boolean {
    const latency = this.#nodes.get(node)
    return latency !== undefined && latency.readyAt - latency.drainedAt > this.#timeout
  }
}
