import { Flow } from './flow.ts'
import type { FlowContext, FlowEnds } from './flow-context.ts'
import type { Host } from './host.ts'
import { invariant } from './invariant.ts'
import type { Link } from './link.ts'
import type { Ending, Process, ProcessResource } from './process.ts'
import { type EventId, type Life, NO_EVENT } from './scheduler.ts'
import { receiveWindow, sendWindow } from './tcp.ts'

/** Why a connection ended: the peer's kernel said so, nobody listened, or the peer closed it. */
export type CloseReason = 'reset' | 'refused' | 'closed'

/** What a program may do with its end of a connection, whoever has opened it. */
export interface Wire {
  readonly open: boolean
  send(message: unknown, bytes: number, writes?: number): void
  close(): void
  abort(): void
}

/** The program's side of a connection. Called only while its process runs. */
export interface SocketHandler {
  onOpen(socket: Wire): void
  onMessage(socket: Wire, message: unknown, bytes: number): void
  onClose(socket: Wire, reason: CloseReason): void
}

/** Buffers that a program sets (SO_SNDBUF, SO_RCVBUF); without them the kernel tunes its own. */
export interface SocketBuffers {
  readonly sendBuffer?: number
  readonly receiveBuffer?: number
}

/** Answers a new connection with the handler for its messages. */
export type Accept = (socket: Socket) => SocketHandler

/** Words between kernels; they travel in order with the data. */
export const OPENED = { word: 'opened' } as const
export const ACCEPT = { word: 'accept' } as const
const FIN = { word: 'fin' } as const
export const RESET = { word: 'reset' } as const
export const REFUSED = { word: 'refused' } as const

/** What a socket needs of the network that it is part of. */
export interface SocketContext extends FlowContext {
  linkBetween(from: Host, to: Host): Link
  /** Keeps something for a socket whose program is paused. */
  hold(socket: Socket, message: unknown, bytes: number): void
  sendReset(socket: Socket): void
  /** The socket can never open (again). */
  retired(socket: Socket): void
}

const IGNORE: SocketHandler = { onOpen() {}, onMessage() {}, onClose() {} }

/** One end of a connection. */
export class Socket implements ProcessResource, Wire {
  readonly id: number
  readonly process: Process
  readonly peerName: string
  /** The incarnation that owns it. */
  readonly life: Life
  /** True from the handshake until either side ends it. */
  open = false
  /** The other end; a client has none before its SYN was answered. */
  peer: Socket | null = null
  /** Data to the peer, and data from it. */
  out: Flow | null = null
  incoming: Flow | null = null
  handler: SocketHandler
  /** What the program that connected shows of itself, as by a certificate; null: nothing. */
  identity: string | null = null
  /** Unanswered connection attempts so far, and the next one. */
  attempts = 0
  attemptEvent: EventId = NO_EVENT
  /** False once it can never open (again). */
  alive = true
  accept: Accept | null = null
  readonly #network: SocketContext

  constructor(
    network: SocketContext,
    id: number,
    process: Process,
    peerName: string,
    handler: SocketHandler | null,
  ) {
    this.#network = network
    this.id = id
    this.process = process
    this.life = process.life
    this.peerName = peerName
    this.handler = handler ?? IGNORE
  }

  /**
   * Sends a message of so many bytes. After the connection ended it does nothing, as writing
   * to a closed socket in a program that has not heard yet.
   * @param writes how many separate writes of the program it takes: each begins a segment
   */
  send(message: unknown, bytes: number, writes = 1): void {
    if (!this.open) {
      invariant(!this.alive, 'a message cannot be sent before the connection is open', {
        from: this.process.name,
        to: this.peerName,
      })
      return
    }
    this.out?.write(message, bytes, writes)
  }

  /** Ends the connection in order; the peer hears of it after all that was sent before. */
  close(): void {
    if (!this.alive) return
    if (this.open) this.out?.write(FIN, 0, 1)
    this.#retire()
  }

  /** Ends the connection at once; what was not yet delivered is dropped. */
  abort(): void {
    if (!this.alive) return
    this.out?.stop()
    if (this.open) this.#network.sendReset(this)
    this.#retire()
  }

  /**
   * The operating system cleans up: an exit closes in order, a crash resets, a host that vanishes
   * tells the peer nothing. The program itself hears of none.
   */
  processEnded(how: Ending): void {
    if (how === 'exit') this.close()
    else if (how === 'crash') this.abort()
    else {
      this.out?.stop()
      this.#retire()
    }
  }

  /** The kernel has something for the program; it waits while the program is paused. */
  receive(message: unknown, bytes: number): void {
    if (!this.alive) return
    if (this.#network.scheduler.isLifeRunning(this.life)) this.deliver(message, bytes)
    else this.#network.hold(this, message, bytes)
  }

  /** Hands a message or a kernel's word, which takes no bytes, to the program. */
  deliver(message: unknown, bytes: number): void {
    if (!this.alive) return
    if (bytes > 0) this.handler.onMessage(this, message, bytes)
    else this.#hear(message)
  }

  /** A message may be empty, too. */
  #hear(message: unknown): void {
    switch (message) {
      case OPENED:
        this.handler.onOpen(this)
        break
      case ACCEPT:
        this.handler = this.accept?.(this) ?? IGNORE
        this.handler.onOpen(this)
        break
      case FIN:
        this.#end('closed')
        break
      case RESET:
        this.#end('reset')
        break
      case REFUSED:
        this.#end('refused')
        break
      default:
        this.handler.onMessage(this, message, 0)
    }
  }

  #end(reason: CloseReason): void {
    this.out?.stop()
    this.#retire()
    this.handler.onClose(this, reason)
  }

  #retire(): void {
    this.open = false
    this.alive = false
    this.process.resources.delete(this)
    this.#network.scheduler.cancel(this.attemptEvent)
    this.attemptEvent = NO_EVENT
    this.#network.retired(this)
  }
}

/** Joins two sockets by a flow each way. */
export function joinSockets(
  network: SocketContext,
  client: Socket,
  server: Socket,
  clientBuffers: SocketBuffers,
  serverBuffers: SocketBuffers,
): void {
  const there = network.linkBetween(client.process.host, server.process.host)
  const back = network.linkBetween(server.process.host, client.process.host)
  const toServer: FlowEnds = {
    from: client.process.host,
    to: server.process.host,
    senderId: client.id,
    receiverId: server.id,
    link: there,
    reverse: back,
    windowMax: window(clientBuffers, serverBuffers, there.packetBytes),
  }
  const toClient: FlowEnds = {
    from: toServer.to,
    to: toServer.from,
    senderId: server.id,
    receiverId: client.id,
    link: back,
    reverse: there,
    windowMax: window(serverBuffers, clientBuffers, back.packetBytes),
  }
  client.peer = server
  server.peer = client
  client.out = new Flow(network, toServer)
  server.out = new Flow(network, toClient)
  client.incoming = server.out
  server.incoming = client.out
}

function window(from: SocketBuffers, to: SocketBuffers, packetBytes: number): number {
  return Math.min(sendWindow(from.sendBuffer), receiveWindow(to.receiveBuffer, packetBytes))
}
