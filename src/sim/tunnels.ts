import type { Ends, Host, Region } from './host.ts'
import { invariant } from './invariant.ts'
import type { Process } from './process.ts'
import type { Random } from './random.ts'
import { type EventId, type HandlerId, NO_EVENT, type Scheduler } from './scheduler.ts'
import type { Micros } from './time.ts'
import type { Wire } from './wire.ts'

const TWO_32 = 4_294_967_296

/** One tunnel between two regions. Pairs are in the order of the bundle's regions. */
export interface TunnelSpec {
  readonly name: string
  /** The programs that wrap and unwrap packets, one at each end. */
  readonly gateways: readonly [Process, Process]
  /** What packets from this end must pass; a wire may be shared with others. */
  readonly wires: readonly [readonly Wire[], readonly Wire[]]
}

export interface TunnelSettings {
  /** Around each packet: they pass the wires and are counted. */
  readonly encapsulationBytes: number
  /** From the end of a gateway until a region's router stops using its tunnel; drawn for each. */
  readonly withdraw: readonly [Micros, Micros]
  /** From the start of a tunnel's missing gateway until it carries again. */
  readonly establish: Micros
}

/** down: nothing passes; withdrawn: the router of `region` uses others; up: it carries, in use. */
export interface TunnelChange {
  readonly tunnel: string
  readonly what: 'down' | 'withdrawn' | 'up'
  readonly region: string | null
}

interface Tunnel {
  readonly spec: TunnelSpec
  readonly index: number
  isUp: boolean
  /** Whether the router at each end has it in its table. */
  readonly isRouted: [boolean, boolean]
  establishEvent: EventId
  readonly withdrawEvents: [EventId, EventId]
}

/**
 * Parallel tunnels between two regions, which all that passes between them goes through. Each
 * region's router spreads pairs of hosts over the tunnels in its table by a hash that the other
 * does not know (equal-cost multi-path by addresses), so a connection may go through one tunnel
 * and its acknowledgements through another.
 *
 * 1. A gateway ends: what is sent into its tunnel vanishes; no router knows yet.
 * 2. Each router notices in its own time and spreads all pairs over what is left.
 * 3. The gateway is back and the tunnel is established: both routers use it again.
 */
export class TunnelBundle {
  readonly regions: readonly [Region, Region]
  readonly encapsulationBytes: number
  /** Whether any of its wires has a limit. */
  readonly isNarrow: boolean
  onChange: ((change: TunnelChange) => void) | null = null
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #settings: TunnelSettings
  readonly #tunnels: readonly Tunnel[]
  /** Secret of each router's hash. */
  readonly #salts: readonly [number, number]
  readonly #tables: [readonly Tunnel[], readonly Tunnel[]]
  readonly #hashes = new Map<Host, Map<Host, number>>()
  readonly #withdrawHandler: HandlerId
  readonly #establishHandler: HandlerId

