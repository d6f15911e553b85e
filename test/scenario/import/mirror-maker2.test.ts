import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { MirrorMaker2Spec } from '../../../src/scenario/links.ts'
import type { Scenario } from '../../../src/scenario/model.ts'
import { imported, refused } from './imported.ts'

const fixture = (name: string) => readFileSync(new URL(`examples/${name}`, import.meta.url), 'utf8')
const MM2 = fixture('mm2.properties')
const V1 = fixture('kafka-mirror-maker2-v1.yaml')
const OLD = fixture('kafka-mirror-maker2-v1beta2.yaml')

function flowOf({ links }: Scenario, name: string): MirrorMaker2Spec {
  const found = links.find((link) => link.name === name)
  if (found?.system !== 'mirror-maker2') throw new Error(`no flow ${name}`)
  return found
}

const server = (id: number, host: string, extra = '') =>
  `process.roles=broker,controller\nnode.id=${id}\nadvertised.listeners=PLAINTEXT://${host}:9092
controller.quorum.voters=${id}@${host}:9093
offsets.topic.replication.factor=1\n${extra}`

describe('mm2.properties', () => {
  const { scenario, leftOut, text } = imported({ 'mm2.properties': MM2 })
  const there = flowOf(scenario, 'primary->standby')
  const back = flowOf(scenario, 'standby->primary')

  it('becomes a flow for each that is enabled, what the flow says before what all say', () => {
    expect(scenario.links.map(({ name }) => name)).toEqual(['primary->standby', 'standby->primary'])
    expect(there.config).toMatchObject({
      topics: 'orders, payments.*',
      'topics.exclude': '.*-scratch',
      'sync.group.offsets.enabled': true,
      'offset.lag.max': 20,
      'tasks.max': 4,
    })
    expect(back.config).toMatchObject({
      ...{ topics: 'audit', 'offset.lag.max': 50, 'tasks.max': 4 },
      'emit.heartbeats.enabled': false,
    })
  })

  it('gives the consumer what MirrorConnectorConfig does, in its order of precedence', () => {
    // A->B.consumer.*, over it A.consumer.*, over that A->B.source.consumer.*.
    expect(there.consumer).toMatchObject({
      'fetch.max.bytes': 1_000_000,
      'max.poll.records': 250,
      'fetch.min.bytes': 7,
    })
    expect(back.consumer['max.poll.records']).toBe(500)
  })

  it('gives the target’s producer settings to the copy, the flow’s override above them', () => {
    expect(there.producer).toMatchObject({ 'batch.size': 65_536, 'linger.ms': 9 })
    expect(there.producer['max.in.flight.requests.per.connection']).toBe(1)
    expect(back.producer['batch.size']).toBe(16_384)
    expect(leftOut).toContain('["producer.linger.ms"]: MirrorMaker 2 does not read it there')
    expect(leftOut).toContain('["primary->standby.producer.batch.size"]: of clients for Mirror')
  })

  it('gives workers the target’s settings, and of the file’s top what Kafka reads there', () => {
    expect(there.worker['offset.flush.interval.ms']).toBe(10_000)
    expect(back.worker['offset.flush.interval.ms']).toBe(60_000)
    // Of these the top of the file wins over the cluster’s own.
    expect(there.worker['offset.storage.replication.factor']).toBe(1)
    expect(leftOut).toMatch(/\["offset.flush.interval.ms"\]: MirrorMaker 2 does not read it there/)
    expect(leftOut).toContain('workers do not read it there: write standby.offset.flush')
  })

  it('loses nothing in silence, and gives no secret away', () => {
    expect(leftOut).toContain('["standby.sasl.jaas.config"]: not modelled')
    expect(there.config['dedicated.mode.enable.internal.rest']).toBe(true)
    expect(text + leftOut).not.toContain('hunter2')
  })

  it('that switches a flow off names what was said of it', () => {
    const off = MM2.replace('standby->primary.enabled = true', 'standby->primary.enabled = false')
    const one = imported({ 'mm2.properties': off })
    expect(one.scenario.links.map(({ name }) => name)).toEqual(['primary->standby'])
    expect(one.leftOut).toContain('["standby->primary.topics"]: no flow that is enabled reads it')
  })

  it.each([
    ['clusters = primary, standby', 'clusters = primary', 'two clusters'],
    ['offset.lag.max = 20', 'offset.lag.max = few', 'expected an integer'],
    ['.enabled = true', '.enabled = no', 'no flow is enabled'],
  ])('with %j as %j is refused', (from, to, message) => {
    expect(refused({ 'mm2.properties': MM2.replaceAll(from, to) })?.message).toContain(message)
  })
})

