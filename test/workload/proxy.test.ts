import { describe, expect, it } from 'vitest'
import type { SocketHandler, Wire } from '../../src/sim/connection.ts'
import { MS, SECOND } from '../../src/sim/time.ts'
import { World } from '../../src/sim/world.ts'
import { connectThrough, ProxyServer } from '../../src/workload/proxy.ts'

const QUIET: SocketHandler = { onOpen() {}, onMessage() {}, onClose() {} }

/** A client, a proxy that takes its time, and a server, each on a host of one zone. */
class ProxiedServer {
  readonly #world = new World({ seed: 'proxy' })
  readonly #zone = this.#world.addZone('z', this.#world.addRegion('r'))
  readonly #client = this.#process('client')
  readonly #proxy = this.#process('proxy')
  readonly #server = this.#process('server')
  /** The server's ends, in the order in which they came. */
  readonly served: Wire[] = []

  constructor(connectionsMax: number) {
    const { network } = this.#world
    this.#proxy.onBoot = () => {
      new ProxyServer(this.#proxy, network, { hop: 10 * MS, connectionsMax })
    }
    this.#server.onBoot = () => {
      const onOpen = (socket: Wire) => this.served.push(socket)
      network.listen(this.#server, () => ({ ...QUIET, onOpen }))
    }
    for (const process of [this.#client, this.#proxy, this.#server]) process.start()
    this.run()
  }

  #process(name: string) {
    return this.#world.addProcess(name, this.#world.addHost(name, this.#zone))
  }

  run(): void {
    this.#world.scheduler.run(this.#world.now + SECOND)
  }

  connect(): Wire {
    const client = { process: this.#client, network: this.#world.network }
    return connectThrough(this.#proxy, client, this.#server, QUIET)
  }

  /** How many of so many clients that come at once are let through; they are gone then. */
  letThrough(clients: number): number {
    const wires = Array.from({ length: clients }, () => this.connect())
    this.run()
    const count = this.served.filter(({ open }) => open).length
    for (const wire of wires) wire.close()
    this.run()
    return count
  }
}

describe('the connections that a proxy counts', () => {
  it('are free again when their clients have gone', () => {
    const proxied = new ProxiedServer(2)
    expect([proxied.letThrough(3), proxied.letThrough(3)]).toEqual([2, 2])
  })

  it('are counted down once where both ends close within one hop', () => {
    const proxied = new ProxiedServer(1)
    for (let i = 0; i < 2; i++) {
      const client = proxied.connect()
      proxied.run()
      proxied.served.at(-1)?.close()
      client.close()
      proxied.run()
    }
    expect(proxied.letThrough(3)).toBe(1)
  })
})
