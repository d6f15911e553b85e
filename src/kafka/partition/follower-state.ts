// Models: what a leader knows of one follower: how far it has fetched and when it was caught up.
// Leaves out: nothing of the rule; times are micros where Kafka's are milliseconds.
// Source: kafka.cluster.Replica, ReplicaState.

import type { Micros } from '../../sim/time.ts'
import type { BrokerEpoch, NodeId, Offset } from '../ids.ts'

/** No fetch of this leader's reign has been seen yet. */
const LEO_UNKNOWN: Offset = -1
/** Broker epoch of a follower that has not fetched, or that sends none. */
const BROKER_EPOCH_UNKNOWN: BrokerEpoch = -1
/**
 * Kafka's zero is 1970, longer ago than any lag time. A run's zero is its first moment: taken for
 * one at which a replica had everything, it would let that replica hold the high watermark back
 * for as long as replica.lag.time.max.ms.
 */
export const LONG_AGO: Micros = -1_000_000_000_000_000

/** When somebody's fetches arrive, of many partitions together. */
export interface FetchClock {
  readonly lastFetchTime: Micros
}

/** One follower of a led partition. Written by the leader's fetch handling only. */
export class FollowerState {
  readonly id: NodeId
  /** Offset of its last fetch; it may go back. -1 while unknown. */
  logEndOffset: Offset = LEO_UNKNOWN
  /** Its log's start as of the same fetch: nobody is sent there for what it has deleted. */
  logStartOffset: Offset = LEO_UNKNOWN
  /** The leader's log end at the last fetch (P). */
  lastFetchLeaderLogEndOffset: Offset = LEO_UNKNOWN
  #lastFetchTime: Micros = LONG_AGO
  #lastCaughtUpTime: Micros = LONG_AGO
  /** Of fetches that leave all as it is but for the time; null where there are none. */
  #clock: FetchClock | null = null
  /**
   * Of the process that fetched last: the controller compares it with who is registered (KIP-903).
   */
  brokerEpoch: BrokerEpoch = BROKER_EPOCH_UNKNOWN
  /** Whether it has fetched since the leader's epoch began; a broker epoch counts from then on. */
  hasFetched = false
  /** The high watermark that its last fetch found. */
  lastSentHighWatermark: Offset = LEO_UNKNOWN

  constructor(id: NodeId) {
    this.id = id
  }

  /** Arrival of the last fetch (Tp). */
  get lastFetchTime(): Micros {
    return this.#clock === null ? this.#lastFetchTime : this.#clock.lastFetchTime
  }

  /** The last moment at which it is known to have had everything (C). */
  get lastCaughtUpTime(): Micros {
    return this.#clock === null ? this.#lastCaughtUpTime : this.#clock.lastFetchTime
  }

  /** It has everything, and fetches again each time that `clock` says, until it settles. */
  fetchesBy(clock: FetchClock): void {
    this.#clock = clock
  }

  /** What `clock` says from now on is no fetch of this partition, or one that has to be told. */
  settle(clock: FetchClock): void {
    if (clock !== this.#clock) return
    this.#lastFetchTime = clock.lastFetchTime
    this.#lastCaughtUpTime = clock.lastFetchTime
    this.#clock = null
  }

  /**
   * A valid fetch arrived. Someone always one fetch behind a growing log still counts as caught
   * up, as of its previous fetch.
   * @param leaderLogEndOffset read before the fetch was served
   */
  onFetch(
    fetchOffset: Offset,
    followerLogStart: Offset,
    leaderLogEndOffset: Offset,
    now: Micros,
    brokerEpoch: BrokerEpoch,
  ): void {
    if (this.#clock !== null) this.settle(this.#clock)
    if (fetchOffset >= leaderLogEndOffset) {
      if (now > this.#lastCaughtUpTime) this.#lastCaughtUpTime = now
    } else if (fetchOffset >= this.lastFetchLeaderLogEndOffset) {
      if (this.#lastFetchTime > this.#lastCaughtUpTime) this.#lastCaughtUpTime = this.#lastFetchTime
    }
    if (leaderLogEndOffset > this.lastFetchLeaderLogEndOffset) {
      this.lastFetchLeaderLogEndOffset = leaderLogEndOffset
    }
    this.#lastFetchTime = now
    this.logEndOffset = fetchOffset
    this.logStartOffset = followerLogStart
    this.brokerEpoch = brokerEpoch
    this.hasFetched = true
  }

  /**
   * The leader's epoch has grown. A new leader knows nothing of the others; one that leads on keeps
   * their log ends but judges their progress anew. A member of the ISR gets a whole lag time.
   */
  onNewLeaderEpoch(isNewLeader: boolean, isInSync: boolean, epochStart: Offset, now: Micros): void {
    const caughtUp = isInSync ? now : LONG_AGO
    if (this.#clock !== null) this.settle(this.#clock)
    this.lastSentHighWatermark = LEO_UNKNOWN
    this.#lastCaughtUpTime = caughtUp
    if (isNewLeader) {
      this.logEndOffset = LEO_UNKNOWN
      this.logStartOffset = LEO_UNKNOWN
      this.lastFetchLeaderLogEndOffset = LEO_UNKNOWN
      this.#lastFetchTime = LONG_AGO
      this.brokerEpoch = BROKER_EPOCH_UNKNOWN
      this.hasFetched = false
    } else {
      this.lastFetchLeaderLogEndOffset = epochStart
      this.#lastFetchTime = caughtUp
    }
  }

  /** Has everything now, or had it within the lag time. */
  isCaughtUp(leaderLogEndOffset: Offset, now: Micros, lagTimeMax: Micros): boolean {
    return this.logEndOffset === leaderLogEndOffset || now - this.lastCaughtUpTime <= lagTimeMax
  }
}
