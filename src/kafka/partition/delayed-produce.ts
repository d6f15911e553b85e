// Models: acks=all requests that wait until the high watermark has passed what they wrote.
// Leaves out: nothing of the rule.
// Source: kafka.server.DelayedProduce.

import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext } from '../../sim/process.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { millis } from '../../sim/time.ts'
import { TimeOut } from '../../sim/time-out.ts'
import type { KafkaError } from '../errors.ts'
import type { Offset, PartitionIndex } from '../ids.ts'
import type { LeaderHint } from '../leader-hint.ts'
import type { ProducePartitionResponse } from '../messages.ts'
import type { Reply } from '../network/rpc.ts'
import { type Waiter, WaiterIndex } from './waiter-index.ts'

/** One partition of a produce request, and what its producer will be told of it. */
export interface ProduceStatus extends ProducePartitionResponse {
  readonly partition: PartitionIndex
  /** What the high watermark must reach; meaningless unless pending. */
  readonly requiredOffset: Offset
  /** Also with a repetition: the offset of the first time. */
  baseOffset: Offset
  error: KafkaError
  currentLeader: LeaderHint | null
  /** Still to be decided; one that failed at the append never was. */
  isPending: boolean
}

/** What a parked produce needs of its broker. */
export interface ProduceJudge {
  /** null while the partition must wait; an error, also one that came later, ends its wait. */
  check(partition: PartitionIndex, requiredOffset: Offset): KafkaError | null
  respond(statuses: readonly ProduceStatus[], reply: Reply): void
}

/** Of a waiter that waits for nobody. */
const NO_STATUSES: ProduceStatus[] = []

/**
 * Parked acks=all requests of a broker. Waiters and their timers are used again. A request is
 * answered as a whole: one partition with a slow follower holds back the answer for all others of
 * the same request, and so the producer's whole connection.
 */
export class DelayedProducePurgatory implements Checked {
  readonly index = new WaiterIndex<DelayedProduce>()
  readonly context: ProcessContext
  readonly judge: ProduceJudge
  readonly #free: DelayedProduce[] = []

  constructor(context: ProcessContext, judge: ProduceJudge) {
    this.context = context
    this.judge = judge
  }

  /** Answers at once if all partitions are replicated or failed already, else waits. */
  park(statuses: ProduceStatus[], timeoutMs: number, reply: Reply): void {
    const waiter = this.#free.pop() ?? new DelayedProduce(this)
    waiter.begin(statuses, timeoutMs, reply)
  }

  /** A partition's high watermark, ISR or role changed. */
  wake(partition: PartitionIndex): void {
    this.index.wake(partition)
  }

  /** From a waiter that is about to answer: the next produce may take it. */
  recycle(waiter: DelayedProduce): void {
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
 * One parked request. A partition once decided stays so, whatever happens to it before the others
 * are: what was replicated is acknowledged, though the leader may have lost the partition since.
 */
class DelayedProduce implements Waiter {
  readonly #purgatory: DelayedProducePurgatory
  readonly #timer: TimeOut
  #statuses: ProduceStatus[] = NO_STATUSES
  /** How many of `#statuses` are pending. */
  #pending = 0
  #reply: Reply | null = null

  constructor(purgatory: DelayedProducePurgatory) {
    this.#purgatory = purgatory
    this.#timer = new TimeOut(purgatory.context, () => this.#expire())
  }

  /** Looks first, because a lone leader has committed already; then watches what is left. */
  begin(statuses: ProduceStatus[], timeoutMs: number, reply: Reply): void {
    this.#statuses = statuses
    this.#reply = reply
    this.#pending = 0
    for (const status of statuses) if (status.isPending) this.#pending++
    for (const status of statuses) this.#look(status)
    if (this.#isDone()) {
      this.#complete()
      return
    }
    for (const status of statuses) {
      if (status.isPending) this.#purgatory.index.add(status.partition, this)
    }
    this.#timer.arm(millis(timeoutMs))
  }

  get isParked(): boolean {
    return this.#reply !== null
  }

  assertWhole(): void {
    invariant(this.isParked, 'whoever waits has somebody to answer')
    invariant(this.#timer.armed, 'nobody waits for ever')
  }

  onChange(partition: PartitionIndex): void {
    const statuses = this.#statuses
    for (let i = 0; i < statuses.length; i++) {
      const status = statuses[i]
      if (status?.partition === partition && this.#look(status)) {
        this.#purgatory.index.remove(partition, this)
      }
    }
    if (this.#isDone()) this.#complete()
  }

  /** @returns whether the partition has just been decided */
  #look(status: ProduceStatus): boolean {
    if (!status.isPending) return false
    const outcome = this.#purgatory.judge.check(status.partition, status.requiredOffset)
    if (outcome === null) return false
    status.isPending = false
    this.#pending--
    status.error = outcome
    return true
  }

  #isDone(): boolean {
    return this.#reply !== null && this.#pending === 0
  }

  /**
   * The limit is request.timeout.ms of the producer, which it sends along. The records stay in the
   * log: the client cannot know whether they will be committed, and mostly they are.
   */
  #expire(): void {
    for (const status of this.#statuses) {
      if (!status.isPending) continue
      status.isPending = false
      status.error = 'REQUEST_TIMED_OUT'
      this.#purgatory.index.remove(status.partition, this)
    }
    this.#complete()
  }

  /** Free before it answers: the answer may bring in a request that takes this very waiter. */
  #complete(): void {
    const reply = this.#reply
    const statuses = this.#statuses
    if (reply === null) return
    this.#timer.cancel()
    this.#reply = null
    this.#statuses = NO_STATUSES
    this.#purgatory.recycle(this)
    this.#purgatory.judge.respond(statuses, reply)
  }
}
