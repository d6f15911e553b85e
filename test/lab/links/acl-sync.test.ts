// Access control lists that links carry from cluster to cluster, as the target's brokers have them.

import { describe, expect, it } from 'vitest'
import type { AclBinding } from '../../../src/kafka/metadata/acls.ts'
import { Simulation } from '../../../src/lab/simulation.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { SECOND } from '../../../src/sim/time.ts'

const SECURED = [
  'authorizer.class.name: org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users: "User:link"',
  'offsets.topic.num.partitions: 1',
  'offsets.topic.replication.factor: 1',
].join(', ')
const FACTORS = [
  ...['replication.factor: 1', 'offset-syncs.topic.replication.factor: 1'],
  ...['heartbeats.topic.replication.factor: 1', 'checkpoints.topic.replication.factor: 1'],
].join(', ')
const ANY = JSON.stringify({
  aclFilters: [{ resourceFilter: { resourceType: 'any' }, accessFilter: { operation: 'any' } }],
})

const MIRROR_MAKER = (config: string) => `
  - system: mirror-maker2
    from: A
    to: B
    workers: {eu: 1}
    worker: {config.storage.replication.factor: 1, offset.storage.replication.factor: 1}
    config: {${FACTORS}, ${config}}`
const CLUSTER_LINK = (config: string) => `
  - system: cluster-link
    from: A
    to: B
    mirrors: [orders]
    replicationFactor: 1
    config: {${config}}`

/** What B's broker knows of lists after so many seconds; `after` orders something at A first. */
function listsAfter(link: string, seconds: number, order?: (simulation: Simulation) => void) {
  const text = `
duration: 60s
flavour: confluent
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: 20ms}}
clusters:
  A:
    brokers: {us: 1}
    controllers: {us: 1}
    config: {${SECURED}}
    acls:
      - {principal: User:shop, topic: orders, operations: [READ, WRITE]}
      - {principal: User:billing, topic: orders, operations: [ALL]}
      - {principal: User:billing, group: billing, operations: [READ]}
  B:
    brokers: {eu: 1}
    controllers: {eu: 1}
    config: {${SECURED}}
    acls: [{principal: User:standby, topic: orders, operations: [WRITE]}]
topics: [{name: orders, cluster: A, partitions: 1, replicationFactor: 1}]
links:${link}
`
  const simulation = new Simulation(scenarioOf(text, 'acls.yaml'), '1')
  simulation.boot()
  order?.(simulation)
  simulation.advance(seconds * SECOND)
  const [broker = -1] = simulation.clusterOf('B').cluster.brokerIds
  const image = simulation.clusterOf('B').cluster.nodes.get(broker)?.loader?.image
  return [...(image?.acls ?? [])].map(({ principal, operation, resource, name }) => {
    return `${principal} ${operation} ${resource} ${name}`
  })
}

const OWN = 'User:standby WRITE TOPIC orders'
const AS_LINK = 'principal: User:link'

describe('the lists of a source with MirrorMaker 2', () => {
  it('come under the names of the copies, without the right to write and without groups', () => {
    const link = `${MIRROR_MAKER('sync.topic.acls.interval.seconds: 5')}\n    ${AS_LINK}`
    expect(listsAfter(link, 2)).toEqual([
      OWN,
      'User:shop READ TOPIC A.orders',
      'User:billing READ TOPIC A.orders',
    ])
  })

  it('come with the next sync where they are new', () => {
    const link = `${MIRROR_MAKER('sync.topic.acls.interval.seconds: 10')}\n    ${AS_LINK}`
    const rule: AclBinding = {
      ...{ resource: 'TOPIC', pattern: 'LITERAL', name: 'orders', principal: 'User:audit' },
      ...{ operation: 'READ', permission: 'ALLOW' },
    }
    const order = (simulation: Simulation) => {
      simulation.clusterOf('A').operator.order({ api: 'CreateAcls', acls: [rule] })
    }
    expect(listsAfter(link, 12, order)).toContain('User:audit READ TOPIC A.orders')
  })

  it('stay where they are when the sync is switched off', () => {
    const link = `${MIRROR_MAKER('sync.topic.acls.enabled: false')}\n    ${AS_LINK}`
    expect(listsAfter(link, 2)).toEqual([OWN])
  })
})

describe('the lists of a source with Cluster Linking', () => {
  it('come as they are with acl.sync.ms, and push out what only the destination has', () => {
    const config = `acl.sync.enable: true, acl.filters: '${ANY}'`
    expect(listsAfter(`${CLUSTER_LINK(config)}\n    ${AS_LINK}`, 8)).toEqual([
      'User:shop READ TOPIC orders',
      'User:shop WRITE TOPIC orders',
      'User:billing ALL TOPIC orders',
      'User:billing READ GROUP billing',
    ])
  })

  it('stay where they are by default, and where the link may not ask for them', () => {
    expect(listsAfter(`${CLUSTER_LINK('')}\n    ${AS_LINK}`, 8)).toEqual([OWN])
    const config = `acl.sync.enable: true, acl.filters: '${ANY}'`
    expect(listsAfter(CLUSTER_LINK(config), 8)).toEqual([OWN])
  })
})
