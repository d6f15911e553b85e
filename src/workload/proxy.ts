// A proxy between clients and brokers: the sidecar of a service mesh, or a gateway of its own. It
// ends each connection and opens a second one to the broker, so that a client pays for two set-ups
// and the path has two TCP windows.
//
// 1. The client's kernel connects to the proxy, and the client says whom it means, as the server
//    name of a TLS hello does; a proxy with a port for each broker learns the same from the port.
// 2. The proxy opens its own connection; what comes meanwhile waits in it. A broker that does not
//    answer is noticed by the client's timeouts alone: the connection to the proxy stands.
// 3. What comes from either end goes on to the other one `hop` later, in order.
// 4. What ends on one side, it ends on the other. Beyond its limit of connections it hangs up.

import type { CloseReason, SocketHandler, Wire } from '../sim/connection.ts'
import type { Network } from '../sim/network.ts'
import type { Process } from '../sim/process.ts'
import type { HandlerId } from '../sim/scheduler.ts'
import type { Micros } from '../sim/time.ts'

export interface ProxyOptions {
  /** Its work on what it passes on, each way. */
  readonly hop: Micros
  /** Of clients, at once. */
  readonly connectionsMax: number
}

const HELLO_BYTES = 300

/** The first word on a connection: whom the client means, and who it is. */
class Hello {
  readonly server: Process
  readonly principal: string | null

  constructor(server: Process, principal: string | null) {
    this.server = server
    this.principal = principal
  }
}

/** What a proxy hears of an end travels behind what it has been given before. */
class Ending {
  readonly isOrderly: boolean

  constructor(isOrderly: boolean) {
    this.isOrderly = isOrderly
  }
}

interface Parcel {
  readonly to: Wire
  readonly message: unknown
  readonly bytes: number
}

/** Whose connections a proxy passes on, and as whom it comes. */
interface ProxiedClient {
  readonly process: Process
  readonly network: Network
  readonly principal?: string | null | undefined
}

/** Opens a connection to a server by way of a proxy. */
export function connectThrough(
  proxy: Process,
  { process, network, principal = null }: ProxiedClient,
  server: Process,
  handler: SocketHandler,
): Wire {
  return network.connect(process, proxy, {
    onOpen(socket) {
      socket.send(new Hello(server, principal), HELLO_BYTES)
      handler.onOpen(socket)
    },
    onMessage: (socket, message, bytes) => handler.onMessage(socket, message, bytes),
    onClose: (socket, reason) => handler.onClose(socket, reason),
  })
}

/** Knows no protocol: it passes on messages, their sizes in bytes, and the end of a connection. */
export class ProxyServer {
  readonly #process: Process
  readonly #network: Network
  readonly #options: ProxyOptions
  readonly #pass: HandlerId<Parcel>
  #connections = 0

  /** Build one at each boot of its process. */
  constructor(process: Process, network: Network, options: ProxyOptions) {
    this.#process = process
    this.#network = network
    this.#options = options
    this.#pass = process.handler<Parcel>((_a, _b, { to, message, bytes }) => {
      if (!(message instanceof Ending)) {
        if (to.open) to.send(message, bytes)
      } else if (message.isOrderly) to.close()
      else to.abort()
    }, 'proxy')
    network.listen(process, () => this.#session())
  }

  /** One client's connection, from its hello to its end. */
  #session(): SocketHandler {
    let upstream: Wire | null = null
    let isCounted = false
    // One side is gone; whose own end comes of it hears nothing more. But both may go within one
    // hop, and it was one connection all the same.
    const end = (other: Wire, reason: CloseReason) => {
      if (isCounted) this.#connections--
      isCounted = false
      this.#send(other, new Ending(reason === 'closed'), 0)
    }
    const early: { readonly message: unknown; readonly bytes: number }[] = []
    return {
      onOpen() {},
      onMessage: (client, message, bytes) => {
        if (message instanceof Hello) {
          if (this.#connections >= this.#options.connectionsMax) client.abort()
          else {
            this.#connections++
            isCounted = true
            upstream = this.#dial(client, message, early, end)
          }
        } else if (upstream?.open === true) this.#send(upstream, message, bytes)
        else early.push({ message, bytes })
      },
      onClose: (_client, reason) => {
        if (upstream !== null) end(upstream, reason)
        upstream = null
      },
    }
  }

  #dial(
    client: Wire,
    { server, principal }: Hello,
    early: { readonly message: unknown; readonly bytes: number }[],
    end: (other: Wire, reason: CloseReason) => void,
  ): Wire {
    const socket = this.#network.connect(this.#process, server, {
      onOpen: (upstream) => {
        for (const { message, bytes } of early.splice(0)) this.#send(upstream, message, bytes)
      },
      onMessage: (_upstream, message, bytes) => this.#send(client, message, bytes),
      onClose: (_upstream, reason) => end(client, reason),
    })
    // What the client shows of itself is passed on as it is.
    socket.identity = principal
    return socket
  }

  #send(to: Wire, message: unknown, bytes: number): void {
    this.#process.after(this.#options.hop, this.#pass, 0, 0, { to, message, bytes })
  }
}
