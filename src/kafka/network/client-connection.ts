// Models: a client's connection to one node: set-up, in-flight requests, time-outs, idle close.
// Leaves out: partial writes (a request leaves whole), throttling.
// Source: clients.NetworkClient, InFlightRequests; kafka.server.BrokerBlockingSender.

import type { SocketHandler, Wire } from '../../sim/connection.ts'
import { invariant } from '../../sim/invariant.ts'
import type { Timer } from '../../sim/process.ts'
import type { EventHandler, HandlerId } from '../../sim/scheduler.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { type Micros, MS, NEVER } from '../../sim/time.ts'
import type { NodeId } from '../ids.ts'
import type { Acks, Request, Response } from '../messages.ts'
import type { Call } from './call-queue.ts'
import { CallOf, CallQueue } from './call-queue.ts'
import type { ChannelOptions } from './channel-options.ts'
import { ConnectionState } from './connection-state.ts'
import type { BackoffRandom } from './exponential-backoff.ts'
import type { RpcFailure } from './rpc.ts'
import type { SendThread, WatchedConnection } from './send-thread.ts'
import { FetchSessionSize, requestBytes } from './sizes.ts'

/** What a connection needs of its channel. */
export interface ConnectionHost {
  readonly now: Micros
  readonly options: ChannelOptions
  readonly random: BackoffRandom
  /** Opens a socket; null if the node has no address, which counts as refused. */
  openSocket(node: NodeId, handler: SocketHandler): Wire | null
  timer(fn: () => void): Timer
  /** Who notices time-outs, where that is a thread of its own; else the connection's timer does. */
  readonly thread: SendThread | null
  /** For messages that `deferReceive` brings back. */
  receiver(fn: EventHandler<unknown>): HandlerId<unknown>
  /** Hands a message to the connection's receiver after the client's own time. */
  deferReceive(connection: ClientConnection, delay: Micros, epoch: number, message: unknown): void
  /** A request is overdue, and the client's thread, which sleeps, will notice when it wakes. */
  overdueUnnoticed(): void
  /** Calls `failWaiting` a moment later, so that no caller is answered inside its own send. */
  deferFailure(connection: ClientConnection): void
  /** When the client's thread wakes next, later than now; null: it always looks at its clock. */
  wakesAt(): Micros | null
  connectionReady(node: NodeId): void
  connectionLost(node: NodeId): void
}

const API_VERSIONS: Request = { api: 'ApiVersions' }

/**
 * A time-out of one request closes the connection (NetworkClient.handleTimedOutRequests): nobody
 * could tell its late answer from that of the next. All others in flight have timed out with it.
 */
export class ClientConnection implements SocketHandler, WatchedConnection, Checked {
  readonly node: NodeId
  readonly state: ConnectionState
  /** Set up, API versions known; in-flight requests may be at their limit. */
  isReady = false
  /** Of an answer on its way through the client. */
  readonly receiveHandler: HandlerId<unknown>
  /** Sent, not answered. */
  readonly inFlight = new CallQueue()
  /** Accepted by send(), not sent. */
  private readonly waiting = new CallQueue()
  private readonly host: ConnectionHost
  private readonly timer: Timer
  /** When the timer fires; NEVER while it is not armed. */
  private looksAt: Micros = NEVER
  private readonly session = new FetchSessionSize()
  private socket: Wire | null = null
  /** Counts sockets, so that a message of an earlier one is recognised. */
  private socketEpoch = 0
  private lastUsed: Micros = 0
  private failing = false
  /** When the thread wakes that will notice a request overdue; 0: none is. */
  private noticedAt: Micros = 0

  constructor(node: NodeId, host: ConnectionHost) {
    this.node = node
    this.host = host
    const { reconnectBackoff, setupTimeout } = host.options
    this.state = new ConnectionState(reconnectBackoff, setupTimeout, host.random)
    this.timer = host.timer(() => this.onTimer())
    this.receiveHandler = host.receiver((_node, epoch, message) => this.receive(epoch, message))
  }

  /** Ready, and the in-flight limit leaves room. */
  get canSend(): boolean {
    return this.isReady && this.inFlight.length < this.host.options.inFlightMax
  }

  /** TCP is being set up, or API versions are asked for. */
  get isPreparing(): boolean {
    return this.state.phase === 'connecting' || this.state.phase === 'checking'
  }

  /** Disconnected with requests that wait: they fail when the thread next looks. */
  get isBackingOff(): boolean {
    return this.state.phase === 'disconnected' && this.waiting.length > 0
  }

  /** Sends now or as soon as the connection allows; opens it when it may. */
  enqueue(call: Call): void {
    this.host.thread?.wake()
    if (this.canSend && this.waiting.length === 0) this.transmit(call)
    else this.wait(call)
    this.armFor(call.deadline)
  }

  private wait(call: Call): void {
    this.waiting.push(call)
    if (this.isReady) this.flush()
    else if (!this.isPreparing) this.connectOrFail()
  }

