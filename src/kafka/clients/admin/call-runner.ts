// Models: the thread of an administrator's client: chooses nodes, sends one call a node at a time,
// tries again, and gives up at a call's deadline.
// Leaves out: what a thread that wakes late adds to time-outs.
// Source: KafkaAdminClient.AdminClientRunnable.

import type { Process, Timer } from '../../../sim/process.ts'
import type { Random } from '../../../sim/random.ts'
import type { HandlerId } from '../../../sim/scheduler.ts'
import { type Micros, NEVER } from '../../../sim/time.ts'
import { type KafkaError, traitsOf } from '../../errors.ts'
import { NO_NODE, type NodeId } from '../../ids.ts'
import type { Request, Response } from '../../messages.ts'
import type { ChannelListener, ClientChannel } from '../../network/client-channel.ts'
import { type BackoffSpec, backoff, retryBackoff } from '../../network/exponential-backoff.ts'
import type { RpcCaller, RpcFailure } from '../../network/rpc.ts'
import { leastLoadedNode } from '../metadata-updater.ts'
import type { AdminConfig } from './admin-config.ts'
import type { AdminMetadata } from './admin-metadata.ts'
import { Call, type CallWork } from './call.ts'

/**
 * One call in flight a node, so that a broker that answers slowly delays what comes behind it
 * there. Every call ends by its deadline, through its callback, at most once.
 */
export class CallRunner implements ChannelListener, RpcCaller {
  readonly backoff: BackoffSpec
  readonly random: Random
  readonly #config: AdminConfig
  readonly #process: Process
  readonly #channel: ClientChannel
  /** Its own copy: an administrator’s client looks at brokers and the controller, not at topics. */
  readonly #metadata: AdminMetadata
  readonly #timer: Timer
  readonly #runHandler: HandlerId
  /** Calls without a node. */
  #pending: Call[] = []
  /** Calls by the node that they wait for. */
  readonly #toSend = new Map<NodeId, Call[]>()
  /**
   * One a node (InFlightRequests of the admin client is 1): a hung broker holds up its own calls.
   */
  readonly #inFlight = new Map<NodeId, Call>()
  /** Until when a node may take to become ready for the calls that wait for it. */
  readonly #readyUntil = new Map<NodeId, Micros>()
  #awake = false
  #isClosed = false
  /** Closing: no new calls, and when the old ones fail; null while open. */
  #hardShutdownAt: Micros | null = null
  #onClosed: (() => void) | null = null

