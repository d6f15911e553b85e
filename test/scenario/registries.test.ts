import { describe, expect, it } from 'vitest'
import { parseScenario, scenarioOf } from '../../src/scenario/parse.ts'

const REGISTRY = '{name: sr, instances: {us: 2}, followers: {eu: 1}}'

function text({ registries = REGISTRY, urls = '[sr]', more = '' } = {}): string {
  return `
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: 80ms}}
cluster: {brokers: {us: 3}, controllers: {us: 1}}
topics: [{name: orders}]
producers:
  - {name: shop, region: us, topic: orders, rate: 1/s, schemas: {urls: ${urls} ${more}}}
consumers:
  - {name: billing, region: us, topic: orders, schemas: {urls: ${urls}}}
registries: [${registries}]
`
}

function problems(options: Parameters<typeof text>[0]): string[] {
  return parseScenario(text(options), 'registries.yaml').problems.map(({ message }) => message)
}

describe('a scenario with schema registries', () => {
  it('has their instances by name, those that may lead first, and the defaults', () => {
    const { registries, topics } = scenarioOf(text(), 'registries.yaml')
    const [registry] = registries
    expect(registry?.instances.map(({ name, isEligible }) => [name, isEligible])).toEqual([
      ['sr-1', true],
      ['sr-2', true],
      ['sr-follower-1', false],
    ])
    expect(registry?.config).toMatchObject({
      'kafkastore.topic': '_schemas',
      'kafkastore.timeout.ms': 500,
      'kafkagroup.session.timeout.ms': 10_000,
    })
    // The registry's group is kept there, though no consumer has one.
    expect(topics.map(({ name }) => name)).toContain('__consumer_offsets')
  })

  it('lets a client ask a whole registry or single instances, each once', () => {
    const { producers, consumers } = scenarioOf(text({ urls: '[sr-2, sr]' }), 'registries.yaml')
    expect(producers[0]?.schemas?.urls).toEqual(['sr-2', 'sr-1', 'sr-follower-1'])
    expect(consumers[0]?.schemas?.config['max.retries']).toBe(3)
  })

  it('says which registries there are where a client asks another one', () => {
    expect(problems({ urls: '[sq]' })[0]).toMatch(/unknown schema registry or instance "sq"/)
  })

  it('refuses a name that is taken, versions that go back, and settings that nobody knows', () => {
    expect(problems({ registries: `${REGISTRY}, ${REGISTRY}` })).toContain('sr is taken')
    expect(problems({ more: ', evolve: [20s, 10s]' })).toContain('it goes back in time')
    expect(problems({ more: ', config: {max.retry: 1}' })[0]).toMatch(/max\.retry is no/)
    const named = REGISTRY.replace('name: sr', 'name: sr, config: {kafkastore.timeout: 1}')
    expect(problems({ registries: named })[0]).toMatch(/kafkastore\.timeout is no/)
    expect(problems({ registries: REGISTRY.replace('us: 2', 'mars: 1') })[0]).toMatch(/mars/)
  })

  it('notes a setting that a registry knows and the model does not', () => {
    const noted = REGISTRY.replace(
      'name: sr',
      'name: sr, config: {schema.compatibility.level: FULL}',
    )
    const { notes } = parseScenario(text({ registries: noted }), 'registries.yaml')
    expect(notes.map(({ message }) => message)).toEqual([
      'schema.compatibility.level is not modelled: no effect',
    ])
  })
})
