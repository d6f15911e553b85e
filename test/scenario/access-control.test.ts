import { describe, expect, it } from 'vitest'
import { parseScenario } from '../../src/scenario/parse.ts'

const STANDARD = 'authorizer.class.name: org.apache.kafka.metadata.authorizer.StandardAuthorizer'

function parsed(acls: string, more = '', config = STANDARD) {
  const text = `
duration: 10s
regions: {us: {}}
cluster:
  brokers: {us: 1}
  controllers: {us: 1}
  config: {${config}}
  acls: [${acls}]
topics: [{name: orders, partitions: 1, replicationFactor: 1}]
${more}`
  return parseScenario(text, 'acls.yaml')
}

const problemsOf = (...of: Parameters<typeof parsed>) =>
  parsed(...of).problems.map(({ path, message }) => `${path}: ${message}`)

describe('acls of a cluster', () => {
  it('are one entry an operation, with Kafka’s defaults', () => {
    const { scenario } = parsed(
      [
        '{principal: User:shop, topic: orders, operations: [READ, WRITE]}',
        '{principal: "User:*", group: b, patternType: PREFIXED, ' +
          'permission: DENY, operations: [ALL]}',
        '{principal: User:link, cluster: true, operations: [DESCRIBE], host: "*"}',
      ].join(', '),
    )
    const shop = { resource: 'TOPIC', name: 'orders', pattern: 'LITERAL', principal: 'User:shop' }
    expect(scenario?.clusters[0].acls).toEqual([
      { ...shop, operation: 'READ', permission: 'ALLOW' },
      { ...shop, operation: 'WRITE', permission: 'ALLOW' },
      {
        ...{ resource: 'GROUP', name: 'b', pattern: 'PREFIXED', principal: 'User:*' },
        ...{ operation: 'ALL', permission: 'DENY' },
      },
      {
        ...{ resource: 'CLUSTER', name: 'kafka-cluster', pattern: 'LITERAL' },
        ...{ principal: 'User:link', operation: 'DESCRIBE', permission: 'ALLOW' },
      },
    ])
  })

  it('are refused where nobody would obey them', () => {
    const rule = '{principal: User:shop, topic: orders, operations: [READ]}'
    expect(problemsOf(rule, '', '')).toEqual([
      'cluster.acls: nobody would obey them: there is no authorizer',
    ])
    expect(problemsOf('', '', 'authorizer.class.name: com.example.Own')[0]).toMatch(
      /authorizer\.class\.name.*: expected one of "", org\.apache/,
    )
  })

  it.each([
    ['{principal: User:shop, operations: [READ]}', /about one resource/],
    ['{principal: User:shop, topic: a, group: b, operations: [READ]}', /about one resource/],
    ['{principal: shop, topic: a, operations: [READ]}', /User:shop/],
    ['{principal: User:shop, topic: a, operations: [READS]}', /operations/],
    ['{principal: User:shop, topic: a, operations: [READ], host: 1}', /host/],
  ])('%s is no entry', (rule, message) => {
    expect(problemsOf(rule).join('\n')).toMatch(message)
  })
})

describe('orders about acls', () => {
  const ALL = '{principal: User:a, topic: b, operations: [ALL]}'
  const order = (cluster: string) =>
    `faults: [{at: 1s, create-acls: {cluster: ${cluster}, acls: [${ALL}]}}]`

  it('name a cluster that is there', () => {
    expect(problemsOf('', order('kafka'))).toEqual([])
    expect(problemsOf('', order('kafak')).join()).toMatch(/kafak/)
  })

  it('have no effect without an authorizer, and the file is told so', () => {
    const { notes } = parsed('', order('kafka'), '')
    expect(notes.map(({ message }) => message).join()).toMatch(/no authorizer\.class\.name/)
  })
})

describe('acl.sync.enable of a cluster link', () => {
  const link = (config: string) => {
    const text = `
duration: 10s
flavour: confluent
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: 20ms}}
clusters:
  A: {brokers: {us: 1}, controllers: {us: 1}}
  B: {brokers: {eu: 1}, controllers: {eu: 1}}
topics: [{name: orders, cluster: A, partitions: 1, replicationFactor: 1}]
links: [{system: cluster-link, from: A, to: B, mirrors: [orders], config: {${config}}}]
`
    const { problems, notes } = parseScenario(text, 'link.yaml')
    return [...problems, ...notes].map(({ message }) => message).join('\n')
  }

  it('goes with no prefix, and needs filters that say which', () => {
    const sync = 'acl.sync.enable: true'
    expect(link(`${sync}, cluster.link.prefix: us.`)).toMatch(/with a prefix syncs no ACLs/)
    expect(link(sync)).toMatch(/no acl\.filters: nothing is synced/)
    expect(link(`${sync}, acl.filters: "[]"`)).toMatch(/not a list of filters/)
  })
})
