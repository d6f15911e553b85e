// What a link does beside fetching: it makes mirrors, carries settings over, and tells its state.

import { describe, expect, it } from 'vitest'
import { Simulation } from '../../../src/lab/simulation.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { endsOf, type LinkedClusters, linkedText, runLinked } from './two-regions.ts'

const filter = (name: string, patternType: string, filterType = 'INCLUDE') => {
  return { name, patternType, filterType }
}

const filters = (...topicFilters: ReturnType<typeof filter>[]) => ({
  'auto.create.mirror.topics.enable': true,
  'auto.create.mirror.topics.filters': JSON.stringify({ topicFilters }),
})

const mirrorsOf = ({ clusters }: ReturnType<typeof runLinked>) =>
  clusters.find(({ name }) => name === 'B')?.mirrors ?? []

describe('mirrors that a link makes by itself', () => {
  const all = filters(filter('*', 'LITERAL'), filter('au', 'PREFIXED', 'EXCLUDE'))

  it('have the name, the partitions and the records of their sources', () => {
    const of = { mirrors: '[]', stop: '20s', topic: 'retention.ms: 5000000' }
    const config = { ...all, 'cluster.link.prefix': 'us.' }
    const result = runLinked({ ...of, config })
    expect(mirrorsOf(result)).toMatchObject([
      { topic: 'us.orders', sourceTopic: 'orders', sourceCluster: 'A', state: 'ACTIVE' },
    ])
    for (const number of [0, 1]) {
      expect(endsOf(result, `B:us.orders-${number}`)).toEqual(endsOf(result, `A:orders-${number}`))
    }
    const topic = result.clusters[1]?.topics.find(({ name }) => name === 'us.orders')
    expect(topic).toMatchObject({ replicationFactor: 3 })
    expect(topic?.configs).toContainEqual(['retention.ms', '5000000'])
    expect(result.links[0]?.neverCopied).toEqual([])
  })

  it('begin with their sources, at their ends, or with the first record of a time', () => {
    const startOf = (spec: string) => {
      const start = { 'mirror.start.offset.spec': spec, 'metadata.max.age.ms': 1_000 }
      const config = { ...all, 'cluster.link.paused': true, ...start }
      const faults = ['{at: 8s, link-resume: {link: dr}}']
      const of = { mirrors: '[]', stop: '9s', duration: '20s', settle: '1s', config, faults }
      const { links, partitions } = runLinked(of)
      expect(partitions.some(({ partition }) => partition === 'B:orders-0')).toBe(true)
      return links[0]?.copied.records ?? -1
    }
    expect(startOf('earliest')).toBe(4_500)
    const ofLastSecond = startOf('latest')
    expect(ofLastSecond).toBeLessThan(1_000)
    // Records of the ninth second and the one before, in whole batches.
    const sinceSeven = startOf('1970-01-01T00:00:07Z')
    expect(sinceSeven).toBeGreaterThan(990)
    expect(sinceSeven).toBeLessThan(1_050)
    expect(startOf('1970-01-01T00:01:00Z')).toBe(ofLastSecond)
  })

  it('come for new topics with the next metadata, and for none that a filter leaves out', () => {
    const config = { ...all, 'metadata.max.age.ms': 20_000 }
    const text = linkedText({ mirrors: '[]', config })
    const simulation = new Simulation(scenarioOf(text, 'linked.yaml'), '1')
    simulation.boot()
    const [orders] = simulation.scenario.topics
    if (orders === undefined) throw new Error('no topic')
    simulation.advance(3 * SECOND)
    for (const name of ['returns', 'audit']) simulation.createTopic({ ...orders, name })
    const names = () => simulation.clusterOf('B').cluster.topics.topics
    simulation.advance(10 * SECOND)
    expect(names()).toContain('orders')
    expect(names()).not.toContain('returns')
    simulation.advance(22 * SECOND)
    expect(names()).toContain('returns')
    expect(names()).not.toContain('audit')
  })
})

describe('settings of a mirror', () => {
  const configsAfter = (faults: readonly string[], config: LinkedClusters['config'] = {}) => {
    const topic = 'retention.ms: 600000'
    const of: LinkedClusters = { topic, faults, config, duration: '15s', stop: '1s', settle: '1s' }
    const { clusters } = runLinked(of)
    const mirror = clusters[1]?.topics.find(({ name }) => name === 'orders')
    return Object.fromEntries(mirror?.configs ?? [])
  }
  const set = (at: string, values: string) =>
    `{at: ${at}, alter-config: {topic: A:orders, set: {${values}}}}`

  it('follow those of its source within topic.config.sync.ms', () => {
    const change = [set('7s', 'retention.ms: 700000')]
    expect(configsAfter(change)['retention.ms']).toBe('700000')
    const seldom = { 'topic.config.sync.ms': 60_000 }
    expect(configsAfter(change, seldom)['retention.ms']).toBe('600000')
  })

  it('are removed with them, and the destination’s own are not touched', () => {
    const removed = configsAfter([
      set('7s', 'retention.ms: null'),
      set('8s', 'min.insync.replicas: 2'),
    ])
    expect(removed['retention.ms']).toBeUndefined()
    expect(removed['min.insync.replicas']).not.toBe('2')
  })
})

describe('the state of a mirror', () => {
  const lost = (config: LinkedClusters['config']) =>
    mirrorsOf(
      runLinked({
        ...{ duration: '40s', settle: '1s', config },
        faults: ['{at: 10s, region-loss: {target: region us, model: disks}}'],
      }),
    )[0]

  it('says nothing of a lost source for five checks; its lag stays where it was', () => {
    const mirror = lost({})
    expect(mirror?.state).toBe('ACTIVE')
    for (const { lag, timeSinceLastFetchMs } of mirror?.partitions ?? []) {
      expect(lag).toBe(0)
      expect(timeSinceLastFetchMs).toBeGreaterThan(29_000)
    }
  })

  it('is SOURCE_UNAVAILABLE after as many checks in a row', () => {
    const often = { 'availability.check.ms': 2_000, 'request.timeout.ms': 1_500 }
    const mirror = lost({ ...often, 'availability.check.consecutive.failure.threshold': 3 })
    expect(mirror?.state).toBe('SOURCE_UNAVAILABLE')
    expect(mirror?.stateAtMs).toBeGreaterThan(14_000)
    expect(mirror?.stateAtMs).toBeLessThan(25_000)
  })

  it('is STOPPED once it has failed over, and nothing is told of a source any more', () => {
    const faults = ['{at: 8s, mirror-failover: {link: dr}}']
    const [mirror] = mirrorsOf(runLinked({ takeOver: '10s', duration: '14s', stop: '7s', faults }))
    expect(mirror?.state).toBe('STOPPED')
    const told = mirror?.partitions.map((row) => [row.lastFetchSourceHighWatermark, row.lag])
    expect(told).toEqual([
      [-1, -1],
      [-1, -1],
    ])
  })

  it('is LINK_PAUSED while the link is, and lags', () => {
    const faults = ['{at: 10s, link-pause: {link: dr}, for: 60s}']
    const [mirror] = mirrorsOf(runLinked({ faults }, { until: 12 * SECOND }))
    expect(mirror?.state).toBe('LINK_PAUSED')
  })
})
