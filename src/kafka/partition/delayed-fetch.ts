// Models: fetches that wait for data: long polls of followers and consumers.
// Leaves out: throttled replicas, completion by an older or newer segment.
// Source: kafka.server.DelayedFetch.

import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import { sortShort } from '../../sim/sort-short.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { millis } from '../../sim/time.ts'
import type { PartitionIndex } from '../ids.ts'
import type { FetchPartition, FetchRequest } from '../messages.ts'
import type { Reply } from '../network/rpc.ts'
import { type Waiter, WaiterIndex } from './waiter-index.ts'

/** What a parked fetch needs of its broker. */
export interface FetchJudge {
  /** Bytes that the fetch would get from this partition now; -1 if it must be answered at once. */
  readable(request: FetchRequest, entry: FetchPartition): number
  /** How many bytes are enough for it. */
  minBytes(request: FetchRequest): number
  /** Reads everything again and answers. */
  complete(request: FetchRequest, reply: Reply): void
}

/**
 * A fetcher's session, as far as its requests wait: one after the other for the same partitions, so
 * that they are found by the session and not by a list of those who wait.
 */
export interface WaitingSession {
  readonly parked: DelayedFetch | null
  rouse(partition: PartitionIndex): void
  park(fetch: DelayedFetch): void
  unpark(): void
  entryOf(partition: PartitionIndex): FetchPartition | undefined
  /** Lines of the partitions of which something may be readable. */
  restless(): readonly FetchPartition[]
}

const NO_SESSIONS: readonly WaitingSession[] = []

/**
 * Parked fetches of a broker. Waiters and their timers are used again. The connection of a parked
 * fetch is muted: a fetcher or consumer has one request out, and what it sends behind it waits too.
 */
export class DelayedFetchPurgatory implements Checked {
  readonly index = new WaiterIndex<DelayedFetch>()
  readonly context: ProcessContext
  readonly judge: FetchJudge
  readonly #free: DelayedFetch[] = []
  /** Fetches parked so far. */
  #count = 0

  constructor(context: ProcessContext, judge: FetchJudge) {
    this.context = context
    this.judge = judge
  }

  /** Waits until there is enough to answer, or request.maxWaitMs. */
  park(request: FetchRequest, reply: Reply, session: WaitingSession | null = null): void {
    const waiter = this.#free.pop() ?? new DelayedFetch(this)
    waiter.begin(request, reply, session, ++this.#count)
  }

  /**
   * A partition's log end, high watermark or role changed: all look, in the order of parking.
   * @param sessions in which the partition is fetched; their next fetches look at it as well
   */
  wake(partition: PartitionIndex, sessions: readonly WaitingSession[] = NO_SESSIONS): void {
    const others = this.index.of(partition)
    let first: DelayedFetch | null = null
    let more: DelayedFetch[] | null = null
    for (let i = 0; i < sessions.length; i++) {
      const session = sessions[i]
      if (session === undefined) continue
      session.rouse(partition)
      const { parked } = session
      if (parked === null) continue
      if (first === null) first = parked
      else if (more === null) more = [first, parked]
      else more.push(parked)
    }
    if (first === null) this.index.wake(partition)
    else if (more === null && others.length === 0) first.onChange(partition)
    else this.#wakeInTurn(partition, [...(more ?? [first]), ...others])
  }

  #wakeInTurn(partition: PartitionIndex, waiting: DelayedFetch[]): void {
    sortShort(waiting, byTurn)
    for (let i = 0; i < waiting.length; i++) waiting[i]?.onChange(partition)
  }

  /** From a waiter that is about to answer: the next fetch may take it. */
  recycle(waiter: DelayedFetch): void {
    this.#free.push(waiter)
  }

  /**
   * Whoever waits has a request and a timer; whoever is free has none.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    this.index.assertWhole(this.#free)
  }
}

/**
 * One parked fetch. Whatever wakes it, all its partitions are read anew when it is answered: what
 * was found at the first look may have been cut since.
 */
export class DelayedFetch implements Waiter {
  /** Whoever was parked first looks first. */
  turn = 0
  readonly #purgatory: DelayedFetchPurgatory
  readonly #timer: Timer
  #session: WaitingSession | null = null
  #request: FetchRequest | null = null
  #reply: Reply | null = null

  constructor(purgatory: DelayedFetchPurgatory) {
    this.#purgatory = purgatory
    this.#timer = purgatory.context.timer(() => this.#complete())
  }

  /** It was read once without finding enough, so that it need not look now. */
  begin(request: FetchRequest, reply: Reply, session: WaitingSession | null, turn: number): void {
    this.#request = request
    this.#reply = reply
    this.#session = session
    this.turn = turn
    if (session !== null) session.park(this)
    else for (const { partition } of request.partitions) this.#purgatory.index.add(partition, this)
    this.#timer.arm(millis(request.maxWaitMs))
  }

  get isParked(): boolean {
    return this.#request !== null
  }

  assertWhole(): void {
    invariant(this.isParked, 'whoever waits has somebody to answer')
    invariant(this.#timer.armed, 'nobody waits for ever')
  }

  onChange(partition: PartitionIndex): void {
    const request = this.#request
    if (request !== null && this.#isSatisfied(request, partition)) this.#complete()
  }

  /** With fetch.min.bytes 1 only the partition that changed can have made a difference. */
  #isSatisfied(request: FetchRequest, partition: PartitionIndex): boolean {
    const { judge } = this.#purgatory
    const session = this.#session
    const minBytes = judge.minBytes(request)
    if (session !== null && minBytes <= 1) {
      const entry = session.entryOf(partition)
      return entry !== undefined && judge.readable(request, entry) !== 0
    }
    const partitions = session === null ? request.partitions : session.restless()
    let bytes = 0
    for (let i = 0; i < partitions.length; i++) {
      const entry = partitions[i]
      if (entry === undefined) continue
      if (entry.partition !== partition && minBytes <= 1) continue
      // A partition that must be answered at once completes the others too, with what they have.
      const readable = judge.readable(request, entry)
      if (readable < 0) return true
      bytes += readable
    }
    return bytes >= Math.max(1, minBytes)
  }

  #complete(): void {
    const request = this.#request
    const reply = this.#reply
    if (request === null || reply === null) return
    this.#timer.cancel()
    if (this.#session !== null) this.#session.unpark()
    else
      for (const { partition } of request.partitions) this.#purgatory.index.remove(partition, this)
    this.#session = null
    this.#request = null
    this.#reply = null
    // Free before it answers: the answer may bring in a fetch that takes this very waiter.
    this.#purgatory.recycle(this)
    this.#purgatory.judge.complete(request, reply)
  }
}

function byTurn(one: DelayedFetch, other: DelayedFetch): number {
  return one.turn - other.turn
}
