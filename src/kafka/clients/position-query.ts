// Models: how a consumer asks leaders about positions: grouped by node, retried after a back-off.
// Leaves out: default.api.timeout.ms of blocking calls.
// Source: consumer.internals.OffsetFetcher, OffsetFetcherUtils.

import type { Micros } from '../../sim/time.ts'
import { NEVER } from '../../sim/time.ts'
import type { NodeId } from '../ids.ts'
import { NO_NODE } from '../ids.ts'
import type { KafkaClient } from '../network/client-channel.ts'
import type { ConsumerConfig } from './consumer-config.ts'
import type { ClientMetadata } from './metadata.ts'
import type { Subscription } from './subscription.ts'
import type { AssignedPartition, PositionState } from './subscription-state.ts'

/** Partitions in one state that may be asked about now, by the node to ask. */
export class PositionQuery {
  private readonly config: ConsumerConfig
  private readonly client: KafkaClient
  private readonly metadata: ClientMetadata
  private readonly subscription: Subscription

  constructor(
    config: ConsumerConfig,
    client: KafkaClient,
    metadata: ClientMetadata,
    subscription: Subscription,
  ) {
    this.config = config
    this.client = client
    this.metadata = metadata
    this.subscription = subscription
  }

  /**
   * Calls `send` once a node. What is asked about is asked again only after an answer, or after
   * request.timeout.ms.
   * @returns when to look again.
   */
  ask(
    state: PositionState,
    now: Micros,
    send: (node: NodeId, partitions: readonly AssignedPartition[]) => void,
  ): Micros {
    // Most looks find nothing to ask about.
    let byNode: Map<NodeId, AssignedPartition[]> | null = null
    let next = NEVER
    for (const assigned of this.subscription.partitions) {
      if (assigned.state !== state) continue
      const leader = this.metadata.leaderOf(assigned.partition)
      if (leader === NO_NODE) {
        // Something new is wanted, so the wait between two requests does not grow.
        this.metadata.requestUpdate(true)
        continue
      }
      const at = Math.max(assigned.retryAt, this.client.retryAt(leader) ?? 0)
      if (at > now) {
        next = Math.min(next, at)
        continue
      }
      // Taken back by the answer; until then it keeps the same question from going out twice.
      assigned.retryAt = now + this.config.requestTimeoutMs * 1_000
      byNode ??= new Map()
      const list = byNode.get(leader)
      if (list === undefined) byNode.set(leader, [assigned])
      else list.push(assigned)
    }
    if (byNode !== null) for (const [node, partitions] of byNode) send(node, partitions)
    return next
  }

  /** An error, or no answer: ask again after the back-off, with newer metadata. */
  retry(assigned: AssignedPartition, now: Micros): void {
    assigned.retryAt = now + this.config.retryBackoffMs * 1_000
    this.metadata.requestUpdate()
  }
}
