import type { Host } from '../../../src/sim/host.ts'
import { type Micros, MS } from '../../../src/sim/time.ts'
import type { World } from '../../../src/sim/world.ts'

/** Links between all zones of a world, alike, that a test cuts and heals host by host. */
export class RegionLinks {
  readonly #world: World
  readonly #cuts = new Set<string>()

  /** For a world that has all its zones. */
  constructor(world: World, oneWay: Micros = 25 * MS) {
    this.#world = world
    const { zones, network } = world
    const link = { delay: oneWay, jitter: 0, lossPpm: 0, bandwidthBps: 0 }
    for (const from of zones.values()) {
      for (const to of zones.values()) if (from !== to) network.setLink(from, to, link)
    }
    network.addRule({
      name: 'cuts',
      test: (from, to) => (this.#cuts.has(`${from.name} ${to.name}`) ? 'drop' : 'pass'),
    })
  }

  /** Cuts or heals both directions, silently. */
  set(a: Host, b: Host, isUp: boolean): void {
    for (const pair of [`${a.name} ${b.name}`, `${b.name} ${a.name}`]) {
      if (isUp) this.#cuts.delete(pair)
      else this.#cuts.add(pair)
    }
  }

  /** Cuts a host from all others. */
  isolate(host: Host): void {
    for (const other of this.#world.hosts.values()) if (other !== host) this.set(host, other, false)
  }

  healAll(): void {
    this.#cuts.clear()
  }
}
