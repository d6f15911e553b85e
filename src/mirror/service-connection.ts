// Models: the connection that a process keeps to a service that it depends on: opened again and
// again after each loss, with messages in order while it lasts.
// Leaves out: security; several addresses of one service.
// Source: none of its own; ZooKeeper's ClientCnxn and Flink's RPC gateways behave so.

import type { Wire } from '../sim/connection.ts'
import type { Network } from '../sim/network.ts'
import type { Process, Timer } from '../sim/process.ts'
import type { Micros } from '../sim/time.ts'

/** What a message takes beside its text: framing of TCP's payload, ids, lengths. */
const FRAME_BYTES = 100

/** A message between a process and a service; classes tell them from all else that may come. */
export interface ServiceMessage {
  /** Bytes of its contents. */
  readonly bytes: number
}

export interface ServiceListener<Got> {
  onUp(): void
  onMessage(message: Got): void
  onDown(): void
}

export interface ServiceConnectionOptions<Got> {
  readonly process: Process
  readonly network: Network
  readonly server: Process
  /** Tells the service's messages from others. */
  readonly isMessage: (message: unknown) => message is Got
  /** Until an attempt to connect is given up. */
  readonly connectTimeout: Micros
  /** Between a loss and the next attempt. */
  readonly retryAfter: () => Micros
}

/**
 * `onDown` comes only after an `onUp`: attempts that fail are not told. A cut path is no `onDown`:
 * nothing tells it, so that owners who must know watch the silence themselves, and `drop`.
 */
export class ServiceConnection<Sent extends ServiceMessage, Got> {
  readonly #options: ServiceConnectionOptions<Got>
  readonly #listener: ServiceListener<Got>
  readonly #timer: Timer
  #socket: Wire | null = null
  #isUp = false
  #isClosed = false

  /** Build one in each incarnation of its process; it connects at once. */
  constructor(options: ServiceConnectionOptions<Got>, listener: ServiceListener<Got>) {
    this.#options = options
    this.#listener = listener
    this.#timer = options.process.timer(() => {
      if (this.#socket === null) this.#connect()
      else this.drop()
    })
    this.#connect()
  }

  /** Whether the last connection stands, as far as this end knows. */
  get isUp(): boolean {
    return this.#isUp
  }

  /** What is sent while there is no connection is lost: the owner sends it again at `onUp`. */
  send(message: Sent): void {
    if (this.#isUp) this.#socket?.send(message, FRAME_BYTES + message.bytes)
  }

  /** Gives this connection up, because nothing is heard, and makes another. */
  drop(): void {
    this.#socket?.close()
    this.#lost()
  }

  /** For good, and without `onDown`. */
  close(): void {
    this.#isClosed = true
    this.#timer.cancel()
    this.#isUp = false
    this.#socket?.close()
    this.#socket = null
  }

  #connect(): void {
    const { process, network, server, isMessage, connectTimeout } = this.#options
    this.#timer.arm(connectTimeout)
    // A socket that was given up may still have something to say.
    const isCurrent = (socket: Wire) => socket === this.#socket
    this.#socket = network.connect(process, server, {
      onOpen: (socket) => {
        if (!isCurrent(socket)) return
        this.#timer.cancel()
        this.#isUp = true
        this.#listener.onUp()
      },
      onMessage: (socket, message) => {
        if (isCurrent(socket) && isMessage(message)) this.#listener.onMessage(message)
      },
      onClose: (socket) => {
        if (isCurrent(socket)) this.#lost()
      },
    })
  }

  #lost(): void {
    const wasUp = this.#isUp
    this.#socket = null
    this.#isUp = false
    if (this.#isClosed) return
    this.#timer.arm(this.#options.retryAfter())
    if (wasUp) this.#listener.onDown()
  }
}

/** Sends a message back over the connection of its sender. */
export function sendTo(socket: Wire, message: ServiceMessage): void {
  if (socket.open) socket.send(message, FRAME_BYTES + message.bytes)
}
