// Models: the destination's side of a link that its source dials: it takes what comes, asks on it
// as a client does, and where it wants one more connection asks for that on the first.
// Leaves out: several listeners; who may dial (the source's credentials).
// Source: Confluent's docs (source-initiated links: connection.mode INBOUND, the source keeps the
// connection and the destination asks on it). How it asks for more, and how an end notices that the
// other is gone, is not said: a standing connection for each pair of brokers is our reading.

import type { NodeId } from '../../kafka/ids.ts'
import type { Request } from '../../kafka/messages.ts'
import type { ReverseConnectionRequest } from '../../kafka/mirror-messages.ts'
import { requestBytes } from '../../kafka/network/sizes.ts'
import type { CloseReason, Socket, SocketHandler, Wire } from '../../sim/connection.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import { MS } from '../../sim/time.ts'
import type { LinkConfig } from './link-config.ts'

/**
 * Looks to clients of the link like a way to open connections, and opens none: it asks the source
 * to. A link's clients do not know the difference, but that opening fails at once where the source
 * has no standing connection to this broker.
 *
 * Neither end can tell a dead peer from a quiet one but by asking, and a black hole closes nothing.
 * So a standing connection on which nothing was answered in time is closed; the source notices the
 * close or the silence, and dials anew. One lives as long as its broker's process.
 */
export class ReverseConnections {
  readonly link: string
  readonly #context: ProcessContext
  readonly #nodeId: NodeId
  readonly #config: LinkConfig
  /** By broker of the source: where it is asked to dial once more. */
  readonly #standing = new Map<NodeId, StandingConnection>()
  /** By ticket: what was asked for and has not come. */
  readonly #awaited = new Map<number, ReversedWire>()
  /** Never used twice by this process: a connection that comes late meets nobody else's wish. */
  #tickets = 0

  constructor(context: ProcessContext, nodeId: NodeId, config: LinkConfig) {
    this.link = config.name
    this.#context = context
    this.#nodeId = nodeId
    this.#config = config
  }

  /** Asks a broker of the source to dial; null while it has no standing connection to here. */
  open(node: NodeId, handler: SocketHandler): Wire | null {
    const standing = this.#standing.get(node)
    if (standing === undefined) return null
    const ticket = this.#tickets++
    const wire = new ReversedWire(handler, () => this.#awaited.delete(ticket))
    this.#awaited.set(ticket, wire)
    const { link } = this
    const request = { api: 'InitiateReverseConnection' as const, link, ticket }
    standing.ask({ ...request, destination: this.#nodeId })
    return wire
  }

  /** null where whoever wanted the connection has given up. */
  onReversed({ source, ticket }: ReverseConnectionRequest, socket: Socket): SocketHandler | null {
    // Whoever dialled: on it the link asks, as itself.
    socket.identity = this.#config.principal
    if (ticket === null) return this.#stand(source, socket)
    const wire = this.#awaited.get(ticket)
    // Without a client that waits for it nobody handles it, and the broker closes it.
    wire?.arrived(socket)
    return wire ?? null
  }

  /** Closes what stands; what has been handed to a client is that client's. */
  stop(): void {
    for (const standing of this.#standing.values()) standing.close()
    this.#standing.clear()
  }

  /**
   * A broker that dials anew has lost the one that stood before, also where it still stands here:
   *
   * 1. the path is cut, and the source's broker gives its connection up;
   * 2. it dials again when the path is back, while the old connection is still open here;
   * 3. the old one is closed only now, and its end must not strike the new one off.
   */
  #stand(source: NodeId, socket: Socket): SocketHandler {
    this.#standing.get(source)?.close()
    const standing = new StandingConnection(this.#context, socket, this.#config, () => {
      if (this.#standing.get(source) === standing) this.#standing.delete(source)
    })
    this.#standing.set(source, standing)
    return standing
  }
}

/** Stands as long as both ends hear of each other: an idle one is asked a trifle now and then. */
class StandingConnection implements SocketHandler {
  readonly #socket: Socket
  readonly #config: LinkConfig
  readonly #onEnd: () => void
  readonly #timer: Timer
  /** Requests, not connections: answers come in order, so that a count is enough. */
  #unanswered = 0

  constructor(context: ProcessContext, socket: Socket, config: LinkConfig, onEnd: () => void) {
    this.#socket = socket
    this.#config = config
    this.#onEnd = onEnd
    this.#timer = context.timer(() => this.#onTimer())
    this.#timer.arm(config.availabilityCheck)
  }

  /** The first unanswered one starts the clock; later ones do not put it off. */
  ask(request: Request): void {
    this.#socket.send(request, requestBytes(request))
    this.#unanswered += 1
    if (this.#unanswered === 1) this.#timer.arm(this.#config.requestTimeoutMs * MS)
  }

  close(): void {
    this.#timer.cancel()
    this.#socket.close()
    this.#onEnd()
  }

  onOpen(): void {}

  onMessage(): void {
    this.#unanswered -= 1
    const { requestTimeoutMs, availabilityCheck } = this.#config
    this.#timer.arm(this.#unanswered === 0 ? availabilityCheck : requestTimeoutMs * MS)
  }

  onClose(): void {
    this.#timer.cancel()
    this.#onEnd()
  }

  #onTimer(): void {
    if (this.#unanswered > 0) this.close()
    // Any request does: it is asked for its answer's sake, and to be heard at the other end.
    else this.ask({ api: 'ApiVersions' })
  }
}

/**
 * A connection that its client has asked for; it opens when the source has dialled. Until then the
 * client is connecting as ever, under its own set-up time-out, and may give it up.
 */
class ReversedWire implements Wire, SocketHandler {
  readonly #handler: SocketHandler
  /** The wish is over: it came, or nobody waits for it any more. */
  readonly #onGiven: () => void
  #socket: Socket | null = null

  constructor(handler: SocketHandler, onGiven: () => void) {
    this.#handler = handler
    this.#onGiven = onGiven
  }

  get open(): boolean {
    return this.#socket?.open === true
  }

  arrived(socket: Socket): void {
    this.#socket = socket
    this.#onGiven()
    this.#handler.onOpen(this)
  }

  send(message: unknown, bytes: number, writes?: number): void {
    this.#socket?.send(message, bytes, writes)
  }

  close(): void {
    this.#onGiven()
    this.#socket?.close()
  }

  abort(): void {
    this.#onGiven()
    this.#socket?.abort()
  }

  onOpen(): void {}

  onMessage(_socket: Wire, message: unknown, bytes: number): void {
    this.#handler.onMessage(this, message, bytes)
  }

  onClose(_socket: Wire, reason: CloseReason): void {
    this.#handler.onClose(this, reason)
  }
}
