// Clusters that write the same keys: what is a conflict and what is none.

import { describe, expect, it } from 'vitest'
import { run } from '../../../src/lab/run.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'

interface Story {
  readonly rtt?: string
  readonly keysOf?: readonly [number, number]
  readonly faults?: string
  readonly stopOfA?: string
}

/** Both clusters write ten keys a hundred times a second, and mirror each other under a prefix. */
function conflictsOf({ rtt = '100ms', keysOf = [10, 10], faults = '', stopOfA = '10s' }: Story) {
  const small = 'offsets.topic.num.partitions: 1, offsets.topic.replication.factor: 1'
  const link = (from: string, to: string) =>
    `{system: cluster-link, name: ${from}2${to}, from: ${from}, to: ${to}, mirrors: [orders], ` +
    `replicationFactor: 1, config: {cluster.link.prefix: ${from}.}}`
  const shop = (name: string, region: string, keys: number, stop: string) =>
    `{name: shop-${name}, region: ${region}, cluster: ${name}, topic: orders, rate: 100/s, ` +
    `stop: ${stop}, keys: ${keys}}`
  const topic = (name: string) =>
    `{name: orders, cluster: ${name}, partitions: 2, replicationFactor: 1}`
  const text = `
duration: 10s
settle: 5s
flavour: confluent
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: ${rtt}}}
clusters:
  A: {brokers: {us: 1}, controllers: {us: 1}, config: {${small}}}
  B: {brokers: {eu: 1}, controllers: {eu: 1}, config: {${small}}}
topics: [${topic('A')}, ${topic('B')}]
links: [${link('A', 'B')}, ${link('B', 'A')}]
producers: [${shop('A', 'us', keysOf[0], stopOfA)}, ${shop('B', 'eu', keysOf[1], '10s')}]
faults: [${faults}]
`
  return run(scenarioOf(text, 'conflicts.yaml'), '1').conflicts
}

describe('conflicts of two clusters', () => {
  it('grow with the distance between them', () => {
    const [near] = conflictsOf({ rtt: '20ms' })
    const [far] = conflictsOf({ rtt: '200ms' })
    expect(near?.crossed).toBeGreaterThan(0)
    expect(far?.crossed).toBeGreaterThan(2 * (near?.crossed ?? 0))
  })

  it('grow with the square of a cut', () => {
    const cut = (length: string) =>
      `{at: 2s, partition: {between: [region us, region eu]}, for: ${length}}`
    const [short] = conflictsOf({ faults: cut('1s') })
    const [long] = conflictsOf({ faults: cut('4s') })
    expect(long?.crossed).toBeGreaterThan(5 * (short?.crossed ?? 0))
  })

  it('are of the keys that both have', () => {
    const [conflict] = conflictsOf({ keysOf: [10, 4] })
    expect(conflict?.keys).toBe(4)
    expect(conflict?.keysCrossed).toBeLessThanOrEqual(4)
  })

  it('leave no key apart of which one side has long had the last word', () => {
    expect(conflictsOf({ stopOfA: '5s' })[0]?.keysApart).toBe(0)
  })

  it('are none where one of them has taken over', () => {
    expect(conflictsOf({ faults: '{at: 5s, mirror-failover: {link: A2B}}' })).toEqual([])
  })
})
