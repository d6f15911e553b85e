// Models: what a follower does when its fetch offset is out of the leader's range.
// Leaves out: tiered storage.
// Source: AbstractFetcherThread.fetchOffsetAndTruncate, handleOutOfRangeError.

import type { NodeId, Offset, PartitionIndex } from '../ids.ts'
import type { ListOffsetsRequest, ListOffsetsResponse, Response } from '../messages.ts'
import { followerRestartAt, followerTruncate } from '../partition/follower-truncate.ts'
import type { FollowedPartitions } from './partition-fetch.ts'

type Answer = ListOffsetsResponse['partitions'][number]

/**
 * Partitions out of range, settled one after the other before the thread fetches again. Kafka asks
 * in the middle of working on the answer, with its lock held: there too the thread's other
 * partitions wait for the two round trips.
 */
export class OffsetReset {
  readonly #fetcher: FollowedPartitions
  readonly #queue: PartitionIndex[] = []
  /** The second question is asked only where the leader's end is no reason to cut. */
  #asks: 'latest' | 'earliest' = 'latest'

  constructor(fetcher: FollowedPartitions) {
    this.#fetcher = fetcher
  }

  /**
   * Its fetch was answered OFFSET_OUT_OF_RANGE. Until it is settled, the thread fetches nothing.
   */
  add(index: PartitionIndex): void {
    if (!this.#queue.includes(index)) this.#queue.push(index)
  }

  /** The question to ask next; null if all is settled. */
  next(nodeId: NodeId): ListOffsetsRequest | null {
    while (this.#queue.length > 0) {
      const [index] = this.#queue
      const state = index === undefined ? undefined : this.#fetcher.states.get(index)
      if (index === undefined || state === undefined) {
        this.#settle()
        continue
      }
      const query = { partition: index, currentLeaderEpoch: state.leaderEpoch, at: this.#asks }
      return { api: 'ListOffsets', replicaId: nodeId, partitions: [query] }
    }
    return null
  }

  /**
   * Cuts, starts over, or asks once more. An answer to a question of an earlier epoch settles
   * nothing: metadata has given the partition anew.
   */
  onReply(request: ListOffsetsRequest, response: Response | null): void {
    const [query] = request.partitions
    if (query === undefined || query.partition !== this.#queue[0]) return
    const state = this.#fetcher.states.get(query.partition)
    if (state === undefined || state.leaderEpoch !== query.currentLeaderEpoch) {
      this.#settle()
      return
    }
    const answer = response?.api === 'ListOffsets' ? response.partitions[0] : undefined
    if (answer === undefined || answer.error !== 'NONE') this.#onError(query.partition, answer)
    else if (query.at === 'latest') this.#onLeaderEnd(query.partition, answer.offset)
    else this.#onLeaderStart(query.partition, answer.offset)
  }

  #onError(index: PartitionIndex, answer: Answer | undefined): void {
    if (answer?.error === 'FENCED_LEADER_EPOCH') this.#fetcher.fail(index)
    else this.#fetcher.delay(index)
    this.#settle()
  }

  /**
   * A leader that ends before this log was elected uncleanly: cut to its end. Below it the logs
   * may still differ; the next fetch compares their epochs.
   */
  #onLeaderEnd(index: PartitionIndex, leaderEnd: Offset): void {
    const state = this.#fetcher.states.get(index)
    if (state === undefined) return
    // Not behind after all: then what this log wants to go on from lies before the leader's start,
    // or the leader has grown since it refused.
    if (leaderEnd >= state.partition.log.logEndOffset) {
      this.#asks = 'earliest'
      return
    }
    followerTruncate(state.partition, leaderEnd)
    this.#fetcher.resume(index)
    this.#settle()
  }

  /** A leader that starts after this log's end has deleted what was missing: start over there. */
  #onLeaderStart(index: PartitionIndex, leaderStart: Offset): void {
    const state = this.#fetcher.states.get(index)
    if (state === undefined) return
    if (leaderStart > state.partition.log.logEndOffset)
      followerRestartAt(state.partition, leaderStart)
    this.#fetcher.resume(index)
    this.#settle()
  }

  #settle(): void {
    this.#queue.shift()
    this.#asks = 'latest'
  }
}
