// Models: a node's server socket: each connection is served one request at a time, in order.
// Leaves out: thread pools, quotas, connection limits, the server's own idle close.
// Source: kafka.network.SocketServer (Processor mutes a channel), RequestChannel; rule 4.1.

import type { Socket, SocketBuffers, SocketHandler } from '../../sim/connection.ts'
import { invariant } from '../../sim/invariant.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import type { Random } from '../../sim/random.ts'
import type { HandlerId } from '../../sim/scheduler.ts'
import type { Micros } from '../../sim/time.ts'
import type { FetchResponse, Request, Response } from '../messages.ts'
import type { ReverseConnectionRequest } from '../mirror-messages.ts'
import type { Reply, RequestHandler } from './rpc.ts'
import { type ServiceTime, type ServiceTimes, WARM_UP_REQUESTS } from './service-times.ts'
import { fetchResponseBytes, responseBytes } from './sizes.ts'

/** Server side of one node. Build one at each boot; it listens from then on. */
export class RequestChannel {
  /** What is served is gone with this process: a new one builds a channel of its own. */
  readonly process: Process
  readonly handler: RequestHandler
  private readonly times: ServiceTimes
  private readonly timesByApi: ReadonlyMap<string, ServiceTime>
  /** For the spread of service times only. */
  private readonly random: Random
  /** Share by which work takes longer than it will when the process is warm. */
  private coldShare: number
  private readonly serveHandler: HandlerId<ServedRequest>
  private readonly respondHandler: HandlerId<ServedRequest>
  private readonly unmuteHandler: HandlerId<ServedRequest>
  /** Open ones: what `closeWhere` looks through. */
  private readonly connections = new Set<ServerConnection>()

  constructor(
    process: Process,
    network: Network,
    handler: RequestHandler,
    times: ServiceTimes,
    buffers: SocketBuffers = {},
  ) {
    this.process = process
    this.handler = handler
    this.times = times
    this.timesByApi = new Map(Object.entries(times.byApi))
    this.random = process.random('request-channel')
    this.coldShare =
      times.coldPercentMean === 0
        ? 0
        : process.random('warm-up').exponential(times.coldPercentMean) / 100
    this.serveHandler = process.handler((_a, _b, work: ServedRequest) => work.serve())
    this.respondHandler = process.handler((_a, _b, work: ServedRequest) => work.respond())
    this.unmuteHandler = process.handler((_a, _b, work: ServedRequest) => work.unmute())
    network.listen(process, (socket) => this.serve(socket), buffers)
  }

  /** Serves what comes on a connection, whoever has opened it. */
  serve(socket: Socket): SocketHandler {
    const connection = new ServerConnection(socket, this)
    this.connections.add(connection)
    return connection
  }

  /** Closes the connections on which such requests come, as a listener does that shuts down. */
  closeWhere(test: (request: Request) => boolean): void {
    for (const connection of [...this.connections]) {
      if (connection.last !== null && test(connection.last)) connection.abort()
    }
  }

  /** A connection has ended, at either side. */
  forget(connection: ServerConnection): void {
    this.connections.delete(connection)
  }

  /** What a request of that kind takes a warm process. */
  timeOf(api: Request['api']): ServiceTime {
    return this.timesByApi.get(api) ?? this.times.other
  }

  /** Begins the service time before the handler. */
  beginServing(work: ServedRequest): void {
    this.coldShare -= this.coldShare / WARM_UP_REQUESTS
    this.process.after(this.vary(work.time.receiveMicros), this.serveHandler, 0, 0, work)
  }

  /** Begins the service time before the answer leaves. */
  beginResponding(work: ServedRequest): void {
    this.process.after(this.vary(work.time.respondMicros), this.respondHandler, 0, 0, work)
  }

  /** Lets the next request in by an event of its own, so that no handler runs inside another. */
  beginUnmuting(work: ServedRequest): void {
    this.process.after(0, this.unmuteHandler, 0, 0, work)
  }

  /** Spread evenly by jitterPercent, then longer by what the process is still cold. */
  private vary(micros: number): Micros {
    const spread = Math.floor((micros * this.times.jitterPercent) / 100)
    const varied = spread === 0 ? micros : micros + this.random.int(-spread, spread)
    return this.coldShare === 0 ? varied : Math.floor(varied * (1 + this.coldShare))
  }
}

/** One accepted connection. Muted while a request of it is being served. */
class ServerConnection implements SocketHandler {
  readonly channel: RequestChannel
  /** Of the kind that was served last: all of a connection are for the same part of the node. */
  last: Request | null = null
  /** What the last one took, and of which kind it was. */
  private time: ServiceTime
  private api: Request['api'] = 'ApiVersions'
  private readonly socket: Socket
  /** What came while muted: in Kafka it stays in the kernel's buffer. */
  private readonly unread: Request[] = []
  /** A request is being served: the next one waits, whatever it asks for (rule 4.1). */
  private muted = false
  /** The other end has closed: answers go nowhere. */
  private peerGone = false

