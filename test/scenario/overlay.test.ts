import { describe, expect, it } from 'vitest'
import type { OverlaySpec } from '../../src/scenario/model.ts'
import type { Parsed } from '../../src/scenario/parse.ts'
import { changed, told } from './minimal.ts'

const RTT = 'rtt: { east ~ west: 50ms }'

function overlay(text: string, more = ''): Parsed {
  return changed(RTT, `${RTT}\n  overlay: ${text}`, more)
}

function specOf(text: string): OverlaySpec {
  const { scenario, problems } = overlay(text)
  expect(problems).toEqual([])
  const spec = scenario?.network.overlay
  if (!spec) throw new Error('no overlay')
  return spec
}

describe('an overlay', () => {
  it('is what KubeSlice sets up where the file names its ceiling only', () => {
    expect(specOf('{ ceiling: 5120kbit }')).toMatchObject({
      regions: ['east', 'west'],
      gatewayType: 'openvpn',
      gatewayPairs: 2,
      gatewayNodes: 2,
      ceilingBps: 5_120_000,
      gatewayBandwidthBps: 300_000_000,
      mtu: 1_300,
      encapsulationBytes: 92,
      failover: [60_000_000, 180_000_000],
      establish: 120_000_000,
    })
  })

  it('wraps with less, and encrypts without one core’s limit, with wireguard', () => {
    expect(specOf('{ ceiling: 0, gatewayType: wireguard }')).toMatchObject({
      gatewayBandwidthBps: 0,
      encapsulationBytes: 60,
    })
  })

  it('has a gateway at both ends of each tunnel, in turn on the nodes of its region', () => {
    const { tunnels } = specOf('{ ceiling: 0, gatewayPairs: 3, gatewayNodes: 2 }')
    expect(tunnels.map(({ name }) => name)).toEqual(['east-west-1', 'east-west-2', 'east-west-3'])
    expect(tunnels.map(({ ends }) => ends.map(({ host }) => host))).toEqual([
      ['gateways-east-1', 'gateways-west-1'],
      ['gateways-east-2', 'gateways-west-2'],
      ['gateways-east-1', 'gateways-west-1'],
    ])
    expect(tunnels.map(({ ends }) => ends[0].zone)).toEqual(['east/a', 'east/b', 'east/a'])
  })

  it('is what packets between its regions see: later, more jitter, smaller', () => {
    const text = '{ ceiling: 0, hopDelay: 2ms, hopJitter: 3ms, mtu: 1200 }'
    const { scenario } = overlay(text)
    expect(scenario?.network.links).toMatchObject([
      { from: 'east', to: 'west', delay: 27_000, jitter: 3_000, mtu: 1_200 },
      { from: 'west', to: 'east', delay: 27_000, jitter: 3_000, mtu: 1_200 },
    ])
  })

  it('joins only the regions that it names', () => {
    const regions = 'east: { zones: [a, b] }\n  far: {}'
    const rtt = `rtt: { east ~ west: 50ms, east ~ far: 50ms, west ~ far: 50ms }
  overlay: { ceiling: 0, regions: [east, west], hopDelay: 5ms }`
    const { scenario, problems } = changed(
      `east: { zones: [a, b] }\n  west: {}\nnetwork:\n  ${RTT}`,
      `${regions}\n  west: {}\nnetwork:\n  ${rtt}`,
    )
    expect(problems).toEqual([])
    expect(scenario?.network.overlay?.tunnels.length).toBe(2)
    const delays = scenario?.network.links.map(({ from, to, delay }) => `${from}>${to} ${delay}`)
    expect(delays).toContain('east>west 30000')
    expect(delays).toContain('east>far 25000')
  })
})

describe('what is wrong with an overlay is told with its place and the way out', () => {
  it.each([
    ['{}', 'network.overlay.ceiling', /expected a bandwidth/, /"100Mbit"/],
    ['{ ceiling: 5120 }', 'network.overlay.ceiling', /expected a bandwidth/, /"100Mbit"/],
    ['{ ceilling: 0, ceiling: 0 }', 'network.overlay.ceilling', /unknown key/, /"ceiling"/],
    [
      '{ ceiling: 0, regions: [east, wst] }',
      'network.overlay.regions[1]',
      /unknown region/,
      /west/,
    ],
    ['{ ceiling: 0, regions: [east, east] }', 'network.overlay.regions[1]', /twice/, /once/],
    ['{ ceiling: 0, gatewayNodes: 3 }', 'network.overlay.gatewayNodes', /no gateway/, /: 2/],
    [
      '{ ceiling: 1Mbit, guaranteed: 2Mbit }',
      'network.overlay.guaranteed',
      /more than the ceiling/,
      /raise the ceiling/,
    ],
    [
      '{ ceiling: 0, mtu: 1450 }',
      'network.overlay.mtu',
      /1542 bytes; .* takes 1500/,
      /mtu: 1408 or less/,
    ],
    ['{ ceiling: 0, failover: [9s, 3s] }', 'network.overlay.failover', /ends before/, /earlier/],
  ])('%s', (text, path, message, fix) => {
    const [problem, ...more] = overlay(text).problems
    expect(more).toEqual([])
    expect(problem?.path).toBe(path)
    expect(problem?.line).toBe(7)
    expect(problem?.message).toMatch(message)
    expect(problem?.fix).toMatch(fix)
  })

  it('in a place with one region', () => {
    const { problems } = changed(
      '  west: {}\nnetwork:\n  rtt: { east ~ west: 50ms }',
      'network:\n  overlay: { ceiling: 0 }',
    )
    expect(problems.map(({ message }) => message)).toContain('an overlay needs two regions to join')
  })

  it('and a guarantee, which one slice never needs, is noted', () => {
    const { notes, problems } = overlay('{ ceiling: 5120kbit, guaranteed: 2560kbit }')
    expect(problems).toEqual([])
    expect(notes.map(({ path }) => path)).toEqual(['network.overlay.guaranteed'])
  })
})

describe('a fault of gateways', () => {
  it('names them by region, by host, or one by one', () => {
    const faults = `faults:
  - { at: 1s, gateway-loss: region east, for: 5s }
  - { at: 10s, gateway-loss: host gateways-west-2 }
  - { at: 20s, gateway-loss: { target: gateway-east-west-1, model: pod } }
  - { at: 30s, crash: one of gateways of region west }
`
    expect(overlay('{ ceiling: 0 }', faults).problems).toEqual([])
  })

  it('knows no gateways of an overlay that is not there', () => {
    const faults = 'faults:\n  - { at: 1s, gateway-loss: gateway-east-west-1 }\n'
    const { problems } = changed(RTT, RTT, faults)
    expect(problems.map(({ message }) => message)).toEqual([
      'unknown process "gateway-east-west-1"',
    ])
  })

  it('is noted where there is no overlay to hit', () => {
    const { problems, notes } = changed(
      RTT,
      RTT,
      'faults:\n  - { at: 1s, gateway-loss: region east }\n',
    )
    expect(problems).toEqual([])
    expect(notes.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'faults[0].gateway-loss no effect: there is no network.overlay',
    ])
  })

  it('leaves their names to them', () => {
    expect(told(changed('name: shop', 'name: gateway-shop'))).toEqual([
      'producers: the client name gateway-shop is taken',
    ])
  })
})
