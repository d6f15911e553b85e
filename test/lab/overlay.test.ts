// What a run shows of the overlay that a stretched cluster runs over.

import { describe, expect, it } from 'vitest'
import type { RunResult } from '../../src/contract.ts'
import { run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

interface Choices {
  readonly overlay?: string
  readonly rate?: number
  readonly duration?: string
  readonly more?: string
}

/** Two sites; the producer and every leader are in the first. */
function stretched({ overlay, rate = 100, duration = '20s', more = '' }: Choices): RunResult {
  const text = `
scenario: stretched
duration: ${duration}
settle: 10s
regions: { west: {}, east: {} }
network:
  rtt: { west ~ east: 10ms }
${overlay === undefined ? '' : `  overlay: ${overlay}`}
cluster:
  brokers: [{ id: 1, region: west }, { id: 2, region: east }, { id: 3, region: east }]
  controllers: { west: 1 }
  config: { min.insync.replicas: 2 }
topics: [{ name: orders, assignment: [[1, 2, 3], [1, 3, 2]] }]
producers: [{ name: shop, region: west, topic: orders, rate: ${rate}/s, recordBytes: 1KiB }]
objectives: { rpo.records: 0, produce.p99: 1s }
${more}`
  return run(scenarioOf(text, 'stretched.yaml'), '1')
}

/** Milliseconds. */
function measured(result: RunResult, name: string): number {
  return result.objectives.find((one) => one.id === name)?.measured ?? Number.NaN
}

const NO_COST = 'hopDelay: 0, hopJitter: 0, gatewayBandwidth: 0'

describe('a stretched cluster over an overlay', () => {
  it('pays for every packet’s wrapping in bytes between the regions', () => {
    const bytes = (overhead: number) =>
      stretched({ overlay: `{ ceiling: 0, overhead: ${overhead}B, ${NO_COST} }` }).traffic
        .crossRegionBytes
    const bare = bytes(0)
    const packets = (bytes(60) - bare) / 60
    expect(packets).toBeGreaterThan(4_000)
    expect(bytes(92) - bare).toBe(92 * packets)
  })

  it('waits for the gateways in every acks=all', () => {
    const p99 = (overlay: string) => measured(stretched({ overlay, rate: 10 }), 'produce.p99')
    const slow = 'hopDelay: 5ms, hopJitter: 0, gatewayBandwidth: 0'
    const added = p99(`{ ceiling: 0, ${slow} }`) - p99(`{ ceiling: 0, ${NO_COST} }`)
    // A fetch brings the record over and the next one says so: three ways of 5 ms.
    expect(added).toBeGreaterThan(9)
    expect(added).toBeLessThan(20)
  })

  it('is not held up by a ceiling above its flow, and drowns below it', () => {
    // Two followers and 200 records of 1 KiB a second: 3.3 Mbit/s and what is around them.
    const at = (ceiling: string) =>
      stretched({ overlay: `{ ceiling: ${ceiling}, gatewayNodes: 1 }`, rate: 200, duration: '40s' })
    expect(measured(at('5120kbit'), 'produce.p99')).toBeLessThan(1_000)
    expect(measured(at('2560kbit'), 'produce.p99')).toBeGreaterThan(5_000)
  })

  it('has the ceiling once for each gateway node', () => {
    const at = (nodes: number) =>
      stretched({
        overlay: `{ ceiling: 2560kbit, gatewayNodes: ${nodes}, gatewayPairs: 8 }`,
        rate: 200,
        duration: '40s',
      })
    const [one, eight] = [at(1), at(8)].map((result) => measured(result, 'produce.p99'))
    expect((one ?? 0) / (eight ?? 1)).toBeGreaterThan(5)
  })

  it('tells of dead tunnels, who leaves them when, and of their return, with the cause', () => {
    const overlay = '{ ceiling: 0, gatewayPairs: 2, failover: [2s, 4s], establish: 3s }'
    const more = 'faults: [{ at: 5s, gateway-loss: host gateways-west-1, for: 6s }]\n'
    const { timeline } = stretched({ overlay, more })
    const fault = timeline.find(({ kind }) => kind === 'fault')
    const told = timeline.filter(({ kind }) => kind === 'tunnel')
    expect(told.map(({ values }) => `${values.tunnel} ${values.what}`)).toEqual([
      'west-east-1 down',
      'west-east-1 withdrawn',
      'west-east-1 withdrawn',
      'west-east-1 up',
    ])
    expect(told[0]).toMatchObject({ atMs: 5_000, cause: fault?.id })
    for (const { atMs } of told.slice(1, 3)) {
      expect(atMs).toBeGreaterThanOrEqual(7_000)
      expect(atMs).toBeLessThanOrEqual(9_000)
    }
    // The node is back at 11 s, and its gateway at once.
    expect(told[3]?.atMs).toBe(14_000)
  })

  it('prints what it ran over, and which of it was nobody’s choice', () => {
    const { config } = stretched({ overlay: '{ slice: kafka, ceiling: 50Mbit, mtu: 1400 }' })
    const rows = config.filter(({ scope }) => scope === 'overlay kafka')
    const of = (key: string) => rows.find(({ name }) => name === key)
    expect(of('ceiling')).toMatchObject({ value: '50000kbit', source: 'scenario' })
    expect(of('mtu')).toMatchObject({ value: '1400', source: 'scenario' })
    expect(of('overhead')).toMatchObject({ value: '92B', source: 'default' })
    expect(of('failover')).toMatchObject({ value: '60s to 180s', source: 'default' })
  })
})