  constructor(socket: Socket, channel: RequestChannel) {
    this.socket = socket
    this.channel = channel
    this.time = channel.timeOf(this.api)
  }

  onOpen(): void {}

  onMessage(_socket: Socket, message: unknown): void {
    const request = message as Request
    if (this.muted) this.unread.push(request)
    else this.serve(request)
  }

  /**
   * A client that gave up leaves requests behind that the broker has not read yet:
   * 1. the client closes after its time-out; the close queues behind its requests;
   * 2. the broker still serves the request it holds, and answers;
   * 3. the answer to a closed socket earns a reset, but the muted channel was opened again first,
   *    so one more request is read, and takes effect although its sender has given up;
   * 4. the reset discards the rest.
   * A reset discards everything unread at once.
   */
  onClose(_socket: Socket, reason: 'reset' | 'refused' | 'closed'): void {
    this.peerGone = true
    this.channel.forget(this)
    if (reason !== 'closed') this.unread.length = 0
  }

  /** From now on this end asks. Nobody has asked on it before, so that nothing is being served. */
  private reverse(request: ReverseConnectionRequest): void {
    invariant(this.last === null, 'only a fresh connection is reversed', { link: request.link })
    const client = this.channel.handler.onReversed?.(request, this.socket) ?? null
    if (client === null) this.abort()
    else {
      this.channel.forget(this)
      this.socket.handler = client
    }
  }

  send(response: Response): void {
    if (this.peerGone) this.unread.length = Math.min(this.unread.length, 1)
    else if (response.api !== 'Fetch') this.socket.send(response, responseBytes(response))
    else this.socket.send(response, fetchResponseBytes(response), writesOf(response))
  }

  get principal(): string | undefined {
    return this.socket.peer?.identity ?? undefined
  }

  get host(): string | undefined {
    return this.socket.peer?.process.host.name
  }

  abort(): void {
    this.peerGone = true
    this.channel.forget(this)
    this.unread.length = 0
    this.socket.close()
  }

  unmute(): void {
    this.muted = false
    if (this.unread.length === 0) return
    const next = this.unread.shift()
    if (next !== undefined) this.serve(next)
  }

  /** A request's kind is read here once: requests are of many shapes, and each look is slow. */
  private serve(request: Request): void {
    const { api } = request
    if (api === 'ReverseConnection') {
      this.reverse(request)
      return
    }
    this.muted = true
    if (this.last === null || api !== this.api) this.last = request
    this.channel.beginServing(new ServedRequest(request, api, this.timeOf(api), this))
  }

  /** The requests of a connection are of few kinds, and most often of the kind of the last. */
  private timeOf(api: Request['api']): ServiceTime {
    if (api !== this.api) {
      this.api = api
      this.time = this.channel.timeOf(api)
    }
    return this.time
  }
}

/** Records leave straight from the log's file, between the head of the response and its tail. */
function writesOf({ partitions }: FetchResponse): number {
  for (let i = 0; i < partitions.length; i++) if (partitions[i].batches.length > 0) return 3
  return 1
}

/** A request between its arrival at the handler and its answer. */
class ServedRequest implements Reply {
  readonly request: Request
  readonly time: ServiceTime
  private readonly api: Request['api']
  private readonly connection: ServerConnection
  private response: Response | null = null
  /** Guards against a handler that answers twice. */
  private finished = false

  constructor(
    request: Request,
    api: Request['api'],
    time: ServiceTime,
    connection: ServerConnection,
  ) {
    this.request = request
    this.api = api
    this.time = time
    this.connection = connection
  }

  get principal(): string | undefined {
    return this.connection.principal
  }

  get host(): string | undefined {
    return this.connection.host
  }

  serve(): void {
    if (this.api === 'ApiVersions') this.send({ api: 'ApiVersions' })
    else this.connection.channel.handler.handle(this.request, this)
  }

  send(response: Response | null): void {
    this.finish()
    this.response = response
    if (response === null) this.connection.abort()
    else this.connection.channel.beginResponding(this)
  }

  done(): void {
    this.finish()
    this.connection.channel.beginUnmuting(this)
  }

  /** The answer is written before the next request is read. */
  respond(): void {
    if (this.response !== null) this.connection.send(this.response)
    this.connection.unmute()
  }

  unmute(): void {
    this.connection.unmute()
  }

  private finish(): void {
    if (this.finished) invariant(false, 'a request is answered once', { api: this.api })
    this.finished = true
  }
}
