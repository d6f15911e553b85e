// The constants that a model of such systems is to begin with: what a scenario gets that says
// nothing. From Kafka's ConfigDefs, Confluent's docs, CLI and demo, and the sources of uReplicator,
// Mirus, Brooklin and KubeSlice. Those of Redpanda's shadow links are not here: not modelled.

import { describe, expect, it } from 'vitest'
import { MODELLED_SETTINGS } from '../../src/kafka/settings/modelled.ts'
import { UREPLICATOR_CONTROLLER_UNMODELLED } from '../../src/kafka/settings/ureplicator.ts'
import { onlySync } from '../../src/mirror/mirror-maker2/sync-slots.ts'
import type { LinkSpec } from '../../src/scenario/links.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

const NEVER_INT = 2_147_483_647

/** A scenario with one link that says no more than it must. */
function scenarioWith(link: string, version = '4.1', overlay = '') {
  return scenarioOf(
    `
version: "${version}"
flavour: confluent
duration: 10s
regions: {us: {}, eu: {}}
clusters:
  A: {brokers: {us: 1}, controllers: {us: 1}, config: {offsets.topic.replication.factor: 1}}
  B: {brokers: {eu: 1}, controllers: {eu: 1}, config: {offsets.topic.replication.factor: 1}}
topics: [{name: orders, cluster: A, partitions: 1, replicationFactor: 1}]
producers: [{name: shop, region: us, cluster: A, topic: orders, rate: 1/s}]
links: [{from: A, to: B, ${link}}]
network: {rtt: {us ~ eu: 80ms}${overlay}}
`,
    'preset.yaml',
  )
}

function linkOf<S extends LinkSpec['system']>(system: S, rest: string, version = '4.1') {
  const { links } = scenarioWith(`system: ${system}, ${rest}`, version)
  const of = (link: LinkSpec): link is Extract<LinkSpec, { system: S }> => link.system === system
  const link = links.find(of)
  if (link === undefined) throw new Error(`no link of ${system}`)
  return link
}

const WORKERS = 'workers: {eu: 1}'

