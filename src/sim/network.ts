import {
  ACCEPT,
  type Accept,
  joinSockets,
  OPENED,
  REFUSED,
  RESET,
  Socket,
  type SocketBuffers,
  type SocketContext,
  type SocketHandler,
} from './connection.ts'
import type { Host, Region, Zone } from './host.ts'
import { invariant } from './invariant.ts'
import { kernelTimer } from './kernel-timer.ts'
import { Link, type LinkSpec } from './link.ts'
import type { Process } from './process.ts'
import type { RandomSource } from './random.ts'
import { type PacketRule, RuleBook } from './rule.ts'
import type { EventHandler, HandlerId, Life, Scheduler } from './scheduler.ts'
import type { CongestionControl } from './send-window.ts'
import { HEADER_BYTES, SYN_RETRIES_MAX, synWait } from './tcp.ts'
import type { Micros } from './time.ts'
import { TunnelBundle, type TunnelSettings, type TunnelSpec } from './tunnels.ts'

const LOOPBACK: LinkSpec = { delay: 20, jitter: 0, lossPpm: 0, bandwidthBps: 0 }
const INTRA_ZONE: LinkSpec = { delay: 125, jitter: 0, lossPpm: 0, bandwidthBps: 0 }
const INTRA_REGION: LinkSpec = { delay: 500, jitter: 0, lossPpm: 0, bandwidthBps: 0 }

interface Listener {
  readonly life: Life
  readonly accept: Accept
  readonly buffers: SocketBuffers
}

/** Links between zones, rules over hosts, and the connections that run over them. */
export class Network implements SocketContext {
  readonly scheduler: Scheduler
  readonly rules = new RuleBook()
  readonly tunnels: TunnelBundle[] = []
  readonly arriveHandler: HandlerId<unknown>
  readonly pumpHandler: HandlerId
  readonly retryHandler: HandlerId
  /** Of every host; a connection keeps what was in force when it was made. */
  congestionControl: CongestionControl = 'cubic'
  readonly #random: RandomSource
  /** By sending, then by receiving zone. */
  readonly #links: (Link | undefined)[][] = []
  /** By zone. */
  readonly #loopbacks: Link[] = []
  #intraZone = INTRA_ZONE
  #loopback = LOOPBACK
  readonly #listeners = new Map<Process, Listener>()
  readonly #sockets: (Socket | undefined)[] = []
  readonly #options = new Map<Socket, SocketBuffers & { server: Process }>()
  readonly #heldHandler: HandlerId<unknown>
  readonly #attemptHandler: HandlerId
  readonly #synHandler: HandlerId
  readonly #answerHandler: HandlerId
  readonly #resetHandler: HandlerId

