// Models: how far a follower's fetcher is with one partition.
// Leaves out: the lag that Kafka reports as a metric.
// Source: kafka.server.PartitionFetchState.

import type { Micros } from '../../sim/time.ts'
import { type LeaderEpoch, NO_EPOCH, type Offset, type PartitionIndex } from '../ids.ts'
import type { EpochEndOffset } from '../log/leader-epoch-cache.ts'
import type { FetchPartition } from '../messages.ts'
import { endOfEpoch } from '../partition/epoch-end.ts'
import { followerTruncate } from '../partition/follower-truncate.ts'
import type { Partition } from '../partition/partition.ts'
import type { InTurn, PartitionStates } from './partition-states.ts'

/**
 * `truncating`: the leader must be asked where the last epoch ended before anything is fetched
 * (KIP-101 only; later the fetch itself tells). `fetching`: fetched from `fetchOffset`.
 * `failed`: given up until metadata gives the partition anew.
 */
export type FetchPhase = 'truncating' | 'fetching' | 'failed'

/** What helpers of a fetcher may do with the partitions that it follows. */
export interface FollowedPartitions {
  readonly states: PartitionStates<PartitionFetch>
  /** The log changed: go on from its end. */
  resume(index: PartitionIndex): void
  /** After an error: out of the next requests for a while. */
  delay(index: PartitionIndex): void
  /** Nothing but new metadata can help. */
  fail(index: PartitionIndex): void
}

/**
 * Where one partition stands: made anew with each leader epoch, so that no answer of an older one
 * is taken for its own.
 */
export class PartitionFetch implements InTurn<PartitionFetch> {
  readonly partition: Partition
  /** Epoch in which the partition was given to the fetcher; a later one gives it anew. */
  readonly leaderEpoch: LeaderEpoch
  fetchOffset: Offset
  lastFetchedEpoch: LeaderEpoch = NO_EPOCH
  phase: FetchPhase = 'fetching'
  /** Errors keep a partition out of the next requests for a while. */
  delayedUntil: Micros = 0
  /** Its neighbours in `PartitionStates`. */
  previous: PartitionFetch | null = null
  next: PartitionFetch | null = null
  /** Before 2.1: one cut has been made where a log could not tell; no epochs are sent any more. */
  #isBlind = false
  /** Its last line in a request; most fetches of an idle partition repeat it. */
  asked: FetchPartition | null = null

  /** Begins at the log's end; without any epoch in the log, or before KIP-101, at its watermark. */
  constructor(partition: Partition) {
    this.partition = partition
    this.leaderEpoch = partition.leaderEpoch
    const { log, host } = partition
    const hasEpochs = log.epochs.latestEpoch() !== undefined
    if (!hasEpochs || !host.guards.epochBasedTruncation)
      followerTruncate(partition, log.highWatermark)
    else if (!host.guards.truncationIteratesEpochs) this.phase = 'truncating'
    this.fetchOffset = log.logEndOffset
    this.resume()
  }

  /** Goes on from the log's end, whatever was appended or cut. */
  resume(): void {
    const { log, host } = this.partition
    this.fetchOffset = log.logEndOffset
    const { epochBasedTruncation, truncationIteratesEpochs } = host.guards
    const asksInFetch = epochBasedTruncation && truncationIteratesEpochs && !this.#isBlind
    this.lastFetchedEpoch = asksInFetch ? (log.epochs.latestEpoch() ?? NO_EPOCH) : NO_EPOCH
  }

  /** Before 2.1, where one of the two logs cannot tell, one cut is made and nothing compared on. */
  onDiverging(end: EpochEndOffset): void {
    if (this.partition.host.guards.epochKnownFromElection) return
    if (endOfEpoch(this.partition, end.epoch).epoch === NO_EPOCH) this.#isBlind = true
  }

  /** Whether the next request lists it; a delay that is over needs nobody to end it. */
  isReady(now: Micros): boolean {
    return this.phase === 'fetching' && now >= this.delayedUntil
  }

  /** Whether this fetcher still stands where it stood when it sent `entry`. */
  isAt(entry: FetchPartition, now: Micros): boolean {
    if (entry.currentLeaderEpoch !== this.leaderEpoch) return false
    return entry.fetchOffset === this.fetchOffset && this.isReady(now)
  }

  /** Its line in a fetch request; the same object as long as nothing has changed. */
  entry(maxBytes: number): FetchPartition {
    const { log, index } = this.partition
    const last = this.asked
    if (
      last !== null &&
      last.fetchOffset === this.fetchOffset &&
      last.lastFetchedEpoch === this.lastFetchedEpoch &&
      last.logStartOffset === log.logStartOffset
    ) {
      return last
    }
    this.asked = {
      partition: index,
      currentLeaderEpoch: this.leaderEpoch,
      fetchOffset: this.fetchOffset,
      lastFetchedEpoch: this.lastFetchedEpoch,
      logStartOffset: log.logStartOffset,
      maxBytes,
    }
    return this.asked
  }
}