describe('mm2.properties and the servers that it links', () => {
  const primary = server(1, 'p1.example', 'default.replication.factor=2\nbroker.rack=rack-a\n')
  const standby = server(1, 's1.example', 'default.replication.factor=1\n')
  const files = { 'mm2.properties': MM2, 'a.properties': primary, 'b.properties': standby }

  it('make one scenario: a server is of the cluster that lists its listener', () => {
    const { scenario, assumed } = imported(files)
    const nodes = scenario.clusters.map(({ name, nodes: all }) => [
      name,
      ...all.map((node) => `${node.name} ${node.region} ${node.rack}`),
    ])
    expect(nodes).toEqual([
      ['primary', 'node-1 primary rack-a'],
      ['standby', 'node-101 standby null'],
    ])
    expect(assumed).toContain('node 1 of standby is node 101 here')
    expect(assumed).toContain('rack rack-a is a zone of region primary')
  })

  it('read a factor of -1 as the default of the brokers at the target', () => {
    const { scenario } = imported(files)
    expect(flowOf(scenario, 'primary->standby').config['replication.factor']).toBe(1)
    expect(flowOf(scenario, 'standby->primary').config['replication.factor']).toBe(2)
  })

  it('find a server by the voters that it shares with another, or by its path', () => {
    const voters = 'controller.quorum.voters=1@p1.example:9093'
    const alone = 'offsets.topic.replication.factor=1'
    const second = `process.roles=broker\nnode.id=2\n${voters}\n${alone}\n`
    const named = server(7, 'elsewhere', '')
    const { scenario, assumed } = imported({
      ...{ 'mm2.properties': MM2, 'a.properties': primary, 'c.properties': second },
      'conf/standby/server.properties': named,
    })
    const ids = scenario.clusters.map(({ nodes }) => nodes.map(({ id }) => id))
    expect(ids).toEqual([[1, 2], [7]])
    expect(assumed).toContain('conf/standby/server.properties is of cluster standby')
  })

  it('with a server of nowhere are refused', () => {
    const strange = server(9, 'nowhere')
    const problem = refused({ ...files, 'x.properties': strange })
    expect(problem).toMatchObject({ file: 'x.properties' })
    expect(problem?.message).toContain('of which cluster')
  })
})

const kafka = (name: string, factor: number) => `apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata: { name: ${name} }
spec: { kafka: { version: 4.1.0, config: { default.replication.factor: ${factor} } } }
---
apiVersion: kafka.strimzi.io/v1
kind: KafkaNodePool
metadata: { name: ${name}-pool, labels: { strimzi.io/cluster: ${name} } }
spec: { replicas: 3, roles: [controller, broker] }
---
apiVersion: kafka.strimzi.io/v1
kind: KafkaTopic
metadata: { name: orders-of-${name}, labels: { strimzi.io/cluster: ${name} } }
spec: { partitions: 6, replicas: 3 }
`

