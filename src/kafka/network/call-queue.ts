// Models: requests that wait for a connection or for their answer, oldest first.
// Leaves out: correlation ids; answers come in request order, so the oldest call is answered.
// Source: org.apache.kafka.clients.InFlightRequests.

import type { Micros } from '../../sim/time.ts'
import type { Request } from '../messages.ts'
import type { RpcCaller } from './rpc.ts'

/** One request on its way; `caller` is null for the channel's own ApiVersions. */
export interface Call {
  readonly request: Request
  readonly caller: RpcCaller | null
  /** Counts anew from when the request leaves. */
  readonly timeout: Micros
  readonly deadline: Micros
}

/** First in, first out, in two arrays' worth of work: shifting is amortised. */
export class CallQueue {
  private calls: Call[] = []
  private head = 0

  get length(): number {
    return this.calls.length - this.head
  }

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
    const all = this.calls.slice(this.head)
    this.calls.length = 0
    this.head = 0
    return all
  }

  /** Removes and returns the calls whose deadline is at or before `now`, oldest first. */
  takeExpired(now: Micros): readonly Call[] {
    if (this.earliestDeadline() > now) return []
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
