import { describe, expect, it } from 'vitest'
import type { Host } from '../../src/sim/host.ts'
import type { Process } from '../../src/sim/process.ts'
import { millis, seconds } from '../../src/sim/time.ts'
import type { TunnelBundle, TunnelSettings } from '../../src/sim/tunnels.ts'
import { Wire } from '../../src/sim/wire.ts'
import type { World } from '../../src/sim/world.ts'
import { TwoSites } from './two-sites.ts'

const SETTINGS: TunnelSettings = {
  encapsulationBytes: 60,
  withdraw: [seconds(10), seconds(10)],
  establish: seconds(3),
}

interface Tunnelled {
  readonly sites: TwoSites
  readonly bundle: TunnelBundle
  /** Those of the first site, one a tunnel. */
  readonly gateways: readonly Process[]
}

/** Two sites that reach each other through `count` tunnels, each with gateways of its own. */
function tunnelled(
  count: number,
  settings: Partial<TunnelSettings> = {},
  wireOf: () => readonly Wire[] = () => [],
): Tunnelled {
  const sites = new TwoSites()
  const { world } = sites
  const places = [sites.client.host.zone, sites.server.host.zone] as const
  const tunnels = Array.from({ length: count }, (_, index) => {
    const [here, there] = places.map((zone) => {
      const name = `${zone.name}-${index + 1}`
      return world.addProcess(`gateway-${name}`, world.addHost(`host-${name}`, zone))
    })
    if (!here || !there) throw new Error('two gateways')
    for (const gateway of [here, there]) gateway.start()
    const wires = [wireOf(), []] as const
    return { name: `t${index + 1}`, gateways: [here, there] as const, wires }
  })
  const regions = [places[0].region, places[1].region] as const
  const bundle = world.network.tunnelBetween(regions, tunnels, { ...SETTINGS, ...settings })
  sites.run(0)
  return { sites, bundle, gateways: tunnels.map(({ gateways }) => gateways[0]) }
}

/** Hosts on both sides, to see over which tunnel each pair of them goes. */
function crowd(world: World, { sites }: Tunnelled, each: number): [Host[], Host[]] {
  const many = (site: Host): Host[] =>
    Array.from({ length: each }, (_, i) => world.addHost(`${site.name}/${i}`, site.zone))
  return [many(sites.client.host), many(sites.server.host)]
}

describe('a tunnel', () => {
  it('wraps every packet, and whoever pays for the link pays for the wrapping', () => {
    const { sites } = tunnelled(1)
    const socket = sites.connected()
    const [there] = [...sites.world.network.links()]
    const before = there?.bytes ?? 0
    socket.send('message', 3_000)
    sites.run(seconds(1))
    expect((there?.bytes ?? 0) - before).toBe(3_000 + 3 * (52 + 60))
  })

  it('leaves hosts of one region, and of others, alone', () => {
    const { sites, bundle, gateways } = tunnelled(1)
    const { world } = sites
    const neighbour = world.addHost('neighbour', sites.client.host.zone)
    const far = world.addHost('far', world.addZone('z3', world.addRegion('r3')))
    gateways[0]?.host.powerLoss()
    const { client, server } = sites
    expect(bundle.drops(client.host, server.host)).toBe(true)
    expect(bundle.drops(server.host, client.host)).toBe(true)
    expect(bundle.drops(client.host, neighbour)).toBe(false)
    expect(bundle.drops(client.host, far)).toBe(false)
    expect(bundle.drops(far, server.host)).toBe(false)
  })

  it('stalls a connection until TCP’s next try after it is established again', () => {
    const { sites, gateways } = tunnelled(1)
    const gateway = gateways[0]
    const socket = sites.connected()
    sites.at(millis(900), () => gateway?.host.powerLoss())
    sites.at(seconds(1), () => socket.send('late', 10))
    sites.at(seconds(5), () => {
      gateway?.host.powerOn()
      gateway?.start()
    })
    sites.run(seconds(20))
    // Tries after a time-out and a slot of the kernel's wheel, then as late again and doubling: at
    // 1.28, 1.54, 2.05, 3.07, 5.12 and 9.22 s; the tunnel is back at 8 s.
    expect(sites.heardByServer).toEqual([{ at: millis(9_241), message: 'late' }])
  })

  it('counts as established only when both its gateways are there', () => {
    const { sites, bundle, gateways } = tunnelled(1)
    const there = sites.world.processes.get('gateway-there-1')
    const { client, server } = sites
    for (const one of [gateways[0], there]) one?.crash()
    sites.run(seconds(1))
    gateways[0]?.start()
    sites.run(seconds(9))
    expect(bundle.drops(client.host, server.host)).toBe(true)
    there?.start()
    sites.run(seconds(13))
    expect(bundle.drops(client.host, server.host)).toBe(false)
  })
})