describe('KafkaMirrorMaker2', () => {
  const files = { 'mm2.yaml': V1, 'dub.yaml': kafka('dub', 1), 'fra.yaml': kafka('fra', 2) }
  const { scenario, leftOut, assumed } = imported(files)
  const flow = flowOf(scenario, 'dublin->frankfurt')

  it('of the v1 API and two Kafka resources make one scenario', () => {
    const ids = scenario.clusters.map(({ name, nodes }) => [name, ...nodes.map(({ id }) => id)])
    expect(ids).toEqual([
      ['dublin', 0, 1, 2],
      ['frankfurt', 100, 101, 102],
    ])
    const listed = scenario.topics.filter(({ name }) => !name.startsWith('__'))
    const topics = listed.map(({ cluster, name }) => `${cluster} ${name}`)
    expect(topics).toEqual(['dublin orders-of-dub', 'frankfurt orders-of-fra'])
    expect(flow.workers.map(({ region }) => region)).toEqual(['frankfurt', 'frankfurt'])
  })

  it('hands settings to the parts that Strimzi does', () => {
    expect(flow.config).toMatchObject({
      ...{ topics: 'orders|payments', groups: 'billing.*', 'tasks.max': 6 },
      ...{ 'replication.factor': 3, 'offset-syncs.topic.replication.factor': 2 },
      ...{ 'sync.group.offsets.enabled': true, 'emit.heartbeats.enabled': false },
    })
    expect(flow.config['sync.topic.acls.enabled']).toBe(false)
    expect(flow.worker['offset.flush.interval.ms']).toBe(10_000)
    expect(flow.worker['config.storage.replication.factor']).toBe(2)
    expect(flow.producer).toMatchObject({ 'batch.size': 32_768, 'linger.ms': 20 })
    expect(flow.consumer['max.poll.records']).toBe(1_000)
    // source.cluster.consumer.* is read by nobody.
    expect(flow.consumer['fetch.max.bytes']).toBe(52_428_800)
  })

  it('names all that it leaves', () => {
    const named = leftOut.split('\n').filter((line) => line.startsWith('mm2.yaml'))
    const paths = named.map((line) => /^mm2.yaml:\d+ (.+?): /.exec(line)?.[1]).sort()
    expect(paths).toEqual(
      [
        'spec.mirrors[0].checkpointConnector.tasksMax',
        'spec.mirrors[0].source.config["consumer.fetch.max.bytes"]',
        'spec.mirrors[0].sourceConnector.autoRestart',
        'spec.resources',
        'spec.target.configStorageTopic',
        'spec.target.groupId',
        'spec.target.offsetStorageTopic',
        'spec.target.statusStorageTopic',
        'spec.target.tls',
      ].sort(),
    )
    expect(assumed).toContain('offset-syncs.topic.replication.factor -1 is 2')
  })

  it('of v1beta2 become a flow for each mirror, with what its policies do to names', () => {
    const hub = imported({ 'hub.yaml': OLD })
    const identity = flowOf(hub.scenario, 'spoke-a->hub').config
    expect(identity['replication.policy.class']).toMatch(/^org.apache.*IdentityReplicationPolicy$/)
    expect(identity).toMatchObject({ 'topics.exclude': 'tmp.*', 'emit.checkpoints.enabled': false })
    expect(identity['emit.heartbeats.enabled']).toBe(true)
    const own = flowOf(hub.scenario, 'spoke-b->hub').config
    expect(own['replication.policy.class']).toMatch(/DefaultReplicationPolicy$/)
    expect(own['emit.heartbeats.enabled']).toBe(false)
    expect(hub.leftOut).toContain('a policy of one’s own')
    expect(hub.assumed).toContain('its 2 flows share 1 Connect workers')
    expect(hub.assumed).toContain('no file describes cluster spoke-b')
  })

  it.each([
    ['targetCluster: hub', 'targetCluster: spoke-b', 'Connect is bound to hub'],
    ['sourceCluster: spoke-a', 'sourceCluster: spoke-x', 'there is no cluster spoke-x'],
    ['sourceCluster: spoke-b', 'sourceCluster: spoke-a', 'is there already'],
    ['alias: spoke-b', 'name: spoke-b', 'no alias'],
  ])('with %s as %s is refused', (from, to, message) => {
    expect(refused({ 'hub.yaml': OLD.replace(from, to) })?.message).toContain(message)
  })

  it('leave a mirror that copies nothing, and carry over the rest', () => {
    const { scenario, leftOut } = imported({
      'hub.yaml': OLD.replace('sourceConnector', 'sinkConnector'),
    })
    expect(scenario.links.map(({ name }) => name)).toEqual([expect.stringContaining('spoke-b')])
    const place = 'spec.mirrors[0]: it has no sourceConnector, so that it copies no record'
    expect(leftOut).toContain(place)
    expect(leftOut).not.toContain('sinkConnector')
  })

  it('that copy nothing at all leave their clusters without a link', () => {
    const text = V1.replace('sourceConnector', 'sinkConnector')
    const { scenario } = imported({ 'mm2.yaml': text })
    expect(scenario.links).toEqual([])
    expect(scenario.topics[0]?.cluster).toBe(scenario.clusters[0]?.name)
  })

  it('beside a Kafka resource that it does not name is refused', () => {
    const problem = refused({ 'mm2.yaml': V1, 'paris.yaml': kafka('paris', 3) })
    expect(problem?.message).toContain('no flow names the cluster paris')
  })
})
