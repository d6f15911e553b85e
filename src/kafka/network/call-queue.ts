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
  /** Behind it in the queue that it stands in: it stands in one at a time. */
  next: Call | null
  /** The same call when its request leaves: its limit counts anew from then. */
  sentAt(now: Micros): Call
  answer(response: Response | null, failure: RpcFailure | null, node: NodeId): void
}

/** A request with the caller that gets it back; null for the channel's own. */
export class CallOf<Q extends Request> implements Call {
  readonly request: Q
  readonly deadline: Micros
  next: Call | null = null
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

/** First in, first out. Calls are linked: to see that none waits takes a look at one place. */
export class CallQueue {
  length = 0
  private first: Call | null = null
  private last: Call | null = null

  /** Behind all others. Deadlines need not ascend: callers bring time-outs of their own. */
  push(call: Call): void {
    if (this.last === null) this.first = call
    else this.last.next = call
    this.last = call
    this.length++
  }

  /** Removes and returns the oldest call, or null. */
  shift(): Call | null {
    const call = this.first
    if (call === null) return null
    this.first = call.next
    if (this.first === null) this.last = null
    call.next = null
    this.length--
    return call
  }

  /** Removes and returns all calls, oldest first. */
  drain(): readonly Call[] {
    if (this.length === 0) return NO_CALLS
    const all: Call[] = []
    for (let call = this.shift(); call !== null; call = this.shift()) all.push(call)
    return all
  }

  /** Removes and returns the calls whose deadline is at or before `now`, oldest first. */
  takeExpired(now: Micros): readonly Call[] {
    if (this.earliestDeadline() > now) return NO_CALLS
    const all = this.drain()
    for (const call of all) if (call.deadline > now) this.push(call)
    return all.filter((call) => call.deadline <= now)
  }

  /** Infinity when empty. */
  earliestDeadline(): Micros {
    let earliest = Number.POSITIVE_INFINITY
    for (let call = this.first; call !== null; call = call.next) {
      if (call.deadline < earliest) earliest = call.deadline
    }
    return earliest
  }
}
