import { describe, expect, it } from 'vitest'
import { seconds } from '../../src/sim/time.ts'
import { strike, ToyWorld } from './toy-world.ts'

const [A, B, C] = ['r1/broker-1', 'r2/broker-1', 'r3/broker-1']
/** Quick enough to see whole: routers notice after 10 s, a tunnel takes 5 s to come back. */
const SETTINGS = {
  encapsulationBytes: 0,
  withdraw: [seconds(10), seconds(10)] as const,
  establish: seconds(5),
}

/** One tunnel between each two of r1, r2 and r3; the gateways of a region share a host. */
function slice(): ToyWorld {
  const toy = new ToyWorld()
  const { world } = toy
  const regions = [...world.regions.values()]
  for (const [index, a] of regions.entries()) {
    for (const b of regions.slice(index + 1)) {
      const [here, there] = [a, b].map((at) => {
        const zone = at.zones[0]
        if (zone === undefined) throw new Error('a zone')
        const name = `gateways-${at.name}`
        const host = world.hosts.get(name) ?? world.addHost(name, zone)
        const peer = at === a ? b : a
        const gateway = world.addProcess(`gateway-${at.name}-${peer.name}`, host)
        gateway.start()
        return gateway
      })
      if (!here || !there) throw new Error('two gateways')
      const tunnel = { name: `${a.name}-${b.name}`, wires: [[], []] as const }
      world.network.tunnelBetween([a, b], [{ ...tunnel, gateways: [here, there] }], SETTINGS)
    }
  }
  toy.run(0)
  return toy
}

function seen(toy: ToyWorld): string[] {
  return [toy.path(A, B), toy.path(A, C), toy.path(B, C)]
}

describe('the loss of gateways', () => {
  it('cuts a region from all others over the slice, and leaves it whole inside', () => {
    const toy = slice()
    toy.inject([strike(1, 'gateway-loss', { target: 'region r1' }, 5)])
    toy.run(2)
    expect(seen(toy)).toEqual(['xx', 'xx', '--'])
    expect(toy.path(A, 'r1/broker-2')).toBe('--')
    expect(toy.down()).toEqual(['gateway-r1-r2 stopped', 'gateway-r1-r3 stopped'])
  })

  it('is over for its tunnels only when they are established again', () => {
    const toy = slice()
    toy.inject([strike(1, 'gateway-loss', { target: 'region r1' }, 5)])
    // Healed at 6 s, started at 8 s, established at 13 s.
    const paths = [7, 9, 12.9, 13.1].map((at) => {
      toy.run(at)
      return toy.path(A, B)
    })
    expect(paths).toEqual(['xx', 'xx', 'xx', '--'])
    expect(toy.down()).toEqual([])
  })

  it('takes the node of a gateway and what else is on it, or the gateway alone', () => {
    const node = slice()
    node.inject([strike(1, 'gateway-loss', { target: 'gateway-r1-r2' })])
    node.run(2)
    expect(seen(node)).toEqual(['xx', 'xx', '--'])
    const pod = slice()
    pod.inject([strike(1, 'gateway-loss', { target: 'gateway-r1-r2', model: 'pod' })])
    pod.run(2)
    expect(seen(pod)).toEqual(['xx', '--', '--'])
  })

  it('is part of the loss of a region', () => {
    const toy = slice()
    toy.inject([strike(1, 'region-loss', { target: 'region r2' })])
    toy.run(2)
    expect(seen(toy)).toEqual(['xx', '--', 'xx'])
    expect(toy.down()).toContain('gateway-r2-r3 stopped')
  })

  it('strikes nobody where there is no gateway', () => {
    const toy = new ToyWorld()
    toy.inject([strike(1, 'gateway-loss', { target: 'region r1' }, 5)])
    toy.run(2)
    expect(seen(toy)).toEqual(['--', '--', '--'])
    expect(toy.log).toEqual(['1 strikes fault-1 '])
  })
})
