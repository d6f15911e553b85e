// Models: KIP-101's one question to the leader before a follower fetches: where did my epoch end?
// Leaves out: KIP-279's repetition of it; from 2.0 on the fetch itself carries question and answer.
// Source: AbstractFetcherThread.maybeTruncate as of 0.11 to 1.1; KIP-279.

import type { Micros } from '../../sim/time.ts'
import { NO_OFFSET } from '../ids.ts'
import type { OffsetsForLeaderEpochRequest, Response } from '../messages.ts'
import { followerTruncate } from '../partition/follower-truncate.ts'
import type { FollowedPartitions, PartitionFetch } from './partition-fetch.ts'

const NOBODY: readonly PartitionFetch[] = []

/** Asks for all partitions that are about to be truncated, in one request. */
export class EpochTruncation {
  readonly #fetcher: FollowedPartitions
  /** Those in the question that is out; metadata may take some of them away meanwhile. */
  #asked = NOBODY

  constructor(fetcher: FollowedPartitions) {
    this.#fetcher = fetcher
  }

  /**
   * The question for all partitions that are to be truncated and not delayed; null for none. An
   * earlier one that is still unanswered is forgotten.
   */
  next(now: Micros): OffsetsForLeaderEpochRequest | null {
    let asked = NOBODY
    for (let state = this.#fetcher.states.first; state !== null; state = state.next) {
      if (state.phase === 'truncating' && now >= state.delayedUntil) asked = [...asked, state]
    }
    if (asked.length === 0) return null
    this.#asked = asked
    return {
      api: 'OffsetsForLeaderEpoch',
      partitions: asked.map(({ partition, leaderEpoch }) => ({
        partition: partition.index,
        currentLeaderEpoch: leaderEpoch,
        leaderEpoch: partition.log.epochs.latestEpoch() ?? -1,
      })),
    }
  }

  /** Only the offset counts: an epoch that differs does not lead to another question. */
  onReply(response: Response | null): void {
    const answers = response?.api === 'OffsetsForLeaderEpoch' ? response.partitions : []
    for (const state of this.#asked) {
      const { partition } = state
      // Metadata gave it to another thread, or anew to this one, while the leader answered.
      if (this.#fetcher.states.get(partition.index) !== state) continue
      const answer = answers.find((candidate) => candidate.partition === partition.index)
      if (answer === undefined || answer.error !== 'NONE') {
        this.#fetcher.delay(partition.index)
        continue
      }
      const { log } = partition
      // A leader that knows no epochs cannot say: then the rule of before KIP-101 holds.
      const end = answer.endOffset === NO_OFFSET ? log.highWatermark : answer.endOffset
      followerTruncate(partition, Math.min(end, log.logEndOffset))
      state.phase = 'fetching'
      this.#fetcher.resume(partition.index)
    }
    this.#asked = NOBODY
  }
}
