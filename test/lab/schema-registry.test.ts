// Clients with schemas, in whole runs: who goes on without their registry, and who does not.

import { describe, expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

interface Asked {
  readonly registries?: string
  readonly producers: readonly string[]
  readonly consumers?: readonly string[]
  readonly faults?: readonly string[]
  readonly links?: string
  readonly duration?: string
}

const REGISTRY = '{name: sr, cluster: A, instances: {us: 1}}'
const OFFSETS = 'offsets.topic.num.partitions: 1, offsets.topic.replication.factor: 1'
/** The last try ends soon where nobody answers. */
const QUICK = 'config: {max.retries: 0, http.connect.timeout.ms: 2000}'

const ONE_REPLICA = ['offset-syncs', 'heartbeats', 'checkpoints']
  .map((topic) => `${topic}.topic.replication.factor: 1`)
  .join(', ')

/** The registry's cluster is A, in us; clients work with B, in eu. */
function asked({ registries = REGISTRY, producers, links = '', ...more }: Asked) {
  const { consumers = [], faults = [], duration = '20s' } = more
  const text = `
duration: ${duration}
settle: 1s
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: 40ms}}
clusters:
  A: {brokers: {us: 1}, controllers: {us: 1}, config: {${OFFSETS}}}
  B: {brokers: {eu: 1}, controllers: {eu: 1}, config: {${OFFSETS}}}
topics:
  - {name: orders, cluster: B, partitions: 1, replicationFactor: 1}
  - {name: returns, cluster: B, partitions: 1, replicationFactor: 1}
  - {name: sales, cluster: A, partitions: 1, replicationFactor: 1}
producers: [${producers.join(', ')}]
consumers: [${consumers.join(', ')}]
registries: [${registries}]
links: [${links}]
faults: [${faults.join(', ')}]
`
  return run(scenarioOf(text, 'schemas.yaml'), '1')
}

const SHOP =
  '{name: shop, region: eu, cluster: B, topic: orders, rate: 10/s, schemas: {urls: [sr]}}'

function producer(name: string, schemas: string, more = 'cluster: B, topic: returns'): string {
  return `{name: ${name}, region: eu, ${more}, rate: 10/s, schemas: {urls: [sr], ${schemas}}}`
}

function consumer(schemas = 'urls: [sr]', more = 'cluster: B, topic: orders'): string {
  const config = 'config: {group.id: billing, auto.offset.reset: earliest}'
  return `{name: billing, region: eu, ${more}, ${config}, schemas: {${schemas}}}`
}

const lines = ({ timeline }: ReturnType<typeof run>, kind: string) =>
  timeline.filter((event) => event.kind === kind).map(({ actor, text }) => `${actor} ${text}`)

const GONE = '{at: 5s, region-loss: region us}'

describe('clients of a schema registry', () => {
  it('write and read all while it is there', () => {
    const { fates, consumerView } = asked({ producers: [SHOP], consumers: [consumer()] })
    expect(fates).toMatchObject({ sent: 200, acked: 200 })
    expect(consumerView.delivered).toBe(200)
  })

  it('that run already do not miss it when its region is gone', () => {
    const { fates, consumerView } = asked({
      ...{ producers: [SHOP], consumers: [consumer()], faults: [GONE] },
    })
    expect(fates).toMatchObject({ sent: 200, acked: 200 })
    expect(consumerView.delivered).toBe(200)
  })

  it('that begin to write another schema then stop, and say why', () => {
    const returns = producer('returns', `evolve: [10s], ${QUICK}`)
    const result = asked({ producers: [SHOP, returns], faults: [GONE] })
    expect(lines(result, 'schema-failed')[0]).toBe(
      'producer returns no id for schema returns v2: connect timed out at sr-1',
    )
    const { byClient = [] } = result.rto.produce ?? {}
    const stopped = byClient.filter(({ ms }) => ms === null || ms > 5_000)
    expect(stopped.map(({ client }) => client)).toEqual(['returns'])
    const event = result.timeline.find(({ kind }) => kind === 'schema-failed')
    const cause = result.timeline.find(({ id }) => id === event?.cause)
    expect(cause?.text).toBe('region-loss region us')
  })

  it('that are started again then stop, though they wrote nothing new', () => {
    const crash = '{at: 8s, crash: returns, for: 1s}'
    const returns = producer('returns', QUICK)
    const result = asked({ producers: [SHOP, returns], faults: [GONE, crash] })
    expect(lines(result, 'schema-failed')[0]).toBe(
      'producer returns no id for schema returns v1: connect timed out at sr-1',
    )
    expect(result.fates.acked).toBeLessThan(300)
  })

  it('that meet an id that they do not know stand still there, and say where', () => {
    const late = consumer('urls: [sr], config: {max.retries: 0, http.connect.timeout.ms: 2000}')
    const later = late.replace('name: billing', 'name: billing, start: 8s')
    const result = asked({ producers: [SHOP], consumers: [later], faults: [GONE] })
    expect(result.consumerView.delivered).toBe(0)
    expect(lines(result, 'deserialization-failed')).toEqual([
      'consumer billing poll() throws: the record at B:orders-0 0 cannot be read, ' +
        'and nothing behind it is',
    ])
  })

  it('find an instance elsewhere that knows what was registered: nobody registers there', () => {
    const followed = '{name: sr, cluster: A, instances: {us: 1}, followers: {eu: 1}}'
    const near = 'urls: [sr-follower-1, sr-1]'
    const reader = consumer(near).replace('name: billing', 'name: billing, start: 8s')
    const returns = producer('returns', `evolve: [10s], ${QUICK}`).replace(
      '[sr]',
      '[sr-follower-1]',
    )
    const result = asked({
      ...{ registries: followed, producers: [SHOP, returns], consumers: [reader] },
      ...{ faults: [GONE], duration: '90s' },
    })
    expect(result.consumerView.delivered).toBe(900)
    const failed = lines(result, 'schema-failed')
    expect(failed[0]).toMatch(/^producer returns no id for schema returns v2: /)
  })

  /** sales of A are copied to B under their own name, and read there. */
  function copied(registries: string, topics: string) {
    const sale = producer('sales', '', 'cluster: A, topic: sales')
    const shop = SHOP.replace('schemas: {urls: [sr]}', 'schemas: {urls: [other]}')
    const link =
      `{system: mirror-maker2, from: A, to: B, workers: {eu: 1}, ` +
      `worker: {config.storage.replication.factor: 1, offset.storage.replication.factor: 1}, ` +
      `config: {topics: '${topics}', replication.factor: 1, ${ONE_REPLICA}, ` +
      'replication.policy.class: org.apache.kafka.connect.mirror.IdentityReplicationPolicy}}'
    return asked({
      registries,
      producers: registries.includes('readOnly') ? [sale] : [sale, shop],
      consumers: [consumer('urls: [other]', 'cluster: B, topic: sales')],
      links: link,
    })
  }

  it('read one schema as another where two registries gave one id to both', () => {
    const result = copied(`${REGISTRY}, {name: other, cluster: B, instances: {eu: 1}}`, 'sales')
    expect(lines(result, 'schema-failed')).toEqual([
      'consumer billing reads sales v1 as orders v1: that is id 1 in the registry that it asks',
    ])
    expect(result.consumerView.delivered).toBe(200)
  })

  it('read the right one where the schemas topic is copied, and only one registry writes', () => {
    const second = '{name: other, cluster: B, instances: {eu: 1}, readOnly: true}'
    const result = copied(`${REGISTRY}, ${second}`, 'sales,_schemas')
    // A record may be there before its schema: then it is tried again until that is there too.
    expect(lines(result, 'schema-failed').filter((line) => line.includes(' as '))).toEqual([])
    expect(result.consumerView.delivered).toBe(200)
  })
})