  private connectOrFail(): void {
    if (this.state.canConnect(this.host.now)) this.connect()
    else this.failSoon()
  }

  /** Starts the set-up; the caller has checked `state.canConnect`. */
  connect(): void {
    invariant(this.socket === null, 'a node has one connection at a time', { node: this.node })
    this.state.connecting(this.host.now)
    this.socketEpoch++
    this.socket = this.host.openSocket(this.node, this)
    if (this.socket === null) this.failSoon()
    else this.armFor(this.host.now + this.state.setupTimeout)
  }

  private failSoon(): void {
    if (this.failing || (this.host.thread !== null && this.isBackingOff)) return
    this.failing = true
    this.host.deferFailure(this)
  }

  /** Second half of `failSoon`. */
  failWaiting(): void {
    this.failing = false
    if (this.state.phase === 'connecting' && this.socket === null) this.lost('refused')
    else if (this.state.phase === 'disconnected') this.answer(this.waiting.drain(), 'disconnected')
  }

  /**
   * TCP is up. Ready at once, or after the answer to ApiVersions, which goes before all that waits.
   */
  onOpen(socket: Wire): void {
    if (socket !== this.socket) return
    this.lastUsed = this.host.now
    if (!this.host.options.apiVersions) {
      this.becomeReady()
      return
    }
    this.state.checking()
    const timeout = this.host.options.requestTimeout
    const deadline = this.host.now + timeout
    this.transmit(new CallOf(API_VERSIONS, null, timeout, deadline))
    this.armFor(deadline)
  }

  /**
   * An answer has come; the client takes it after its own time. One from a socket before is
   * dropped.
   */
  onMessage(socket: Wire, message: unknown): void {
    if (socket !== this.socket) return
    const delay = this.host.options.receiveServiceMicros
    if (delay === 0) this.receive(this.socketEpoch, message)
    else this.host.deferReceive(this, delay, this.socketEpoch, message)
  }

  /**
   * The peer or a kernel has ended it: whatever was sent or waits fails, unless this end closed
   * first.
   */
  onClose(socket: Wire, reason: 'reset' | 'refused' | 'closed'): void {
    if (socket !== this.socket) return
    this.lost(reason === 'refused' ? 'refused' : 'disconnected')
    this.host.thread?.wake()
  }

  /**
   * The client's thread takes the answer to the oldest request in flight, or knows that one is
   * written that has none.
   */
  private receive(epoch: number, message: unknown): void {
    if (message instanceof Sent) {
      message.call.answer(null, null, this.node)
      return
    }
    if (epoch !== this.socketEpoch || this.socket === null) return
    const call = this.inFlight.shift()
    invariant(call !== null, 'an answer belongs to a request in flight', { node: this.node })
    this.lastUsed = this.host.now
    if (call.isInternal) {
      this.becomeReady()
      return
    }
    this.flush()
    this.host.thread?.wake()
    call.answer(message as Response, null, this.node)
  }

  private becomeReady(): void {
    this.state.ready()
    this.isReady = true
    this.flush()
    this.host.thread?.wake()
    this.host.connectionReady(this.node)
  }

  private flush(): void {
    while (this.waiting.length > 0 && this.canSend) {
      const call = this.waiting.shift()
      if (call !== null) this.transmit(call)
    }
  }

  private transmit(call: Call): void {
    invariant(this.socket !== null, 'a request leaves on an open connection', { node: this.node })
    this.lastUsed = this.host.now
    const request = call.request
    this.socket.send(request, requestBytes(request, this.session))
    this.host.thread?.wrote()
    if (expectsAnswer(request)) this.inFlight.push(call.sentAt(this.host.now))
    // Without an answer the client's own work is all that a request takes.
    else
      this.host.deferReceive(
        this,
        this.host.options.receiveServiceMicros,
        this.socketEpoch,
        new Sent(call),
      )
  }

  /** Closes the connection on this side; what is in flight fails as disconnected. */
  close(): void {
    if (this.socket === null) return
    this.lost('disconnected')
  }

  /** Both ends hear a reset at once; nothing happens where there is no connection. */
  reset(): void {
    if (this.socket === null) return
    this.socket.abort()
    this.lost('disconnected')
  }

  private lost(failure: RpcFailure): void {
    const socket = this.socket
    this.socket = null
    this.socketEpoch++
    if (socket?.open || this.isPreparing) socket?.close()
    this.state.disconnected(this.host.now)
    this.isReady = false
    this.noticedAt = 0
    const unanswered = this.inFlight.drain()
    const unsent = this.waiting.drain()
    // The channel's owner hears of the loss first: it asks for metadata before it retries.
    this.host.connectionLost(this.node)
    this.answer(unanswered, failure)
    this.answer(unsent, failure === 'timed-out' ? 'disconnected' : failure)
  }

  private answer(calls: readonly Call[], failure: RpcFailure): void {
    for (const call of calls) call.answer(null, failure, this.node)
  }

