// Models: a consumer's check, after each change of leader, that its position still exists there.
// Leaves out: brokers too old to answer (they skip the check by a guard).
// Source: KIP-320; consumer.internals.OffsetsForLeaderEpochClient, SubscriptionState.

import type { Micros } from '../../sim/time.ts'
import type { OffsetsForLeaderEpochRequest, Response } from '../messages.ts'
import type { KafkaClient } from '../network/client-channel.ts'
import type { RpcCaller } from '../network/rpc.ts'
import type { ConsumerConfig } from './consumer-config.ts'
import type { PositionQuery } from './position-query.ts'
import type { Subscription } from './subscription.ts'
import type { AssignedPartition } from './subscription-state.ts'

interface ValidationRequest extends OffsetsForLeaderEpochRequest {
  /** Positions as they were when asked about, in the order of `partitions`. */
  readonly offsets: readonly number[]
}

/**
 * KIP-320: after a change of leader a consumer asks where its last epoch ended there, before it
 * reads on. Without, it would read other records under the offsets of those that were cut.
 */
export class PositionValidation implements RpcCaller<ValidationRequest> {
  private readonly config: ConsumerConfig
  private readonly client: KafkaClient
  private readonly query: PositionQuery
  private readonly subscription: Subscription
  private readonly wake: () => void

  constructor(
    config: ConsumerConfig,
    client: KafkaClient,
    query: PositionQuery,
    subscription: Subscription,
    wake: () => void,
  ) {
    this.config = config
    this.client = client
    this.query = query
    this.subscription = subscription
    this.wake = wake
  }

  /** Asks the leaders of all positions that wait for validation. @returns when to look again. */
  sendRequests(now: Micros): Micros {
    return this.query.ask('validate', now, (node, partitions) => {
      const request: ValidationRequest = {
        api: 'OffsetsForLeaderEpoch',
        partitions: partitions.map((assigned) => ({
          partition: assigned.partition,
          currentLeaderEpoch: assigned.leaderEpoch,
          // Of the last record consumed: where did that epoch end with you?
          leaderEpoch: assigned.offsetEpoch,
        })),
        offsets: partitions.map((assigned) => assigned.offset),
      }
      this.client.send(node, request, this.config.requestTimeoutMs, this)
    })
  }

  /**
   * Valid, truncated, or unknown to the leader; an answer about a position that has moved, or about
   * an earlier leader, is for nobody (SubscriptionState.maybeCompleteValidation).
   */
  onReply(asked: ValidationRequest, response: Response | null): void {
    const now = this.client.now
    asked.partitions.forEach((question, i) => {
      const assigned = this.subscription.of(question.partition)
      if (assigned === null || !isCurrent(assigned, question, asked.offsets[i])) return
      const answer =
        response?.api === 'OffsetsForLeaderEpoch'
          ? response.partitions.find((entry) => entry.partition === question.partition)
          : undefined
      if (answer === undefined || answer.error !== 'NONE') this.query.retry(assigned, now)
      else if (answer.endOffset < 0 || answer.leaderEpoch < 0)
        this.subscription.undefinedEpoch(assigned)
      // What was read beyond that end is in no log any more.
      else if (answer.endOffset < assigned.offset)
        this.subscription.truncated(assigned, answer.endOffset, answer.leaderEpoch)
      else assigned.validated()
    })
    this.wake()
  }
}

/** The position and its leader are still those that were asked about. */
function isCurrent(
  assigned: AssignedPartition,
  question: { readonly currentLeaderEpoch: number; readonly leaderEpoch: number },
  offset: number | undefined,
): boolean {
  return (
    assigned.state === 'validate' &&
    assigned.offset === offset &&
    assigned.leaderEpoch === question.currentLeaderEpoch &&
    assigned.offsetEpoch === question.leaderEpoch
  )
}
