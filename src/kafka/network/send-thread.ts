// Models: a thread that sleeps in its network client and looks at clocks when poll returns.
// Leaves out: its own processor time; more than one expired unsent request of a node a look.
// Source: server.util.InterBrokerSendThread.pollOnce, clients.NetworkClient.poll.

import type { Timer } from '../../sim/process.ts'
import type { Random } from '../../sim/random.ts'
import { type Micros, MS } from '../../sim/time.ts'
import { TimeOut } from '../../sim/time-out.ts'
import type { ConnectionState } from './connection-state.ts'

/** Linux lets a wait for sockets end late by a thousandth of its length … */
const POLL_SLACK_DIVISOR = 1_000
/** … unless the kernel's tick comes before, which fires what is due (CONFIG_HZ=250). */
const KERNEL_TICK: Micros = 4 * MS

/** A connection as the thread sees it. Deadlines are Infinity where nothing is waited for. */
export interface WatchedConnection {
  readonly state: ConnectionState
  /** Disconnected with requests that wait: they fail when the thread next looks. */
  readonly isBackingOff: boolean
  /** The next moment at which a request or the set-up times out. */
  nextDeadline(): Micros
  /** When the connection is closed for want of use. */
  idleDeadline(): Micros
  /** Closes what has been set up, or kept waiting for an answer, past `limit`. */
  closeOverdue(limit: Micros): void
  /** Fails requests that have not left: all without a connection, else those past `limit`. */
  failUnsent(limit: Micros): void
}

/** What the thread needs of its channel. */
export interface SendThreadHost {
  readonly now: Micros
  readonly random: Random
  timer(fn: () => void): Timer
  connections(): Iterable<WatchedConnection>
}

export interface SendThreadOptions {
  /** The client's request time-out, which is also its longest sleep. */
  readonly requestTimeout: Micros
  /** From being woken to reading the clock. */
  readonly wakeMicros: Micros
}

/**
 * Nothing times out while the thread sleeps. It wakes for a new request, for anything that a
 * socket has to tell, or after the request time-out. The race that makes time-outs late:
 *
 * 1. a request leaves; the thread sleeps, for one request time-out at most;
 * 2. its sender gives it up after the same time and sends to somebody else, which wakes the thread;
 * 3. by its clock of whole milliseconds the first request is not older than its limit yet;
 * 4. the thread sleeps again, for another request time-out: the connection stays as long.
 */
export class SendThread {
  readonly #host: SendThreadHost
  readonly #options: SendThreadOptions
  readonly #timer: TimeOut
  #isLooking = false
  #hasWritten = false

  constructor(host: SendThreadHost, options: SendThreadOptions) {
    this.#host = host
    this.#options = options
    this.#timer = new TimeOut(host, () => this.wake())
  }

  /** Poll returns: what is over by the thread's clock fails, then it sleeps again. */
  wake(): void {
    if (this.#isLooking) return
    this.#isLooking = true
    const clock = this.#host.now + this.#options.wakeMicros
    const limit = clock - (clock % MS) - 1
    for (const connection of this.#host.connections()) connection.closeOverdue(limit)
    for (const connection of this.#host.connections()) connection.failUnsent(limit)
    this.#isLooking = false
    this.sleep()
  }

  /** A request goes out: poll returns once more as soon as it is written. */
  wrote(): void {
    this.#hasWritten = true
  }

  /** To be called when there is something new to wait for. */
  sleep(): void {
    if (this.#isLooking) return
    const { now } = this.#host
    let until = Number.POSITIVE_INFINITY
    for (const connection of this.#host.connections()) {
      until = Math.min(until, this.#sleepFor(connection, now))
    }
    this.#hasWritten = false
    if (until === Number.POSITIVE_INFINITY) this.#timer.cancel()
    else this.#timer.arm(Math.max(0, until - now))
  }

  #sleepFor(connection: WatchedConnection, now: Micros): Micros {
    if (connection.isBackingOff) return connection.state.retryAt()
    const { requestTimeout, wakeMicros } = this.#options
    const next = connection.nextDeadline()
    // One more, so that by the clock of whole milliseconds it is over.
    if (next === Number.POSITIVE_INFINITY) return connection.idleDeadline() + MS
    if (this.#hasWritten && next <= now) return now + wakeMicros
    // A set-up that a request waits for bounds the sleep by its whole limit, from now.
    const { phase, setupTimeout } = connection.state
    const wait = phase === 'connecting' ? Math.min(requestTimeout, setupTimeout) : requestTimeout
    const slack = Math.floor(wait / POLL_SLACK_DIVISOR)
    return now + wait + Math.min(slack, this.#host.random.int(0, KERNEL_TICK))
  }
}