describe('parallel tunnels', () => {
  it('share hosts out, each way for itself: one of two lost stalls three of four pairs', () => {
    const all = tunnelled(2)
    const { sites, bundle, gateways } = all
    const [here, there] = crowd(sites.world, all, 40)
    gateways[0]?.crash()
    const dead = (a: Host, b: Host): boolean => bundle.drops(a, b)
    const pairs = here.flatMap((a) => there.map((b) => [dead(a, b), dead(b, a)] as const))
    const stalled = pairs.filter(([out, back]) => out || back).length
    const oneWay = pairs.filter(([out, back]) => out !== back).length
    expect(stalled / pairs.length).toBeCloseTo(0.75, 1)
    expect(oneWay / pairs.length).toBeCloseTo(0.5, 1)
  })

  it('are left by each router in its own time, and then nothing stalls', () => {
    const all = tunnelled(2, { withdraw: [seconds(10), seconds(60)] })
    const { sites, bundle, gateways } = all
    const [here, there] = crowd(sites.world, all, 10)
    const told: string[] = []
    bundle.onChange = ({ tunnel, what, region }) =>
      told.push(`${sites.world.now / seconds(1)} ${tunnel} ${what} ${region}`)
    const stalled = () => here.flatMap((a) => there.filter((b) => bundle.drops(a, b))).length
    gateways[0]?.crash()
    const before = stalled()
    sites.run(seconds(61))
    expect([before > 0, stalled()]).toEqual([true, 0])
    expect(told[0]).toBe('0 t1 down null')
    const left = told.slice(1)
    expect(left.map((line) => line.replace(/^[\d.]+ /, '')).sort()).toEqual([
      't1 withdrawn r1',
      't1 withdrawn r2',
    ])
    expect(new Set(left.map((line) => line.split(' ')[0])).size).toBe(2)
    gateways[0]?.start()
    sites.run(seconds(70))
    expect(told.at(-1)).toBe('64 t1 up null')
    gateways[1]?.crash()
    expect(stalled()).toBeGreaterThan(0)
  })

  it('are all lost to a router that knows of none', () => {
    const { sites, bundle, gateways } = tunnelled(2)
    for (const gateway of gateways) gateway.crash()
    sites.run(seconds(30))
    expect(bundle.drops(sites.client.host, sites.server.host)).toBe(true)
  })

  it('are not left where the gateway is back before anybody noticed', () => {
    const { sites, bundle, gateways } = tunnelled(1, { establish: seconds(1) })
    gateways[0]?.crash()
    gateways[0]?.start(seconds(1))
    sites.run(seconds(30))
    expect(bundle.drops(sites.client.host, sites.server.host)).toBe(false)
  })
})

describe('a wire that tunnels share', () => {
  /** When a megabyte from each of two hosts has arrived. */
  function arrivals(wireOf: () => readonly Wire[], settings: Partial<TunnelSettings> = {}) {
    const { sites } = tunnelled(2, { encapsulationBytes: 0, ...settings }, wireOf)
    const { world, client } = sites
    const other = world.addProcess('other', world.addHost('h3', client.host.zone))
    other.start()
    sites.run(0)
    for (const [from, name] of [
      [client, 'a'],
      [other, 'b'],
    ] as const) {
      world.network.connect(from, sites.server, {
        onOpen: (socket) => socket.send(name, 1_000_000),
        onMessage() {},
        onClose() {},
      })
    }
    sites.run(seconds(60))
    return sites.heardByServer.map(({ at }) => at / seconds(1))
  }

  it('carries what all of them send at its bandwidth, and no more', () => {
    const wire = new Wire(8_000_000)
    const times = arrivals(() => [wire])
    expect(times.length).toBe(2)
    // Two megabytes and their headers at 8 Mbit/s.
    expect(Math.max(...times)).toBeGreaterThan(2.07)
    expect(Math.max(...times)).toBeLessThan(2.4)
  })

  it('is a cap on each where each tunnel has its own, and none where none has', () => {
    // These two hosts go through different tunnels.
    const [first = 0, second = 0] = arrivals(() => [new Wire(8_000_000)])
    expect(first).toBeGreaterThan(1.05)
    expect(second).toBeLessThan(1.3)
    expect(Math.max(...arrivals(() => []))).toBeLessThan(0.6)
  })

  it('passes wrapped packets, so their wrapping slows all of it down', () => {
    const bare = new Wire(8_000_000)
    const wrapped = new Wire(8_000_000)
    const [before, after] = [
      Math.max(...arrivals(() => [bare])),
      Math.max(...arrivals(() => [wrapped], { encapsulationBytes: 500 })),
    ]
    expect(after / before).toBeGreaterThan(1.25)
  })

  it('holds nobody up at the next one for what still waits at the first', () => {
    const [slow, fast] = [new Wire(1_000_000), new Wire(100_000_000)]
    const { sites } = tunnelled(1, { encapsulationBytes: 0 }, () => [slow, fast])
    const socket = sites.connected()
    socket.send('big', 250_000)
    sites.run(seconds(1))
    expect(slow.send(seconds(1), 0)).toBeGreaterThan(seconds(1))
    expect(fast.send(seconds(1), 0)).toBe(seconds(1))
  })
})