  constructor(
    process: Process,
    config: AdminConfig,
    channel: ClientChannel,
    metadata: AdminMetadata,
  ) {
    this.#process = process
    this.#config = config
    this.#channel = channel
    this.#metadata = metadata
    this.backoff = retryBackoff(config)
    this.random = process.random('admin')
    this.#timer = process.timer(() => this.#run())
    this.#runHandler = process.handler(() => {
      this.#awake = false
      this.#run()
    }, 'admin')
    channel.listener = this
    this.#wake()
  }

  get now(): Micros {
    return this.#process.now
  }

  /** A client that is closing refuses at once. */
  call(work: CallWork, deadline: Micros, tries = 0, nextTryAt: Micros = 0): void {
    if (this.#hardShutdownAt !== null) {
      work.failed('ADMIN_CLOSED')
      return
    }
    this.#pending.push(new Call(work, deadline, tries, nextTryAt))
    this.#wake()
  }

  /** Waits that long for the calls under way; what is left then fails. */
  close(timeoutMs: number, onClosed: () => void): void {
    if (this.#hardShutdownAt !== null) return
    this.#hardShutdownAt = this.now + timeoutMs * 1_000
    this.#onClosed = onClosed
    this.#wake()
  }

  // ---- from the channel -------------------------------------------------------------------------

  /** The first call that waits for this node can go. */
  onConnectionReady(_node: NodeId): void {
    this.#wake()
  }

  /** What was to be sent there is assigned anew. */
  onConnectionLost(node: NodeId): void {
    this.#metadata.requestUpdate()
    this.#unassign(node)
    this.#wake()
  }

  /**
   * Null is a lost connection or a time-out, and costs the call a try; the next in line goes then.
   */
  onReply(_: Request, response: Response | null, _failure: RpcFailure | null, node: NodeId): void {
    const call = this.#inFlight.get(node)
    if (call === undefined) return
    this.#inFlight.delete(node)
    const error = response === null ? 'NETWORK_EXCEPTION' : call.work.answered(response)
    if (error !== 'NONE') this.#fail(call, error)
    this.#wake()
  }

  // ---- one pass ---------------------------------------------------------------------------------

  /** Several causes of one moment make one pass. */
  #wake(): void {
    if (this.#awake || this.#isClosed) return
    this.#awake = true
    this.#process.after(0, this.#runHandler)
  }

  /**
   * AdminClientRunnable, in its order: what has no time left ends, calls get nodes, metadata is
   * asked for, what has a ready node is sent.
   */
  #run(): void {
    const { now } = this
    if (this.#isClosed) return
    if (this.#hardShutdownAt !== null && (!this.#hasWork() || now >= this.#hardShutdownAt)) {
      this.#end()
      return
    }
    let next = this.#hardShutdownAt ?? NEVER
    next = Math.min(next, this.#expire(now))
    next = Math.min(next, this.#assignPending(now))
    if (this.#metadata.nextFetchAt() <= now) this.#fetchMetadata(now)
    next = Math.min(next, this.#sendAssigned(now), this.#metadata.nextFetchAt())
    if (this.#pending.length > 0) next = Math.min(next, now + this.#config.retryBackoffMs * 1_000)
    if (next === NEVER) this.#timer.cancel()
    else if (this.#timer.deadline !== next) this.#timer.arm(Math.max(0, next - now))
  }

  /** Ends what has no time left; what is in flight the channel ends. @returns the next deadline */
  #expire(now: Micros): Micros {
    let next = NEVER
    for (const list of [this.#pending, ...this.#toSend.values()]) {
      for (const call of [...list]) {
        if (call.deadline > now) {
          next = Math.min(next, call.deadline)
          continue
        }
        list.splice(list.indexOf(call), 1)
        this.#fail(call, 'REQUEST_TIMED_OUT')
      }
    }
    return next
  }

  /** @returns when the next call that waits for another try may be assigned. */
  #assignPending(now: Micros): Micros {
    let next = NEVER
    const calls = this.#pending
    this.#pending = []
    for (const call of calls) {
      if (now < call.nextTryAt) next = Math.min(next, call.nextTryAt)
      if (now < call.nextTryAt || !this.#assign(call, now)) this.#pending.push(call)
    }
    return next
  }

  /** A call that finds no node waits for metadata, not for its back-off. */
  #assign(call: Call, now: Micros): boolean {
    const node = this.#nodeFor(call, now)
    if (node === null) return false
    call.node = node
    const list = this.#toSend.get(node)
    if (list === undefined) this.#toSend.set(node, [call])
    else list.push(call)
    return true
  }

  /** null: nobody fits now. The controller and named brokers must be known first. */
  #nodeFor({ work }: Call, now: Micros): NodeId | null {
    const { nodes, isReady, controller } = this.#metadata
    if (work.node === 'for-metadata') {
      const { node, available } = leastLoadedNode(nodes, this.#channel, this.random)
      this.#metadata.rebootstrapIf(!available, now)
      return this.#metadata.nodes === nodes ? node : null
    }
    if (isReady && work.node === 'least-loaded') {
      return leastLoadedNode(nodes, this.#channel, this.random).node
    }
    const wanted = work.node === 'controller' ? controller : work.node
    // A broker that metadata does not name (any more) may come back: the call waits for news of it.
    if (isReady && typeof wanted === 'number' && nodes.includes(wanted)) return wanted
    this.#metadata.requestUpdate()
    return null
  }

  /** An internal call like others, but never one that keeps a closing client open. */
  #fetchMetadata(now: Micros): void {
    this.#metadata.begin(now)
    const work: CallWork = {
      node: 'for-metadata',
      request: { api: 'Metadata', topics: [] },
      answered: (response) => {
        if (response.api !== 'Metadata') return 'UNKNOWN_SERVER_ERROR'
        this.#metadata.update(response, this.now)
        // With newer metadata another node may be the right one.
        for (const node of [...this.#toSend.keys()]) this.#unassign(node)
        return 'NONE'
      },
      failed: () => this.#metadata.failed(),
    }
    const call = new Call(work, now + this.#config.requestTimeoutMs * 1_000)
    if (!this.#assign(call, now)) this.#pending.push(call)
  }

  /** @returns when to look again at a node that is not ready. */
  #sendAssigned(now: Micros): Micros {
    let next = NEVER
    for (const [node, calls] of [...this.#toSend]) {
      if (calls.length === 0) this.#toSend.delete(node)
      else if (this.#inFlight.has(node)) this.#readyUntil.delete(node)
      else if (this.#channel.ready(node)) this.#sendFirst(node, calls, now)
      else next = Math.min(next, this.#awaitReady(node, now))
    }
    return next
  }

  /** A node that does not become ready in request.timeout.ms loses its calls to others. */
  #awaitReady(node: NodeId, now: Micros): Micros {
    const until = this.#readyUntil.get(node) ?? now + this.#config.requestTimeoutMs * 1_000
    this.#readyUntil.set(node, until)
    if (now >= until) {
      this.#unassign(node)
      this.#channel.disconnect(node)
      return now
    }
    const retryAt = this.#channel.retryAt(node)
    // Its connection has failed: somebody else may do.
    if (retryAt !== null) this.#unassign(node)
    return Math.min(until, retryAt ?? until)
  }

  /** The time that the node took to become ready counts. */
  #sendFirst(node: NodeId, calls: Call[], now: Micros): void {
    const call = calls.shift()
    if (call === undefined) return
    const until = this.#readyUntil.get(node) ?? now + this.#config.requestTimeoutMs * 1_000
    this.#readyUntil.delete(node)
    this.#inFlight.set(node, call)
    const timeoutMs = Math.floor((Math.min(until, call.deadline) - now) / 1_000)
    this.#channel.send(node, call.work.request, timeoutMs, this)
  }

  /** Without a try being counted: nothing was sent. */
  #unassign(node: NodeId): void {
    const calls = this.#toSend.get(node)
    if (calls === undefined) return
    this.#toSend.delete(node)
    this.#readyUntil.delete(node)
    for (const call of calls) call.node = null
    this.#pending.push(...calls)
  }

  // ---- failures ---------------------------------------------------------------------------------

  /** Call.fail: back-off first, then whether there is time and another try left. */
  #fail(call: Call, error: KafkaError): void {
    const { work } = call
    const { now } = this
    this.#readyUntil.delete(call.node ?? NO_NODE)
    call.node = null
    if (this.#isClosed) {
      work.failed('ADMIN_CLOSED')
      return
    }
    call.nextTryAt = now + backoff(this.backoff, call.tries++, this.random)
    if (now >= call.deadline) work.failed('REQUEST_TIMED_OUT')
    else if (!traitsOf(error).retriable) work.failed(error)
    else if (call.tries > this.#config.retries) work.failed('REQUEST_TIMED_OUT')
    else if (error === 'NETWORK_EXCEPTION' && work.disconnected) work.disconnected()
    else this.#pending.push(call)
  }

  /** Whether any call is the owner's. */
  #hasWork(): boolean {
    const all = [this.#pending, ...this.#toSend.values(), [...this.#inFlight.values()]].flat()
    return all.some((call) => call.work.node !== 'for-metadata')
  }

  /** Whoever still waits hears it now, and nobody later. */
  #end(): void {
    this.#isClosed = true
    this.#timer.cancel()
    const calls = [this.#pending, ...this.#toSend.values(), [...this.#inFlight.values()]].flat()
    this.#pending = []
    this.#toSend.clear()
    this.#inFlight.clear()
    for (const call of calls) this.#fail(call, 'REQUEST_TIMED_OUT')
    this.#channel.close()
    this.#onClosed?.()
  }
}
