// Models: fetches that wait for data: long polls of followers and consumers.
// Leaves out: throttled replicas, completion by an older or newer segment.
// Source: kafka.server.DelayedFetch.

import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
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
 * Parked fetches of a broker. Waiters and their timers are used again. The connection of a parked
 * fetch is muted: a fetcher or consumer has one request out, and what it sends behind it waits too.
 */
export class DelayedFetchPurgatory implements Checked {
  readonly index = new WaiterIndex<DelayedFetch>()
  readonly context: ProcessContext
  readonly judge: FetchJudge
  readonly #free: DelayedFetch[] = []

  constructor(context: ProcessContext, judge: FetchJudge) {
    this.context = context
    this.judge = judge
  }

  /** Waits until there is enough to answer, or request.maxWaitMs. */
  park(request: FetchRequest, reply: Reply): void {
    const waiter = this.#free.pop() ?? new DelayedFetch(this)
    waiter.begin(request, reply)
  }

  /** A partition's log end, high watermark or role changed. */
  wake(partition: PartitionIndex): void {
    this.index.wake(partition)
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
class DelayedFetch implements Waiter {
  readonly #purgatory: DelayedFetchPurgatory
  readonly #timer: Timer
  #request: FetchRequest | null = null
  #reply: Reply | null = null

  constructor(purgatory: DelayedFetchPurgatory) {
    this.#purgatory = purgatory
    this.#timer = purgatory.context.timer(() => this.#complete())
  }

  /** It was read once without finding enough, so that it need not look now. */
  begin(request: FetchRequest, reply: Reply): void {
    this.#request = request
    this.#reply = reply
    const { partitions } = request
    for (let i = 0; i < partitions.length; i++) {
      const entry = partitions[i]
      if (entry !== undefined) this.#purgatory.index.add(entry.partition, this)
    }
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
    const { partitions } = request
    const minBytes = this.#purgatory.judge.minBytes(request)
    let bytes = 0
    for (let i = 0; i < partitions.length; i++) {
      const entry = partitions[i]
      if (entry === undefined) continue
      if (entry.partition !== partition && minBytes <= 1) continue
      // A partition that must be answered at once completes the others too, with what they have.
      const readable = this.#purgatory.judge.readable(request, entry)
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
    for (const entry of request.partitions) this.#purgatory.index.remove(entry.partition, this)
    this.#request = null
    this.#reply = null
    // Free before it answers: the answer may bring in a fetch that takes this very waiter.
    this.#purgatory.recycle(this)
    this.#purgatory.judge.complete(request, reply)
  }
}
