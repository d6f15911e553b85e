// Cluster links that come to their source as somebody, where the source asks who comes.

import { describe, expect, it } from 'vitest'
import { run } from '../../../src/lab/run.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { endsOf, told } from './two-regions.ts'

const ONE = 'offsets.topic.num.partitions: 1, offsets.topic.replication.factor: 1'
const SECURED =
  'authorizer.class.name: org.apache.kafka.metadata.authorizer.StandardAuthorizer, ' +
  `super.users: "User:admin", ${ONE}`
const READ = '{principal: User:link, topic: orders, operations: [READ]}'

/** A link of User:link over 20 ms, which is tried again for three seconds. */
function runAs(acl: string | null, config = '', fault = '') {
  const acls = ['{principal: User:shop, topic: orders, operations: [WRITE]}', acl ?? []].flat()
  const text = `
duration: 9s
settle: 1s
flavour: confluent
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: 20ms}}
clusters:
  A:
    brokers: {us: 1}
    controllers: {us: 1}
    config: {${SECURED}}
    acls: [${acls.join(', ')}]
  B: {brokers: {eu: 1}, controllers: {eu: 1}, config: {${ONE}}}
topics: [{name: orders, cluster: A, partitions: 1, replicationFactor: 1}]
links:
  - system: cluster-link
    name: dr
    from: A
    to: B
    principal: User:link
    mirrors: [orders]
    replicationFactor: 1
    config: {cluster.link.retry.timeout.ms: 3000${config}}
producers:
  - {name: shop, region: us, cluster: A, topic: orders, rate: 100/s, stop: 8s, principal: User:shop}
faults: [${fault}]
`
  const result = run(scenarioOf(text, 'principal.yaml'), '1')
  const [source = 0] = endsOf(result, 'A:orders-0')
  const [mirror = 0] = endsOf(result, 'B:orders-0')
  return { source, mirror, failure: result.clusters[1]?.mirrors[0]?.failure, result }
}

const INBOUND = ', connection.mode: INBOUND'
const REFUSED = 'TOPIC_AUTHORIZATION_FAILED: orders at the source'

describe('a link whose principal may read its source', () => {
  it.each([
    ['where the destination dials', ''],
    ['where the source dials: what is asked on its connection comes from the link', INBOUND],
  ])('mirrors all of it, %s', (_, config) => {
    const { source, mirror, failure } = runAs(READ, config)
    expect([source, mirror, failure]).toEqual([800, 800, null])
  })

  it('and has that right taken away has failed, with what it has until then', () => {
    const taken = `{at: 3s, delete-acls: {cluster: A, acls: [${READ}]}}`
    const { mirror, failure, result } = runAs(READ, '', taken)
    expect(failure).toBe(REFUSED)
    // 100 records a second for three: the last one may still have been under way.
    expect([299, 300, 301]).toContain(mirror)
    expect(told(result, 'mirror').at(-1)).toBe(`mirror B:orders: ACTIVE → FAILED (${REFUSED})`)
  })
})

describe('a link whose principal is refused', () => {
  it.each([
    ['who dials', ''],
    ['who is dialled', INBOUND],
  ])('has failed mirrors, %s', (_, config) => {
    const { mirror, failure } = runAs(null, config)
    expect([mirror, failure]).toEqual([0, REFUSED])
  })

  it('may know of a topic that it may not read', () => {
    const { mirror, failure } = runAs(READ.replace('READ', 'DESCRIBE'))
    expect(mirror).toBe(0)
    expect(failure).toBe('TOPIC_AUTHORIZATION_FAILED for longer than cluster.link.retry.timeout.ms')
  })
})

describe('a link that asks for metadata more often than an answer takes', () => {
  it('gets its answers all the same', () => {
    const { source, mirror } = runAs(READ, ', metadata.max.age.ms: 10')
    expect(mirror).toBe(source)
  })
})