describe('a scenario that says nothing has the constants of', () => {
  it('MirrorMaker 1', () => {
    const { options, producer, consumer } = linkOf(
      'mirror-maker1',
      `${WORKERS}, options: {include: orders}`,
      '3.9',
    )
    expect(options).toMatchObject({ offsetCommitIntervalMs: 60_000, numStreams: 1 })
    expect(options).toMatchObject({ abortOnSendFailure: true, handler: { keepsPartition: false } })
    expect(producer).toMatchObject({ acks: 'all', 'max.in.flight.requests.per.connection': 1 })
    expect(producer['delivery.timeout.ms']).toBe(NEVER_INT)
    expect(consumer['enable.auto.commit']).toBe(false)
  })

  it('MirrorMaker 2', () => {
    const { config, worker, producer, consumer } = linkOf('mirror-maker2', WORKERS)
    expect(config).toMatchObject({
      ...{ 'offset.lag.max': 100, 'emit.checkpoints.interval.seconds': 60 },
      ...{ 'sync.group.offsets.enabled': false, 'sync.group.offsets.interval.seconds': 60 },
      ...{ 'refresh.topics.interval.seconds': 600, 'refresh.groups.interval.seconds': 600 },
      ...{ 'sync.topic.configs.interval.seconds': 600, 'sync.topic.acls.interval.seconds': 600 },
      ...{ 'emit.heartbeats.interval.seconds': 1, 'replication.factor': 2 },
      ...{ 'offset-syncs.topic.replication.factor': 3, 'consumer.poll.timeout.ms': 1000 },
      ...{ 'admin.timeout.ms': 60_000, 'tasks.max': 1 },
    })
    expect(worker).toMatchObject({
      ...{ 'offset.flush.interval.ms': 60_000, 'offset.flush.timeout.ms': 5000 },
      ...{ 'session.timeout.ms': 10_000, 'heartbeat.interval.ms': 3000 },
      ...{ 'scheduled.rebalance.max.delay.ms': 300_000, 'rebalance.timeout.ms': 60_000 },
      'task.shutdown.graceful.timeout.ms': 5000,
    })
    expect(producer).toMatchObject({
      ...{ 'batch.size': 16_384, 'max.in.flight.requests.per.connection': 1 },
      ...{ 'enable.idempotence': false, 'delivery.timeout.ms': NEVER_INT },
    })
    expect(consumer).toMatchObject({ 'max.poll.records': 500, 'receive.buffer.bytes': 65_536 })
    expect(consumer['auto.offset.reset']).toBe('earliest')
    expect(onlySync({ partition: 0, upstream: 0, downstream: 0 })).toHaveLength(64)
  })

  it('Cluster Linking', () => {
    const { config, knobs } = linkOf('cluster-link', 'mirrors: [orders]')
    expect(config).toMatchObject({
      ...{ 'consumer.offset.sync.enable': false, 'consumer.offset.sync.ms': 30_000 },
      ...{ 'acl.sync.enable': false, 'acl.sync.ms': 5000, 'topic.config.sync.ms': 5000 },
      ...{ 'cluster.link.retry.timeout.ms': 300_000, 'num.cluster.link.fetchers': 1 },
      ...{ 'availability.check.ms': 60_000, 'connections.max.idle.ms': 600_000 },
      'availability.check.consecutive.failure.threshold': 5,
    })
    expect(knobs.restoreTakes).toEqual([30_000_000, 60_000_000])
    const prefixed = (prefix: string) => () =>
      linkOf('cluster-link', `mirrors: [orders], config: {cluster.link.prefix: ${prefix}}`)
    expect(prefixed('twelve-chars')).not.toThrow()
    expect(prefixed('thirteen-char')).toThrow('a prefix has at most 12 characters')
  })

  it('a stretched cluster', () => {
    const defaults = Object.entries(MODELLED_SETTINGS.broker)
    const broker = Object.fromEntries(defaults.map(([name, rule]) => [name, rule.default]))
    expect(broker).toMatchObject({
      ...{ 'broker.session.timeout.ms': 9000, 'broker.heartbeat.interval.ms': 2000 },
      'controller.quorum.election.timeout.ms': 1000,
      'controller.quorum.fetch.timeout.ms': 2000,
      ...{ 'replica.lag.time.max.ms': 30_000, 'replica.fetch.wait.max.ms': 500 },
      'leader.imbalance.check.interval.seconds': 300,
      'group.initial.rebalance.delay.ms': 3000,
    })
  })

  it('uReplicator; what has no effect here is said to have none', () => {
    const link = linkOf(
      'ureplicator',
      `${WORKERS}, controllers: {eu: 1}, zookeeper: {helix: eu, commit: us}, topics: [orders]`,
    )
    expect(link.worker['offset.commit.interval.ms']).toBe(60_000)
    expect(link.controller).toMatchObject({
      'controller.auto.rebalance.delay.in.seconds': 120,
      'controller.auto.rebalance.workload.ratio.threshold': 1.2,
    })
    expect(UREPLICATOR_CONTROLLER_UNMODELLED).toEqual(
      expect.arrayContaining([
        'controller.auto.rebalance.min.interval.in.seconds',
        'controller.auto.rebalance.min.lag.in.seconds',
        'controller.auto.rebalance.min.lag.offset',
        'controller.auto.rebalance.move.stuck.partition.after.minutes',
        'controller.max.workload.per.worker.byte.within.region',
      ]),
    )
  })

  it('Mirus', () => {
    const { config, worker } = linkOf('mirus', `${WORKERS}, config: {topics.whitelist: orders}`)
    expect(config).toMatchObject({
      ...{ 'monitor.poll.wait.ms': 60_000, 'commit.failure.restart.ms': 300_000 },
      'enable.partition.matching': false,
    })
    expect(worker['mirus.task.monitor.polling.interval.ms']).toBe(120_000)
  })

  it('Brooklin, whose flow control is off', () => {
    const { config } = linkOf('brooklin', `${WORKERS}, config: {topics: orders}`)
    expect(config).toMatchObject({
      ...{ commitIntervalMs: 60_000, pausePartitionOnError: false },
      pauseErrorPartitionDurationMs: 600_000,
    })
  })

  it('clients', () => {
    const defaults = (component: 'producer' | 'consumer') =>
      Object.fromEntries(
        Object.entries(MODELLED_SETTINGS[component]).map(([name, rule]) => [name, rule.default]),
      )
    const both = {
      ...{ 'request.timeout.ms': 30_000, 'metadata.max.age.ms': 300_000 },
      'socket.connection.setup.timeout.ms': 10_000,
      'socket.connection.setup.timeout.max.ms': 30_000,
      ...{ 'reconnect.backoff.ms': 50, 'reconnect.backoff.max.ms': 1000 },
      ...{ 'retry.backoff.ms': 100, 'retry.backoff.max.ms': 1000 },
      'metadata.recovery.rebootstrap.trigger.ms': 300_000,
    }
    expect(defaults('producer')).toMatchObject({
      ...both,
      ...{ 'delivery.timeout.ms': 120_000, 'max.block.ms': 60_000, 'buffer.memory': 33_554_432 },
    })
    expect(defaults('consumer')).toMatchObject({
      ...both,
      ...{ 'session.timeout.ms': 45_000, 'heartbeat.interval.ms': 3000 },
      'auto.commit.interval.ms': 5000,
    })
  })

  it('a slice', () => {
    const slice = ', overlay: {ceiling: 5120kbit}'
    const { overlay } = scenarioWith(`system: mirror-maker2, ${WORKERS}`, '4.1', slice).network
    expect(overlay?.establish).toBe(120_000_000)
    expect(overlay?.tunnels).toHaveLength(2)
  })
})
