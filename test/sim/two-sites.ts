import type { CloseReason, Socket, SocketBuffers, SocketHandler } from '../../src/sim/connection.ts'
import type { Host } from '../../src/sim/host.ts'
import type { LinkSpec } from '../../src/sim/link.ts'
import type { Process } from '../../src/sim/process.ts'
import { type Micros, millis } from '../../src/sim/time.ts'
import { World } from '../../src/sim/world.ts'

/** 25 ms one way, nothing else. */
export const WAN: LinkSpec = { delay: millis(25), jitter: 0, lossPpm: 0, bandwidthBps: 0 }

export interface Received {
  readonly at: Micros
  readonly message: unknown
}

/** One client here, one server there, and a record of all that each of them heard. */
export class TwoSites {
  readonly world: World
  readonly client: Process
  readonly server: Process
  readonly heardByServer: Received[] = []
  readonly heardByClient: Received[] = []
  readonly clientSays: string[] = []
  readonly serverSays: string[] = []
  serverSockets: Socket[] = []

  constructor(spec: Partial<LinkSpec> = {}, seed = 'two sites') {
    this.world = new World({ seed })
    const here = this.world.addZone('here', this.world.addRegion('r1'))
    const there = this.world.addZone('there', this.world.addRegion('r2'))
    this.world.network.setLink(here, there, { ...WAN, ...spec })
    this.world.network.setLink(there, here, { ...WAN, ...spec })
    this.client = this.world.addProcess('client', this.world.addHost('h1', here))
    this.server = this.world.addProcess('server', this.world.addHost('h2', there))
    this.server.onBoot = () => this.listen()
    this.server.start()
    this.client.start()
    this.run(0)
  }

  run(until: Micros): void {
    this.world.scheduler.run(until)
  }

  /** The server takes connections, with these buffers from now on. */
  listen(buffers: SocketBuffers = {}): void {
    this.world.network.listen(this.server, () => this.#serverHandler(), buffers)
  }

  connect(buffers: SocketBuffers = {}): Socket {
    const handler: SocketHandler = {
      onOpen: () => this.clientSays.push(`open at ${this.#ms()}`),
      onMessage: (_s, message) => this.heardByClient.push({ at: this.world.now, message }),
      onClose: (_s, reason) => this.clientSays.push(`${reason} at ${this.#ms()}`),
    }
    return this.world.network.connect(this.client, this.server, handler, buffers)
  }

  /** A connection that is open at both ends; time has moved 100 ms. */
  connected(buffers: SocketBuffers = {}): Socket {
    const socket = this.connect(buffers)
    this.run(this.world.now + millis(100))
    return socket
  }

  /** Runs a function at a time, as an event of the world. */
  at(time: Micros, run: () => void): void {
    this.world.scheduler.schedule(time - this.world.now, this.world.scheduler.register(run))
  }

  /** Drops packets in both directions, or only from the given host; returns the heal. */
  cut(onlyFrom?: Host): () => void {
    return this.world.network.addRule({
      name: 'cut',
      test: (from) => (onlyFrom === undefined || from === onlyFrom ? 'drop' : 'pass'),
    })
  }

  #serverHandler(): SocketHandler {
    return {
      onOpen: (socket: Socket) => {
        this.serverSockets.push(socket)
        this.serverSays.push(`open at ${this.#ms()}`)
      },
      onMessage: (_s, message) => this.heardByServer.push({ at: this.world.now, message }),
      onClose: (_s: Socket, reason: CloseReason) =>
        this.serverSays.push(`${reason} at ${this.#ms()}`),
    }
  }

  #ms(): number {
    return this.world.now / 1_000
  }
}
