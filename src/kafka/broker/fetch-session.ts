// Models: one incremental fetch session: what was asked of each partition, and what was told.
// Leaves out: the limit of a session's partitions.
// Source: kafka.server.FetchSession, CachedPartition; KIP-227.

import { IndexMap } from '../../sim/index-map.ts'
import { invariant } from '../../sim/invariant.ts'
import { keptElements } from '../../sim/kept-elements.ts'
import { sortShort } from '../../sim/sort-short.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { takeOut } from '../../sim/take-out.ts'
import type { Micros } from '../../sim/time.ts'
import {
  type BrokerEpoch,
  type FetchSessionId,
  INITIAL_SESSION_EPOCH,
  NO_OFFSET,
  type Offset,
  type PartitionIndex,
} from '../ids.ts'
import type { FetchPartition, FetchPartitionResponse, FetchRequest } from '../messages.ts'
import type { DelayedFetch, WaitingSession } from '../partition/delayed-fetch.ts'
import { type FetchClock, type FollowerState, LONG_AGO } from '../partition/follower-state.ts'

/** A partition of a session. */
class CachedPartition {
  /** Its line in the last request. */
  entry: FetchPartition
  /** Its place there, by which answers are in order; 0 for one that is listed no more. */
  turn: number
  /** What the session told last. */
  highWatermark: Offset = NO_OFFSET
  logStartOffset: Offset = NO_OFFSET
  /** Who has all of it and knows all of it; null where the next fetch has to look. */
  quiet: FollowerState | null = null
  /** Whether it stands in the session's list of those to look at. */
  isToBeSeen = true

  constructor(entry: FetchPartition, turn: number) {
    this.entry = entry
    this.turn = turn
  }
}

/** Which sessions list a partition. */
export class SessionIndex {
  readonly #sessions = new IndexMap<PartitionIndex, FetchSession[]>()

  /** In the order in which they began to list it. */
  of(index: PartitionIndex): readonly FetchSession[] {
    return this.#sessions.get(index) ?? NO_SESSIONS
  }

  add(index: PartitionIndex, session: FetchSession): void {
    const known = this.#sessions.get(index)
    if (known === undefined) this.#sessions.set(index, [session])
    else known.push(session)
  }

  remove(index: PartitionIndex, session: FetchSession): void {
    const known = this.#sessions.get(index)
    if (known !== undefined) takeOut(known, session)
  }
}

const NO_SESSIONS: readonly FetchSession[] = []
const NO_ENTRIES: readonly FetchPartition[] = []

/**
 * One fetcher's conversation with this broker. Most of its partitions are quiet at most times: the
 * follower has everything and was told everything. Nothing looks at them, however often it fetches,
 * until somebody who changes one rouses it; when they were fetched last, the session itself tells.
 */
export class FetchSession implements Checked, FetchClock, WaitingSession {
  readonly id: FetchSessionId
  /** Of the request that comes next. */
  epoch = INITIAL_SESSION_EPOCH + 1
  lastFetchTime: Micros = LONG_AGO
  /** Its request that waits for data; stays where the session has ended meanwhile. */
  parked: DelayedFetch | null = null
  readonly #index: SessionIndex
  readonly #cached = new IndexMap<PartitionIndex, CachedPartition>()
  /** All that are not quiet, among some that are by now. */
  readonly toBeSeen: CachedPartition[] = []
  /** As the last request listed them. */
  #listed: readonly FetchPartition[] = []
  /** The last turn that was given. */
  #turn = 0
  #brokerEpoch: BrokerEpoch
  #hasEnded = false

  /** @param request asks for the session; the answer to it names all its partitions */
  constructor(
    id: FetchSessionId,
    request: FetchRequest,
    answers: readonly FetchPartitionResponse[],
    index: SessionIndex,
  ) {
    this.id = id
    this.#index = index
    this.#brokerEpoch = request.brokerEpoch
    this.#list(request.partitions)
    for (const { partition, highWatermark, logStartOffset } of answers) {
      const told = this.#cached.get(partition)
      if (told === undefined) continue
      told.highWatermark = highWatermark
      told.logStartOffset = logStartOffset
    }
  }

  /** The next request of the session: its partitions are those of the session from now on. */
  goOn({ partitions }: FetchRequest): void {
    this.#list(partitions)
    this.epoch++
  }

