import { describe, expect, it } from 'vitest'
import type { SocketHandler } from '../../src/sim/connection.ts'
import type { Process } from '../../src/sim/process.ts'
import { millis, seconds } from '../../src/sim/time.ts'
import { World } from '../../src/sim/world.ts'
import { TwoSites } from './two-sites.ts'

const QUIET: SocketHandler = { onOpen() {}, onMessage() {}, onClose() {} }

/** Opens a connection and tells when, in microseconds, the client had it. */
function handshakeTime(world: World, client: Process, server: Process): number {
  let openedAt = Number.NaN
  for (const process of [client, server]) process.start()
  world.scheduler.run(world.now)
  world.network.listen(server, () => QUIET)
  const start = world.now
  world.network.connect(client, server, {
    ...QUIET,
    onOpen: () => {
      openedAt = world.now - start
    },
  })
  world.scheduler.run(start + seconds(1))
  return openedAt
}

describe('the network', () => {
  it('is quick in a host, slower in a zone, slower between zones of a region', () => {
    const world = new World({ seed: 'near' })
    const region = world.addRegion('r')
    const [z1, z2] = [world.addZone('z1', region), world.addZone('z2', region)]
    const [h1, h2, h3] = [world.addHost('h1', z1), world.addHost('h2', z1), world.addHost('h3', z2)]
    const [p, q, r, s] = [h1, h1, h2, h3].map((host, i) => world.addProcess(`p${i}`, host))
    if (!p || !q || !r || !s) throw new Error('four processes')
    const times = [q, r, s].map((server) => handshakeTime(world, p, server))
    expect(times).toEqual([40, 250, 1_000])
    world.network.setLoopback({ delay: 5, jitter: 0, lossPpm: 0, bandwidthBps: 0 })
    expect(handshakeTime(world, p, q)).toBe(10)
  })

  it('has no link between regions that nobody described', () => {
    const world = new World({ seed: 'far' })
    const [a, b] = ['a', 'b'].map((n) => {
      const zone = world.addZone(`zone ${n}`, world.addRegion(n))
      return world.addProcess(n, world.addHost(`host ${n}`, zone))
    })
    if (!a || !b) throw new Error('two processes')
    expect(() => handshakeTime(world, a, b)).toThrow(/zone a/)
  })

  it('counts what each direction carried, headers included', () => {
    const sites = new TwoSites()
    const socket = sites.connected()
    const [there, back] = [...sites.world.network.links()]
    const before = there?.bytes ?? 0
    const backBefore = back?.bytes ?? 0
    socket.send('message', 3_000)
    sites.run(seconds(1))
    expect((there?.bytes ?? 0) - before).toBe(3_000 + 3 * 52)
    expect(back?.bytes).toBe(backBefore)
    expect([there?.from.name, there?.to.name]).toEqual(['here', 'there'])
  })

  it('feels a changed link from the next message on', () => {
    const sites = new TwoSites()
    const socket = sites.connected()
    const { zone: from } = sites.client.host
    const { zone: to } = sites.server.host
    const spec = { delay: millis(70), jitter: 0, lossPpm: 0, bandwidthBps: 0 }
    sites.world.network.setLink(from, to, spec)
    socket.send('later', 10)
    sites.run(seconds(1))
    expect(sites.heardByServer).toEqual([{ at: millis(170), message: 'later' }])
  })
})

describe('a world', () => {
  const digestOf = (seed: string) => {
    const sites = new TwoSites({ jitter: millis(9), lossPpm: 30_000 }, seed)
    const socket = sites.connect()
    sites.run(seconds(10))
    for (let i = 0; i < 200; i++) sites.at(seconds(10) + i * 7_001, () => socket.send(i, 5_000))
    sites.run(seconds(60))
    return sites.world.scheduler.digest()
  }

  it('lives the same life for the same seed, and another one for another', () => {
    expect(digestOf('one')).toBe(digestOf('one'))
    expect(digestOf('one')).not.toBe(digestOf('two'))
  })

  it('gives a name once', () => {
    const world = new World({ seed: 's' })
    world.addRegion('r')
    expect(() => world.addRegion('r')).toThrow(/once/)
  })
})