  constructor(scheduler: Scheduler, random: RandomSource) {
    this.scheduler = scheduler
    this.#random = random
    const on = <P = undefined>(handler: EventHandler<P>, name: string) =>
      scheduler.register(handler, name)
    this.arriveHandler = on((id, bytes, message) => this.#arrive(id, bytes, message), 'net/arrive')
    this.pumpHandler = on((id) => this.#sockets[id]?.out?.pumpAtAck(), 'net/pump')
    this.retryHandler = on((id) => this.#retry(id), 'net/retry')
    this.#heldHandler = on((id, bytes, m) => this.#sockets[id]?.deliver(m, bytes), 'net/deliver')
    this.#attemptHandler = on((id) => this.#attempt(id), 'net/connect')
    this.#synHandler = on((id) => this.#synArrives(id), 'net/syn')
    this.#answerHandler = on((id, listening) => this.#answered(id, listening === 1), 'net/syn-ack')
    this.#resetHandler = on((id) => this.#resetArrives(id), 'net/reset')
  }

  /** Sets one direction between two zones; connections over it feel it from now on. */
  setLink(from: Zone, to: Zone, spec: LinkSpec): void {
    const known = this.#links[from.index]?.[to.index]
    if (known) known.respecify(spec)
    else this.#addLink(from, to, spec)
  }

  /** All between these two regions goes through tunnels from now on; the links must be set. */
  tunnelBetween(
    regions: readonly [Region, Region],
    tunnels: readonly TunnelSpec[],
    settings: TunnelSettings,
  ): TunnelBundle {
    const [a, b] = regions
    const stream = this.#random.fork(`tunnels/${a.name}/${b.name}`)
    const bundle = new TunnelBundle(this.scheduler, stream, regions, tunnels, settings)
    for (const here of a.zones) {
      for (const there of b.zones) {
        this.#links[here.index]?.[there.index]?.tunnelThrough(bundle)
        this.#links[there.index]?.[here.index]?.tunnelThrough(bundle)
      }
    }
    this.tunnels.push(bundle)
    this.rules.addDeadEnds(bundle)
    return bundle
  }

  /** Between different hosts of one zone, where no link of the zone to itself is set. */
  setIntraZone(spec: LinkSpec): void {
    this.#intraZone = spec
  }

  /** Within one host. */
  setLoopback(spec: LinkSpec): void {
    this.#loopback = spec
    for (const link of this.#loopbacks) link?.respecify(spec)
  }

  /**
   * The process takes connections until its incarnation ends; before this they are refused.
   */
  listen(process: Process, accept: Accept, buffers: SocketBuffers = {}): void {
    this.#listeners.set(process, { life: process.life, accept, buffers })
  }

  /** Opens a connection; the handler hears `onOpen` or `onClose`, or nothing from a black hole. */
  connect(
    client: Process,
    server: Process,
    handler: SocketHandler,
    buffers: SocketBuffers = {},
  ): Socket {
    invariant(client.state !== 'stopped', 'a stopped process opens no connection', {
      name: client.name,
    })
    const socket = this.#newSocket(client, server.name, handler)
    client.resources.add(socket)
    this.#options.set(socket, { ...buffers, server })
    this.#attempt(socket.id)
    return socket
  }

  /** Installs a fault. @returns a function that removes it */
  addRule(rule: PacketRule): () => void {
    return this.rules.add(rule)
  }

  /** All links that were used or set, in the order in which they came to be. */
  *links(): Iterable<Link> {
    for (const row of this.#links) for (const link of row ?? []) if (link) yield link
  }

  /** The link that packets between these hosts take. */
  linkBetween(from: Host, to: Host): Link {
    if (from === to) return this.#loopbackOf(from.zone)
    const known = this.#links[from.zone.index]?.[to.zone.index]
    if (known) return known
    if (from.zone === to.zone) return this.#addLink(from.zone, to.zone, this.#intraZone)
    invariant(from.zone.region === to.zone.region, 'two regions need a link between them', {
      from: from.zone.name,
      to: to.zone.name,
    })
    return this.#addLink(from.zone, to.zone, INTRA_REGION)
  }

  /** A paused program gets this when it resumes, in order with its timers. */
  hold(socket: Socket, message: unknown, bytes: number): void {
    this.scheduler.postIn(socket.life, 0, this.#heldHandler, socket.id, bytes, message)
  }

  /** Tells the peer of `socket`, behind the data under way, that the connection is no more. */
  sendReset(socket: Socket): void {
    if (socket.peer === null) return
    this.#reset(socket.process.host, socket.peer, socket.out?.lastArrival ?? 0)
  }

  /** Frees a connection of which both ends are gone. */
  retired(socket: Socket): void {
    this.#options.delete(socket)
    const peer = socket.peer
    if (peer?.alive) return
    this.#sockets[socket.id] = undefined
    if (peer) this.#sockets[peer.id] = undefined
  }

  #newSocket(process: Process, peerName: string, handler: SocketHandler | null): Socket {
    const socket = new Socket(this, this.#sockets.length, process, peerName, handler)
    this.#sockets.push(socket)
    return socket
  }

  #addLink(from: Zone, to: Zone, spec: LinkSpec): Link {
    const link = new Link(from, to, spec, this.#random.fork(`link/${from.name}/${to.name}`))
    let row = this.#links[from.index]
    if (!row) {
      row = []
      this.#links[from.index] = row
    }
    row[to.index] = link
    return link
  }

  #loopbackOf(zone: Zone): Link {
    const known = this.#loopbacks[zone.index]
    if (known) return known
    const link = new Link(zone, zone, this.#loopback, this.#random.fork(`loopback/${zone.name}`))
    this.#loopbacks[zone.index] = link
    return link
  }

  #arrive(id: number, bytes: number, message: unknown): void {
    const socket = this.#sockets[id]
    const flow = socket?.incoming
    if (!socket || !flow) return
    const isAnswered = socket.alive || !this.rules.drops(flow.ends.to, flow.ends.from)
    if (!flow.arrived(message, bytes, isAnswered)) return
    if (message === ACCEPT) this.#accept(socket)
    if (socket.alive) socket.receive(message, bytes)
    else if (socket.peer !== null) this.#reset(socket.process.host, socket.peer, 0)
  }

  #accept(socket: Socket): void {
    const { process } = socket
    if (!socket.alive || process.state === 'stopped' || process.life !== socket.life) {
      socket.alive = false
      return
    }
    socket.open = true
    process.resources.add(socket)
  }

  #retry(id: number): void {
    const socket = this.#sockets[id]
    if (socket?.out && !socket.out.retry()) socket.receive(RESET, 0)
  }

  /** Sends a SYN, and another one if nothing answers. */
  #attempt(id: number): void {
    const socket = this.#sockets[id]
    const server = socket && this.#options.get(socket)?.server
    if (!socket || !server) return
    if (socket.attempts > SYN_RETRIES_MAX) {
      socket.receive(RESET, 0)
      return
    }
    const { now } = this.scheduler
    const wait = kernelTimer(now, synWait(socket.attempts++)) - now
    socket.attemptEvent = this.scheduler.schedule(wait, this.#attemptHandler, id)
    const { host } = socket.process
    if (this.rules.dropsSetup(host, server.host)) return
    this.#sendSegment(host, server.host, this.#synHandler, id, 0)
  }

  #synArrives(id: number): void {
    const client = this.#sockets[id]
    const options = client && this.#options.get(client)
    if (!client || !options) return
    const { server } = options
    if (this.rules.drops(client.process.host, server.host)) return
    const listener = this.#listeners.get(server)
    const listening = listener?.life === server.life && server.state !== 'stopped'
    if (listener && listening && client.peer?.life !== server.life) {
      const accepted = this.#newSocket(server, client.process.name, null)
      accepted.accept = listener.accept
      joinSockets(this, client, accepted, options, listener.buffers)
    }
    this.#sendSegment(server.host, client.process.host, this.#answerHandler, id, listening ? 1 : 0)
  }

  #answered(id: number, listening: boolean): void {
    const client = this.#sockets[id]
    const options = client && this.#options.get(client)
    if (!client || !options || client.open) return
    if (this.rules.drops(options.server.host, client.process.host)) return
    this.scheduler.cancel(client.attemptEvent)
    if (!listening) {
      client.receive(REFUSED, 0)
      return
    }
    client.open = true
    this.#options.delete(client)
    client.out?.write(ACCEPT, 0, 1)
    client.receive(OPENED, 0)
  }

  #resetArrives(id: number): void {
    const socket = this.#sockets[id]
    const from = socket?.peer?.process.host
    if (!socket || !from || this.rules.drops(from, socket.process.host)) return
    socket.receive(RESET, 0)
  }

  #reset(from: Host, to: Socket, notBefore: Micros): void {
    if (!to.alive || this.rules.drops(from, to.process.host)) return
    const now = this.scheduler.now
    const ends = { from, to: to.process.host }
    const link = this.linkBetween(from, ends.to)
    const arrival = Math.max(link.carry(now, 0, 1, null, ends), notBefore)
    this.scheduler.post(arrival - now, this.#resetHandler, to.id, 0, undefined)
  }

  /** One segment of the handshake: what is lost is not repeated here but by the next attempt. */
  #sendSegment(from: Host, to: Host, handler: HandlerId, a: number, b: number): void {
    if (this.rules.drops(from, to)) return
    const effect = this.rules.effect(from, to)
    const link = this.linkBetween(from, to)
    const lossPpm = link.lossPpm + (effect?.lossPpm ?? 0)
    if (lossPpm > 0 && link.random.chancePpm(lossPpm)) return
    const now = this.scheduler.now
    const arrival = link.carry(now, HEADER_BYTES, 1, effect, { from, to })
    this.scheduler.post(arrival - now, handler, a, b, undefined)
  }
}