  /** Looks at no more than the lines that are others than in the request before. */
  #list(partitions: readonly FetchPartition[]): void {
    const before = this.#listed
    const kept = keptElements(before, partitions)
    const lastTurn = this.#turn
    for (let i = kept; i < partitions.length; i++) {
      const entry = partitions[i]
      if (entry !== undefined) this.#ask(entry, ++this.#turn)
    }
    for (let i = 0, k = 0; i < before.length; i++) {
      const entry = before[i]
      if (k < kept && entry === partitions[k]) k++
      else if (entry !== undefined) this.#forgetUnasked(entry.partition, lastTurn)
    }
    this.#listed = partitions
  }

  #ask(entry: FetchPartition, turn: number): void {
    const cached = this.#cached.get(entry.partition)
    if (cached === undefined) this.#add(new CachedPartition(entry, turn))
    else {
      cached.turn = turn
      if (cached.entry === entry) return
      cached.entry = entry
      this.#rouse(cached)
    }
  }

  #add(cached: CachedPartition): void {
    const { partition } = cached.entry
    this.#cached.set(partition, cached)
    this.toBeSeen.push(cached)
    this.#index.add(partition, this)
  }

  /** A line of the request before is gone: its partition too, unless it has got a new one. */
  #forgetUnasked(index: PartitionIndex, lastTurn: number): void {
    const cached = this.#cached.get(index)
    if (cached === undefined || cached.turn > lastTurn) return
    this.#rouse(cached)
    cached.turn = 0
    this.#cached.delete(index)
    this.#index.remove(index, this)
  }

  /**
   * A request of the session is about to be read.
   * @param isFromReplaced every partition has to refuse it
   */
  arrives({ brokerEpoch }: FetchRequest, now: Micros, isFromReplaced: boolean): void {
    if (isFromReplaced || brokerEpoch !== this.#brokerEpoch) {
      for (const cached of this.#cached.values()) this.#rouse(cached)
    }
    this.#brokerEpoch = brokerEpoch
    this.lastFetchTime = now
  }

  /** The partition has nothing for `follower`, and its fetches bring about nothing. */
  calm(index: PartitionIndex, follower: FollowerState): void {
    const cached = this.#cached.get(index)
    if (cached === undefined) return
    cached.quiet = follower
    follower.fetchesBy(this)
  }

  /** The partition has changed: the next fetch looks at it. */
  rouse(index: PartitionIndex): void {
    const cached = this.#cached.get(index)
    if (cached !== undefined) this.#rouse(cached)
  }

  #rouse(cached: CachedPartition): void {
    if (cached.quiet === null) return
    cached.quiet.settle(this)
    cached.quiet = null
    if (cached.isToBeSeen) return
    cached.isToBeSeen = true
    this.toBeSeen.push(cached)
  }

  /** Those of its partitions that may have something to tell, in the order of the request. */
  restless(): readonly FetchPartition[] {
    const seen = this.toBeSeen
    let kept = 0
    let isInOrder = true
    let lastTurn = 0
    for (let i = 0; i < seen.length; i++) {
      const cached = seen[i]
      if (cached === undefined) continue
      cached.isToBeSeen = cached.quiet === null && cached.turn > 0
      if (!cached.isToBeSeen) continue
      if (lastTurn > cached.turn) isInOrder = false
      lastTurn = cached.turn
      if (kept < i) seen[kept] = cached
      kept++
    }
    while (seen.length > kept) seen.pop()
    if (kept === 0) return NO_ENTRIES
    if (!isInOrder) sortShort(seen, byTurn)
    const entries: FetchPartition[] = []
    for (let i = 0; i < seen.length; i++) entries.push(seen[i].entry)
    return entries
  }

  /** Undefined where the session does not list the partition. */
  entryOf(index: PartitionIndex): FetchPartition | undefined {
    return this.#cached.get(index)?.entry
  }

  /**
   * Whether it was told other offsets than these; always of a partition that is new to the session
   * (CachedPartition.maybeUpdateResponseData).
   */
  isNews(index: PartitionIndex, highWatermark: Offset, logStartOffset: Offset): boolean {
    const told = this.#cached.get(index)
    if (told === undefined) return true
    return told.highWatermark !== highWatermark || told.logStartOffset !== logStartOffset
  }

  /** An error is repeated until it is gone, and what follows it is news. */
  tell(answers: readonly FetchPartitionResponse[]): void {
    for (let i = 0; i < answers.length; i++) {
      const answer = answers[i]
      const told = answer === undefined ? undefined : this.#cached.get(answer.partition)
      if (answer === undefined || told === undefined) continue
      told.highWatermark = answer.error === 'NONE' ? answer.highWatermark : NO_OFFSET
      told.logStartOffset = answer.logStartOffset
    }
  }

  park(fetch: DelayedFetch): void {
    this.parked = fetch
  }

  unpark(): void {
    this.parked = null
    if (this.#hasEnded) this.#leave()
  }

  /** No request goes on in it; one that waits is still answered. */
  end(): void {
    this.#hasEnded = true
    if (this.parked === null) this.#leave()
  }

  #leave(): void {
    for (const { entry } of this.#cached.values()) this.#index.remove(entry.partition, this)
  }

  /** The quiet partitions, with those who have everything of them. */
  *quiet(): Generator<readonly [FetchPartition, FollowerState]> {
    for (const { entry, quiet } of this.#cached.values()) if (quiet !== null) yield [entry, quiet]
  }

  /**
   * No log starts above its high watermark, and each partition that is not quiet is looked at.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    const { id } = this
    this.parked?.assertWhole()
    for (const cached of this.#cached.values()) {
      const { highWatermark, logStartOffset, quiet } = cached
      const isReadable = highWatermark === NO_OFFSET || logStartOffset <= highWatermark
      invariant(isReadable, 'a log was told to start below its high watermark', { id })
      const isSeen = quiet !== null || this.toBeSeen.includes(cached)
      invariant(isSeen, 'a fetch looks at every partition that is not quiet', { id })
    }
  }
}

function byTurn(one: CachedPartition, other: CachedPartition): number {
  return one.turn - other.turn
}
