// A topic that must stay in Europe, in designs that keep that and in designs that do not.

import { describe, expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { parseScenario, scenarioOf } from '../../src/scenario/parse.ts'

const SMALL = 'config: {offsets.topic.num.partitions: 1, offsets.topic.replication.factor: 1}'
const FACTORS = [
  ...['replication.factor: 1', 'offset-syncs.topic.replication.factor: 1'],
  ...['heartbeats.topic.replication.factor: 1', 'checkpoints.topic.replication.factor: 1'],
].join(', ')

const linked = (flow: string, regions = 'eu') => `
duration: 15s
settle: 5s
regions: {eu: {}, us: {}}
network: {rtt: {eu ~ us: 80ms}}
clusters:
  A: {brokers: {eu: 1}, controllers: {eu: 1}, ${SMALL}}
  B: {brokers: {us: 1}, controllers: {us: 1}, ${SMALL}}
topics:
  - {name: customers, cluster: A, partitions: 1, replicationFactor: 1, residency: [${regions}]}
  - {name: prices, cluster: A, partitions: 1, replicationFactor: 1}
producers:
  - {name: crm, region: eu, cluster: A, topic: customers, rate: 20/s}
  - {name: shop, region: eu, cluster: A, topic: prices, rate: 20/s}
links:
  - system: mirror-maker2
    from: A
    to: B
    workers: {us: 1}
    worker: {config.storage.replication.factor: 1, offset.storage.replication.factor: 1}
    config: {${FACTORS}${flow}}
objectives: {residency: 0}
`

const resultOf = (text: string) => run(scenarioOf(text, 'residency.yaml'), '1')

describe('records of European customers', () => {
  it('are in America with a link that takes every topic', () => {
    const { residency, verdict, fates } = resultOf(linked(''))
    expect(verdict).toBe('missed')
    expect(residency).toMatchObject({ rules: 1, records: 300 })
    expect(fates.acked).toBe(600)
    expect(residency.breaches).toMatchObject([
      { topic: 'A:customers', region: 'us', place: 'B:A.customers-0 on broker 3', records: 300 },
    ])
  })

  it('stay with a link that leaves their topic out', () => {
    const { residency, verdict, links } = resultOf(linked(', topics.exclude: customers'))
    expect([verdict, residency.records]).toEqual(['met', 0])
    expect(links[0]?.copied.records).toBe(300)
  })

  it('are in America with a stretched cluster that has a replica there, and a reader', () => {
    const result = resultOf(`
duration: 10s
settle: 5s
regions: {eu: {}, us: {}}
network: {rtt: {eu ~ us: 80ms}}
cluster: {brokers: {eu: 2, us: 1}, controllers: {eu: 1}}
topics: [{name: customers, assignment: [[1, 2, 3]], residency: [eu]}]
producers: [{name: crm, region: eu, topic: customers, rate: 20/s}]
consumers:
  - {name: report, region: us, topic: customers, config: {auto.offset.reset: earliest}}
objectives: {residency: 0}
`)
    const places = result.residency.breaches.map(({ place, records }) => [place, records])
    expect(places).toEqual([
      ['consumer report', 200],
      ['customers-0 on broker 3', 200],
    ])
    expect(result.objectives[0]).toMatchObject({ verdict: 'missed', measured: 200 })
  })

  it('cannot be told to stay in a region that is not there', () => {
    const { problems } = parseScenario(linked('', 'mars'), 'residency.yaml')
    expect(problems.map(({ path }) => path)).toContain('topics[0].residency[0]')
  })
})
