import { describe, expect, it } from 'vitest'
import { CUT, endsOf, type LinkedClusters, runLinked } from './two-regions.ts'

/** Notices silence soon. */
const QUICK = { 'availability.check.ms': 2_000, 'request.timeout.ms': 1_000 }
const INBOUND = { 'connection.mode': 'INBOUND' }

/** Nobody in eu, where the mirror is, can open a connection to us. */
const WALL = '{at: 0s, firewall: {between: [region eu, region us]}}'
const AGAIN = '{at: 3s, restart: {target: brokers of cluster B, how: kill, downtime: 500ms}}'

function arrivedOf(of: LinkedClusters): number {
  const result = runLinked({ duration: '16s', settle: '0s', stop: '6s', ...of })
  const [a, b] = ['A', 'B'].map((name) => Math.min(...endsOf(result, `${name}:orders-0`)))
  return (b ?? 0) / (a ?? 1)
}

describe('a firewall in front of the source', () => {
  it('leaves connections that stand, whoever has opened them', () => {
    expect(arrivedOf({ faults: [WALL] })).toBe(1)
  })

  it('ends a link that its destination dials with the next restart', () => {
    const arrived = arrivedOf({ faults: [WALL, AGAIN] })
    expect(arrived).toBeGreaterThan(0.3)
    expect(arrived).toBeLessThan(0.7)
  })

  it('does not touch a link that its source dials', () => {
    expect(arrivedOf({ faults: [WALL, AGAIN], config: INBOUND })).toBe(1)
  })

  it('the other way round ends that one', () => {
    const wall = WALL.replace('[region eu, region us]', '[region us, region eu]')
    expect(arrivedOf({ faults: [wall, AGAIN], config: INBOUND })).toBeLessThan(0.7)
  })
})

describe('a link that its source dials', () => {
  it('dials again what went silent, after its own settings and not the destination’s', () => {
    const faults = ['{at: 3s, host-loss: {target: brokers of cluster B, model: stop}, for: 2s}']
    const quick = { config: INBOUND, source: QUICK, faults }
    expect(arrivedOf(quick)).toBe(1)
    expect(arrivedOf({ ...quick, source: {} })).toBeLessThan(1)
  })

  it('survives a cut of the network', () => {
    const faults = [`{at: 3s, ${CUT}, for: 3s}`]
    expect(arrivedOf({ config: { ...INBOUND, ...QUICK }, source: QUICK, faults })).toBe(1)
  })

  it('carries group offsets too', () => {
    const config = { ...INBOUND, 'consumer.offset.sync.enable': true, ...GROUPS }
    const groups = runLinked({ duration: '14s', stop: '10s', config, consumers: [BILLING] })
    const there = groups.clusters.find(({ name }) => name === 'B')?.groups
    expect(there?.[0]?.rows.map(({ currentOffset }) => currentOffset ?? 0)[0]).toBeGreaterThan(500)
  })

  it('may be one of two ways, of which this side dials for both', () => {
    const config = { ...INBOUND, 'link.mode': 'BIDIRECTIONAL' }
    expect(arrivedOf({ faults: [WALL, AGAIN], config })).toBe(1)
  })
})

const GROUPS = {
  'consumer.offset.sync.ms': 1_000,
  'consumer.offset.group.filters': JSON.stringify({
    groupFilters: [{ name: '*', patternType: 'LITERAL', filterType: 'INCLUDE' }],
  }),
}
const BILLING =
  '{name: billing, region: us, cluster: A, topic: orders, config: {group.id: billing, ' +
  'auto.offset.reset: earliest, auto.commit.interval.ms: 500}}'
