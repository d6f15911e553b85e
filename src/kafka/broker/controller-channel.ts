// Models: a broker’s channel to the active controller: finds it, hands requests on, retries.
// Leaves out: authentication.
// Source: kafka.server.NodeToControllerChannelManagerImpl, NodeToControllerRequestThread.

import type { ProcessContext, Timer } from '../../sim/process.ts'
import { type Micros, MS } from '../../sim/time.ts'
import { NO_NODE, type NodeId } from '../ids.ts'
import type { Request, Response } from '../messages.ts'
import type { RpcCaller, RpcClient, RpcFailure } from '../network/rpc.ts'

/** The only thing that a broker's parts know of the controller. */
export interface ControllerChannel {
  /** Queued until a controller is known; NOT_CONTROLLER and lost connections are retried inside. */
  send(request: Request, caller: RpcCaller): void
}

/** Who leads the quorum as far as this node knows; -1 for nobody. */
export interface ControllerNodeProvider {
  readonly leaderId: NodeId
}

export interface ControllerChannelConfig {
  /** controller.socket.timeout.ms: limit of one attempt. */
  readonly requestTimeoutMs: number
  /** After this a request is given up as timed out; null keeps it for ever. */
  readonly retryTimeoutMs: number | null
}

/** How long the channel sleeps while nobody is known to lead. */
const NO_CONTROLLER_WAIT: Micros = 100 * MS

/** Where an attempt ends up. */
interface Attempts {
  /** `response` is null where there is none, for whatever reason. */
  onAttempt(item: Item, response: Response | null, node: NodeId): void
}

/** A request that is waited for, over all its attempts. */
class Item implements RpcCaller {
  readonly request: Request
  readonly caller: RpcCaller
  readonly createdAt: Micros
  readonly #attempts: Attempts

  constructor(request: Request, caller: RpcCaller, createdAt: Micros, attempts: Attempts) {
    this.request = request
    this.caller = caller
    this.createdAt = createdAt
    this.#attempts = attempts
  }

  onReply(_: Request, response: Response | null, _failure: RpcFailure | null, node: NodeId): void {
    this.#attempts.onAttempt(this, response, node)
  }
}

/**
 * Hands each request to its network client as it comes, which has one in flight and lets the others
 * wait for that node. The controller once found is kept until a request to it fails, whoever leads
 * meanwhile: so a request can go to one that is cut off, and wait there for its time-out, while the
 * broker knows the next one from its metadata. All that wait behind it fail with it:
 *
 * 1. A is in flight, B and C wait for the same connection, which is lost;
 * 2. A goes back to the head of the queue, then B before it, then C before both;
 * 3. the next controller hears of C first.
 */
export class NodeToControllerChannel implements ControllerChannel, Attempts {
  readonly #context: ProcessContext
  readonly #rpc: RpcClient
  readonly #provider: ControllerNodeProvider
  readonly #config: ControllerChannelConfig
  readonly #queue: Item[] = []
  /** Armed while no controller is known. */
  readonly #timer: Timer
  #controller: NodeId
  /** Taken off the queue and not answered: in flight, or waiting for the connection. */
  #taken = 0
  /** No look at the queue begins inside another. */
  #isLooking = false

  /** @param controller the one found earlier, where the channel has only idled since */
  constructor(
    context: ProcessContext,
    rpc: RpcClient,
    provider: ControllerNodeProvider,
    config: ControllerChannelConfig,
    controller: NodeId = NO_NODE,
  ) {
    this.#context = context
    this.#rpc = rpc
    this.#provider = provider
    this.#config = config
    this.#controller = controller
    this.#timer = context.timer(() => this.#lookUp())
    this.#lookUp()
  }

  /**
   * Behind all others. Its time counts from now, over all attempts; with no limit it is repeated
   * until some controller has answered.
   */
  send(request: Request, caller: RpcCaller): void {
    this.#queue.push(new Item(request, caller, this.#context.now, this))
    if (this.#controller === NO_NODE) return
    // The thread behind looks at its clock first: what is overdue there fails before this goes.
    this.#rpc.wake?.()
    this.#generateRequests()
  }

  /**
   * NOT_CONTROLLER or no answer: the request goes back to the head of the queue, and the controller
   * is looked up anew once all have failed that fail with it. Its caller hears of neither.
   */
  onAttempt(item: Item, response: Response | null, node: NodeId): void {
    this.#taken--
    if (response !== null && !isNotController(response)) {
      item.caller.onReply(item.request, response, null, node)
      this.#generateRequests()
      return
    }
    this.#queue.unshift(item)
    this.#controller = NO_NODE
    this.#timer.arm(0)
    if (response !== null) this.#rpc.disconnect(node)
  }

  /** Looks until somebody leads. */
  #lookUp(): void {
    if (this.#controller === NO_NODE) this.#controller = this.#provider.leaderId
    this.#generateRequests()
    if (this.#controller === NO_NODE && !this.#timer.armed) this.#timer.arm(NO_CONTROLLER_WAIT)
  }

  /** Without a controller it only looks for those whose time is over, wherever they stand. */
  #generateRequests(): void {
    if (this.#isLooking) return
    this.#isLooking = true
    const { retryTimeoutMs, requestTimeoutMs } = this.#config
    const oldest = retryTimeoutMs === null ? null : this.#context.now - retryTimeoutMs * MS
    for (let i = 0; i < this.#queue.length; ) {
      const item = this.#queue[i]
      const isExpired = oldest !== null && item !== undefined && item.createdAt <= oldest
      if (item === undefined || (!isExpired && this.#controller === NO_NODE)) {
        i++
        continue
      }
      if (!isExpired && this.#isSleeping) break
      this.#queue.splice(i, 1)
      if (isExpired) item.caller.onReply(item.request, null, 'timed-out', NO_NODE)
      else {
        this.#taken++
        this.#rpc.send(this.#controller, item.request, requestTimeoutMs, item)
      }
    }
    this.#isLooking = false
  }

  /**
   * One request a poll: while the connection is in its back-off the thread sleeps with the first,
   * which fails when it wakes.
   */
  get #isSleeping(): boolean {
    if (this.#taken === 0) return false
    return (this.#rpc.retryAt?.(this.#controller) ?? 0) > this.#context.now
  }
}

/** At the top or at any partition, as Kafka counts the errors of a response. */
function isNotController(response: Response): boolean {
  if ('error' in response && response.error === 'NOT_CONTROLLER') return true
  if (response.api !== 'AlterPartition') return false
  return response.partitions.some(({ error }) => error === 'NOT_CONTROLLER')
}