  private armFor(deadline: Micros): void {
    const { thread } = this.host
    if (thread !== null) {
      thread.sleep()
      return
    }
    if (this.looksAt <= deadline) return
    const { now } = this.host
    this.looksAt = Math.max(now, deadline)
    this.timer.arm(this.looksAt - now)
  }

  /** Not every answer moves the timer: it fires at the old deadline and looks again. */
  private onTimer(): void {
    const now = this.host.now
    this.looksAt = NEVER
    this.answer(this.waiting.takeExpired(now), 'timed-out')
    if (this.isAwake(now)) this.closeOverdue(now)
    const next = Math.min(this.nextDeadline(), this.idleDeadline())
    if (next !== Number.POSITIVE_INFINITY) this.armFor(Math.max(next, this.noticedAt))
  }

  /**
   * A client that sleeps in poll does not hear its clock. So an answer of the broker that says that
   * the same time is over for it, too, comes before the client has noticed:
   * 1. request.timeout.ms after its send the oldest request is overdue; the thread sleeps;
   * 2. the broker, which began to count a moment later, answers it REQUEST_TIMED_OUT, and serves
   *    the next one of the connection;
   * 3. the thread, woken by the answer or by a new record, finds the next one overdue and closes.
   */
  private isAwake(now: Micros): boolean {
    if (this.inFlight.earliestDeadline() > now) return true
    if (this.noticedAt > 0 && this.noticedAt <= now) {
      this.noticedAt = 0
      this.closeUnanswered(now - (now % MS) - 1)
    }
    const wakesAt = this.host.wakesAt()
    if (wakesAt === null) return true
    invariant(wakesAt > now, 'who sleeps wakes later', { node: this.node, wakesAt })
    this.noticedAt = wakesAt
    this.host.overdueUnnoticed()
    return this.inFlight.length === 0
  }

  /** Closes what has been set up, or kept waiting for an answer, past the deadline `limit`. */
  closeOverdue(limit: Micros): void {
    if (this.state.phase === 'connecting') {
      if (this.setupDeadline() <= limit) this.lost('setup-timed-out')
    } else if (this.idleDeadline() <= limit) this.lost('disconnected')
    else this.closeUnanswered(limit)
  }

  /**
   * What the timer has found overdue while the thread slept is noticed now.
   * @returns whether there is still something of that kind
   */
  threadAwake(limit: Micros): boolean {
    if (this.noticedAt > 0) this.closeUnanswered(limit)
    return this.noticedAt > 0
  }

  /** Closes where a request has been in flight past the deadline `limit`. */
  private closeUnanswered(limit: Micros): void {
    if (this.inFlight.earliestDeadline() <= limit) this.lost('timed-out')
  }

  /** Fails requests that have not left: all without a connection, else those past `limit`. */
  failUnsent(limit: Micros): void {
    if (this.isBackingOff) this.answer(this.waiting.drain(), 'disconnected')
    else this.answer(this.waiting.takeExpired(limit), 'timed-out')
  }

  /**
   * Phase, socket and requests agree, and each request will time out.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    const { node, inFlight, waiting, socket, host } = this
    const { phase } = this.state
    const isUp = phase === 'ready' || phase === 'checking'
    invariant(!isUp || socket !== null, 'what is set up has a socket', { node, phase })
    invariant(isUp || inFlight.length === 0, 'what is in flight is on a connection', {
      node,
      phase,
    })
    const unanswered = inFlight.length
    const isAllowed = unanswered <= Math.max(1, host.options.inFlightMax)
    invariant(isAllowed, 'so many requests are in flight as may be', { node, unanswered })
    const isSent = !this.canSend || waiting.length === 0
    invariant(isSent, 'what can be sent is sent', { node, waiting: waiting.length })
    const isWatched = host.thread !== null || this.timer.armed || this.failing
    const isIdle = unanswered + waiting.length === 0
    invariant(isIdle || isWatched, 'a request times out at some time', { node, unanswered })
    invariant(this.isReady === (phase === 'ready'), 'who is ready knows it', { node, phase })
  }

  private setupDeadline(): Micros {
    return this.state.lastConnectAttempt + this.state.setupTimeout
  }

  /** When this connection is closed for want of use; Infinity while something is in flight. */
  idleDeadline(): Micros {
    if (!this.isReady || this.inFlight.length > 0) return Number.POSITIVE_INFINITY
    return this.lastUsed + this.host.options.connectionsMaxIdle
  }

  /** The next moment at which a request or the set-up times out; Infinity for none. */
  nextDeadline(): Micros {
    const waiting = this.waiting.earliestDeadline()
    if (this.state.phase === 'connecting') return Math.min(waiting, this.setupDeadline())
    return Math.min(waiting, this.inFlight.earliestDeadline())
  }
}

/** Stands in the receive path for a request that nobody answers: it is done once written. */
export class Sent {
  readonly call: Call
  constructor(call: Call) {
    this.call = call
  }
}

function expectsAnswer(request: Request): boolean {
  const none: Acks = 0
  return request.api !== 'Produce' || request.acks !== none
}