  constructor(
    scheduler: Scheduler,
    random: Random,
    regions: readonly [Region, Region],
    specs: readonly TunnelSpec[],
    settings: TunnelSettings,
  ) {
    invariant(specs.length > 0, 'a bundle has a tunnel', { a: regions[0].name, b: regions[1].name })
    this.regions = regions
    this.#scheduler = scheduler
    this.#random = random
    this.#settings = settings
    this.encapsulationBytes = settings.encapsulationBytes
    this.isNarrow = specs.some(({ wires }) => wires.flat().some((wire) => wire.bandwidthBps > 0))
    this.#tunnels = specs.map((spec, index) => newTunnel(spec, index))
    this.#tables = [this.#tunnels, this.#tunnels]
    this.#salts = [random.uint32(), random.uint32()]
    const name = `tunnels/${regions[0].name}/${regions[1].name}`
    const on = scheduler.register.bind(scheduler)
    this.#withdrawHandler = on((index, side) => this.#withdraw(index, side), `${name}/withdraw`)
    this.#establishHandler = on((index) => this.#established(index), `${name}/establish`)
    for (const tunnel of this.#tunnels) this.#watch(tunnel)
  }

  /** Whether what is sent between these two vanishes: no tunnel is known, or a dead one is used. */
  drops(from: Host, to: Host): boolean {
    const side = this.#sideOf(from)
    if (side === null || this.#sideOf(to) !== 1 - side) return false
    return this.#route({ from, to })?.isUp !== true
  }

  /** Queues bytes at every wire on their way; the time at which the last of them has left. */
  pass(now: Micros, departed: Micros, bytes: number, ends: Ends): Micros {
    let last = departed
    for (const wire of this.#wires(ends)) last = Math.max(last, wire.send(now, bytes))
    return last
  }

  /** Whether any wire of the tunnel that these two use has a queue; false where none is known. */
  isCongested(now: Micros, ends: Ends): boolean {
    return this.#wires(ends).some((wire) => wire.isCongested(now))
  }

  #wires(ends: Ends): readonly Wire[] {
    const side = this.#sideOf(ends.from)
    return (side === null ? undefined : this.#route(ends)?.spec.wires[side]) ?? []
  }

  #route(ends: Ends): Tunnel | undefined {
    const table = this.#tables[this.#sideOf(ends.from) ?? 0]
    return table[Math.floor((this.#hashOf(ends) * table.length) / TWO_32)]
  }

  #sideOf(host: Host): 0 | 1 | null {
    const { region } = host.zone
    if (region === this.regions[0]) return 0
    return region === this.regions[1] ? 1 : null
  }

  #hashOf({ from, to }: Ends): number {
    let known = this.#hashes.get(from)
    if (known === undefined) {
      known = new Map()
      this.#hashes.set(from, known)
    }
    const hash = known.get(to) ?? hashOf(`${from.name}/${to.name}`, this.#saltFor(from))
    known.set(to, hash)
    return hash
  }

  #saltFor(from: Host): number {
    return this.#salts[this.#sideOf(from) ?? 0]
  }

  /** A gateway that was never started counts as running: the world begins with its tunnels up. */
  #watch(tunnel: Tunnel): void {
    for (const gateway of tunnel.spec.gateways) {
      const boot = gateway.onBoot
      gateway.onBoot = () => {
        boot?.()
        gateway.resources.add({ processEnded: () => this.#ended(tunnel) })
        this.#started(tunnel)
      }
    }
  }

  #ended(tunnel: Tunnel): void {
    this.#scheduler.cancel(tunnel.establishEvent)
    tunnel.establishEvent = NO_EVENT
    if (!tunnel.isUp) return
    tunnel.isUp = false
    const [soonest, latest] = this.#settings.withdraw
    for (const side of [0, 1] as const) {
      const delay = this.#random.int(soonest, latest)
      const handler = this.#withdrawHandler
      tunnel.withdrawEvents[side] = this.#scheduler.schedule(delay, handler, tunnel.index, side)
    }
    this.#tell(tunnel, 'down', null)
  }

  #started(tunnel: Tunnel): void {
    const { gateways } = tunnel.spec
    if (tunnel.isUp || gateways.some(({ state }) => state === 'stopped')) return
    const { establish } = this.#settings
    this.#scheduler.cancel(tunnel.establishEvent)
    tunnel.establishEvent = this.#scheduler.schedule(
      establish,
      this.#establishHandler,
      tunnel.index,
    )
  }

  #established(index: number): void {
    const tunnel = this.#tunnels[index]
    if (tunnel === undefined) return
    tunnel.establishEvent = NO_EVENT
    tunnel.isUp = true
    for (const side of [0, 1] as const) {
      this.#scheduler.cancel(tunnel.withdrawEvents[side])
      tunnel.withdrawEvents[side] = NO_EVENT
      this.#setRoute(tunnel, side, true)
    }
    this.#tell(tunnel, 'up', null)
  }

  #withdraw(index: number, side: number): void {
    const tunnel = this.#tunnels[index]
    if (tunnel === undefined || (side !== 0 && side !== 1)) return
    tunnel.withdrawEvents[side] = NO_EVENT
    this.#setRoute(tunnel, side, false)
    this.#tell(tunnel, 'withdrawn', this.regions[side].name)
  }

  #setRoute(tunnel: Tunnel, side: 0 | 1, isRouted: boolean): void {
    tunnel.isRouted[side] = isRouted
    this.#tables[side] = this.#tunnels.filter((one) => one.isRouted[side])
  }

  #tell(tunnel: Tunnel, what: TunnelChange['what'], region: string | null): void {
    this.onChange?.({ tunnel: tunnel.spec.name, what, region })
  }
}

function newTunnel(spec: TunnelSpec, index: number): Tunnel {
  return {
    spec,
    index,
    isUp: true,
    isRouted: [true, true],
    establishEvent: NO_EVENT,
    withdrawEvents: [NO_EVENT, NO_EVENT],
  }
}

/** FNV-1a over the name, its bits mixed once more, because only the upper ones choose. */
function hashOf(name: string, salt: number): number {
  let hash = (2_166_136_261 ^ salt) >>> 0
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 16_777_619) >>> 0
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0
  return (hash ^ (hash >>> 16)) >>> 0
}
