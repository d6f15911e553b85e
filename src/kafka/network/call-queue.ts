// Models: requests that wait for a connection or for their answer, oldest first.
// Leaves out: correlation ids; answers come in request order, so the oldest call is answered.
// Source: org.apache.kafka.clients.InFlightRequests.

import type { Micros } from '../../sim/time.ts'
import type { NodeId } from '../ids.ts'
import type { Request, Response } from '../messages.ts'
import type { RpcCaller, RpcFailure } from './rpc.ts'

/** One request on its way, whoever sent it. */
export interface Call {
  readonly request: Request
  /** The channel's own: nobody else hears of its answer. */
  readonly isInternal: boolean
  readonly deadline: Micros
  /** The same call when its request leaves: its limit counts anew from then. */
  sentAt(now: Micros): Call
  answer(response: Response | null, failure: RpcFailure | null, node: NodeId): void
}

/** A request with the caller that gets it back; null for the channel's own. */
export class CallOf<Q extends Request> implements Call {
  readonly request: Q
  readonly deadline: Micros
  private readonly caller: RpcCaller<Q> | null
  private readonly timeout: Micros

  constructor(request: Q, caller: RpcCaller<Q> | null, timeout: Micros, deadline: Micros) {
    this.request = request
    this.caller = caller
    this.timeout = timeout
    this.deadline = deadline
  }

  get isInternal(): boolean {
    return this.caller === null
  }

  /** Itself where the limit ends at the same moment, as when a request leaves at once. */
  sentAt(now: Micros): Call {
    const deadline = now + this.timeout
    if (this.deadline === deadline) return this
    return new CallOf(this.request, this.caller, this.timeout, deadline)
  }

  /**
   * Tells the caller, if there is one; either `response` or `failure` is null, both with acks=0.
   */
  answer(response: Response | null, failure: RpcFailure | null, node: NodeId): void {
    this.caller?.onReply(this.request, response, failure, node)
  }
}

const NO_CALLS: readonly Call[] = []

/** First in, first out, in two arrays' worth of work: shifting is amortised. */
export class CallQueue {
  private calls: Call[] = []
  private head = 0

  get length(): number {
    return this.calls.length - this.head
  }

  /** Behind all others. Deadlines need not ascend: callers bring time-outs of their own. */
  push(call: Call): void {
    this.calls.push(call)
  }

  /** Removes and returns the oldest call, or null. */
  shift(): Call | null {
    const call = this.calls[this.head]
    if (call === undefined) return null
    this.head++
    if (this.head === this.calls.length) {
      // One by one, because most often it is one, and setting a length is slow.
      while (this.calls.length > 0) this.calls.pop()
      this.head = 0
    } else if (this.head > 32) {
      this.calls = this.calls.slice(this.head)
      this.head = 0
    }
    return call
  }

  /** Removes and returns all calls, oldest first. */
  drain(): readonly Call[] {
    if (this.length === 0) return NO_CALLS
    const all = this.calls.slice(this.head)
    this.calls.length = 0
    this.head = 0
    return all
  }

  /** Removes and returns the calls whose deadline is at or before `now`, oldest first. */
  takeExpired(now: Micros): readonly Call[] {
    if (this.earliestDeadline() > now) return NO_CALLS
    const all = this.drain()
    for (const call of all) if (call.deadline > now) this.calls.push(call)
    return all.filter((call) => call.deadline <= now)
  }

  /** Infinity when empty. */
  earliestDeadline(): Micros {
    let earliest = Number.POSITIVE_INFINITY
    for (let i = this.head; i < this.calls.length; i++) {
      earliest = Math.min(earliest, this.calls[i]?.deadline ?? earliest)
    }
    return earliest
  }
}
