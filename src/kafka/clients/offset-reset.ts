// Models: auto.offset.reset: where a consumer without a valid position goes on.
// Leaves out: by_duration (KIP-1106), committed offsets (the assignment brings them).
// Source: consumer.internals.OffsetFetcher.resetPositionsIfNeeded, SubscriptionState.

import type { Micros } from '../../sim/time.ts'
import type { NodeId } from '../ids.ts'
import { NO_NODE } from '../ids.ts'
import type { ListOffsetsRequest, Response } from '../messages.ts'
import type { KafkaClient } from '../network/client-channel.ts'
import type { RpcCaller, RpcFailure } from '../network/rpc.ts'
import type { ConsumerConfig } from './consumer-config.ts'
import type { ClientMetadata } from './metadata.ts'
import type { PositionQuery } from './position-query.ts'
import type { Subscription } from './subscription.ts'

/**
 * Finds the offset of an end of the log, where auto.offset.reset or a seek asks for one.
 * The answer counts only for a partition that still waits: a seek in between wins.
 */
export class OffsetReset implements RpcCaller<ListOffsetsRequest> {
  private readonly config: ConsumerConfig
  private readonly client: KafkaClient
  private readonly metadata: ClientMetadata
  private readonly query: PositionQuery
  private readonly subscription: Subscription
  private readonly wake: () => void

  constructor(
    config: ConsumerConfig,
    client: KafkaClient,
    metadata: ClientMetadata,
    query: PositionQuery,
    subscription: Subscription,
    wake: () => void,
  ) {
    this.config = config
    this.client = client
    this.metadata = metadata
    this.query = query
    this.subscription = subscription
    this.wake = wake
  }

  /** Asks the leaders of all partitions that wait for a position. @returns when to look again. */
  sendRequests(now: Micros): Micros {
    const policy = this.config.autoOffsetReset === 'earliest' ? 'earliest' : 'latest'
    return this.query.ask('reset', now, (node, partitions) => {
      const request: ListOffsetsRequest = {
        api: 'ListOffsets',
        replicaId: NO_NODE,
        partitions: partitions.map(({ partition, resetAt }) => ({
          partition,
          // So that no leader of yesterday tells the end of a log that is cut by now.
          currentLeaderEpoch: this.metadata.epochOf(partition),
          at: resetAt ?? policy,
        })),
      }
      this.client.send(node, request, this.config.requestTimeoutMs, this)
    })
  }

  /** Errors and lost answers are asked again after retry.backoff.ms, and metadata with them. */
  onReply(
    request: ListOffsetsRequest,
    response: Response | null,
    _failure: RpcFailure | null,
    _node: NodeId,
  ): void {
    for (const { partition } of request.partitions) {
      const assigned = this.subscription.of(partition)
      if (assigned === null || assigned.state !== 'reset') continue
      const answer =
        response?.api === 'ListOffsets'
          ? response.partitions.find((entry) => entry.partition === partition)
          : undefined
      if (answer === undefined || answer.error !== 'NONE') {
        this.query.retry(assigned, this.client.now)
        continue
      }
      const leader = this.metadata.leaderOf(partition)
      const epoch = this.metadata.epochOf(partition)
      // The answer may be of a newer epoch than metadata: then the leader is looked for before a
      // fetch.
      this.metadata.sawEpoch(partition, answer.leaderEpoch)
      this.subscription.resetFound(assigned, answer.offset, leader, epoch)
    }
    this.wake()
  }
}
