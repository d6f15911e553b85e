// Who may do what, in whole runs: brokers refuse, clients bear it, operators give rights later.

import { describe, expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

const STANDARD = 'authorizer.class.name: org.apache.kafka.metadata.authorizer.StandardAuthorizer'
const OFFSETS = 'offsets.topic.num.partitions: 1, offsets.topic.replication.factor: 2'
const GROUP = '{principal: User:shop, group: billing, operations: [READ]}'
const READ = '{principal: User:shop, topic: orders, operations: [READ]}'
const WRITE = '{principal: User:shop, topic: orders, operations: [WRITE]}'

interface Secured {
  readonly acls?: readonly string[]
  readonly faults?: readonly string[]
  readonly version?: string
  readonly config?: string
  readonly as?: string
}

/** A shop that writes and reads ten seconds long, as the principal that the lists name. */
function secured({ acls = [], faults = [], version = '4.1', config = '', as }: Secured) {
  const principal = `principal: ${as ?? 'User:shop'}`
  const text = `
duration: 10s
settle: 2s
version: "${version}"
regions: {us: {}}
clusters:
  A:
    brokers: {us: 2}
    controllers: {us: 1}
    config: {${OFFSETS}, ${STANDARD}, ${config}}
    acls: [${acls.join(', ')}]
topics:
  - {name: orders, partitions: 1, replicationFactor: 2}
producers:
  - {name: shop, region: us, topic: orders, rate: 20/s, ${principal}}
consumers:
  - name: billing
    region: us
    topic: orders
    ${principal}
    config: {group.id: billing, auto.offset.reset: earliest}
faults: [${faults.join(', ')}]
`
  return run(scenarioOf(text, 'secured.yaml'), '1')
}

const refusals = ({ timeline }: ReturnType<typeof run>) =>
  timeline
    .filter(({ kind }) => kind === 'unauthorized')
    .map(({ actor, text }) => `${actor} ${text}`)

describe('a cluster with an authorizer', () => {
  it('tells apart the machines that a list names', () => {
    const at = (list: string, host: string) => list.replace('{', `{host: ${host}, `)
    const home = secured({ acls: [GROUP, at(READ, 'host-billing'), at(WRITE, 'host-shop')] })
    expect(home.fates).toMatchObject({ acked: 200, failed: 0 })
    expect(home.consumerView.delivered).toBe(200)
    const moved = secured({ acls: [GROUP, at(READ, 'host-shop'), at(WRITE, 'host-shop')] })
    expect(moved.consumerView.delivered).toBe(0)
    expect(moved.fates.acked).toBe(200)
  })

  it('notes a list of a machine that there is not', () => {
    const acls = [READ.replace('{', '{host: host-elsewhere, ')]
    const order = `{at: 5s, create-acls: {acls: [${WRITE.replace('{', '{host: 10.0.0.1, ')}]}}`
    expect(
      secured({ acls, faults: [order] }).notes.map(({ subject, text }) => [subject, text]),
    ).toEqual([
      ['clusters.A.acls', expect.stringContaining('no machine is called host-elsewhere')],
      ['faults[0].create-acls', expect.stringContaining('no machine is called 10.0.0.1')],
    ])
  })

  it('serves those who have the rights, and its own replicas without any', () => {
    const { fates, consumerView } = secured({ acls: [GROUP, READ, WRITE] })
    expect(fates).toMatchObject({ acked: 200, failed: 0 })
    expect(consumerView.delivered).toBe(200)
  })

  it('refuses whoever has none: the producer its topic, the consumer its group', () => {
    const result = secured({})
    expect(result.fates.acked).toBe(0)
    expect(refusals(result)).toEqual([
      ...['consumer billing poll() throws: GROUP_AUTHORIZATION_FAILED'],
      ...['consumer billing poll() throws: TOPIC_AUTHORIZATION_FAILED'],
      ...['producer shop gives up on records: TOPIC_AUTHORIZATION_FAILED'],
    ])
  })

  it('lets super users do everything, and everybody where no list is about a thing', () => {
    const open = secured({ config: 'allow.everyone.if.no.acl.found: true' })
    const root = secured({ config: '"super.users": "User:root;User:shop"' })
    for (const { fates, consumerView } of [open, root]) {
      expect([fates.acked, consumerView.delivered]).toEqual([200, 200])
    }
  })

  it('knows who says nothing of himself as User:ANONYMOUS', () => {
    const anybody = (rule: string) => rule.replace('User:shop', 'User:ANONYMOUS')
    const acls = [GROUP, READ, WRITE].map(anybody)
    expect(secured({ acls, as: 'User:ANONYMOUS' }).fates.acked).toBe(200)
    expect(secured({ acls }).fates.acked).toBe(0)
  })
})

describe('a right that somebody gives while the clients run', () => {
  const give = (...acls: readonly string[]) =>
    `{at: 5s, create-acls: {cluster: A, acls: [${acls.join(', ')}]}}`

  it('lets a producer of today write from then on, and its failed records stay failed', () => {
    const result = secured({ acls: [GROUP, READ], faults: [give(WRITE)] })
    expect(refusals(result)).toContain(
      'producer shop gives up on records: CLUSTER_AUTHORIZATION_FAILED',
    )
    const { acked, failed } = result.fates
    expect(acked).toBeGreaterThanOrEqual(98)
    expect(failed).toBeGreaterThanOrEqual(95)
    expect(acked + failed).toBe(200)
    expect(result.consumerView.delivered).toBe(acked)
  })

  it('comes too late for a producer of before 3.6, which has failed for good', () => {
    const { fates } = secured({ acls: [GROUP, READ], faults: [give(WRITE)], version: '3.5' })
    expect(fates).toMatchObject({ acked: 0, failed: 200 })
  })

  it('to another topic brings an id, and each batch is refused by its topic', () => {
    const other = WRITE.replace('orders', 'returns')
    const result = secured({ acls: [GROUP, READ, other] })
    expect(refusals(result)).toContain('producer shop TOPIC_AUTHORIZATION_FAILED from orders-0')
    expect(result.fates).toMatchObject({ acked: 0, failed: 200 })
  })

  it('is taken back by another order, and both are in the story', () => {
    const faults = [give(WRITE), `{at: 8s, delete-acls: {acls: [${WRITE}]}}`]
    const result = secured({ acls: [GROUP, READ], faults })
    expect(result.fates.acked).toBeGreaterThanOrEqual(58)
    expect(result.fates.acked).toBeLessThan(70)
    const told = result.timeline.filter(({ actor }) => actor === 'operator')
    expect(told.map(({ text }) => text)).toEqual([
      'access control: User:shop WRITE topic orders allowed',
      'access control: User:shop WRITE topic orders taken back',
    ])
  })

  it('to read ends the exceptions of a consumer in its group', () => {
    const result = secured({ acls: [GROUP, WRITE], faults: [give(READ)] })
    expect(refusals(result)).toEqual(['consumer billing poll() throws: TOPIC_AUTHORIZATION_FAILED'])
    expect(result.consumerView.delivered).toBe(200)
  })
})
