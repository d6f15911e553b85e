// Models: a broker's channel to the active controller: finds it, keeps order, retries.
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

interface Item {
  readonly request: Request
  readonly caller: RpcCaller
  readonly createdAt: Micros
}

/**
 * One request in flight at a time; the others wait in order. The controller once found is kept
 * until a request to it fails, whoever leads meanwhile: so a request can go to one that is cut off,
 * and wait there for its time-out, while the broker knows the next one from its metadata.
 */
export class NodeToControllerChannel implements ControllerChannel, RpcCaller {
  readonly #context: ProcessContext
  readonly #rpc: RpcClient
  readonly #provider: ControllerNodeProvider
  readonly #config: ControllerChannelConfig
  readonly #queue: Item[] = []
  readonly #timer: Timer
  #controller: NodeId
  #inFlight: Item | null = null

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
    this.#queue.push({ request, caller, createdAt: this.#context.now })
    this.#sendNext()
  }

  /**
   * NOT_CONTROLLER or no answer: the request goes back to the head of the queue, and the controller
   * is looked up anew. Its caller hears of neither.
   */
  onReply(_: Request, response: Response | null, _failure: RpcFailure | null, node: NodeId): void {
    const item = this.#inFlight
    this.#inFlight = null
    if (item === null) return
    if (response !== null && !isNotController(response)) {
      item.caller.onReply(item.request, response, null, node)
      this.#sendNext()
      return
    }
    if (response !== null) this.#rpc.disconnect(node)
    this.#queue.unshift(item)
    this.#controller = NO_NODE
    this.#lookUp()
  }

  /** Looks until somebody leads. */
  #lookUp(): void {
    if (this.#controller === NO_NODE) this.#controller = this.#provider.leaderId
    this.#sendNext()
    if (this.#controller === NO_NODE) this.#timer.arm(NO_CONTROLLER_WAIT)
  }

  #sendNext(): void {
    this.#expire()
    const next = this.#queue[0]
    if (this.#controller === NO_NODE || this.#inFlight !== null || next === undefined) return
    this.#queue.shift()
    this.#inFlight = next
    this.#rpc.send(this.#controller, next.request, this.#config.requestTimeoutMs, this)
  }

  /** Only at the head: times of creation ascend, but for one that came back after a failure. */
  #expire(): void {
    const { retryTimeoutMs } = this.#config
    if (retryTimeoutMs === null) return
    const oldest = this.#context.now - retryTimeoutMs * MS
    for (;;) {
      const head = this.#queue[0]
      if (head === undefined || head.createdAt > oldest) return
      this.#queue.shift()
      head.caller.onReply(head.request, null, 'timed-out', NO_NODE)
    }
  }
}

/** At the top or at any partition, as Kafka counts the errors of a response. */
function isNotController(response: Response): boolean {
  if ('error' in response && response.error === 'NOT_CONTROLLER') return true
  if (response.api !== 'AlterPartition') return false
  return response.partitions.some(({ error }) => error === 'NOT_CONTROLLER')
}
