import { describe, expect, it } from 'vitest'
import type { AdminError } from '../../../../src/kafka/clients/admin/call.ts'
import type { TopicConfigs } from '../../../../src/kafka/clients/admin/kafka-admin-client.ts'
import type { ListedOffset } from '../../../../src/kafka/clients/admin/list-offsets.ts'
import { ADMIN_SCENARIO, AdminWorld } from './admin-world.ts'

type Outcome = readonly [AdminError, readonly (readonly [string, unknown])[]]

describe('topics that exist already', () => {
  it('get settings over the network, told by name and taken away with null', () => {
    const world = new AdminWorld()
    const admin = world.admin()
    const told: Outcome[] = []
    const note = (error: AdminError, value: ReadonlyMap<string, unknown>) =>
      void told.push([error, [...value]])
    const noteOwn = (error: AdminError, value: ReadonlyMap<string, { own: unknown }>) =>
      void told.push([error, [...value].map(([name, { own }]) => [name, own])])
    const configs = { 'retention.ms': '1000', 'min.insync.replicas': '2' }
    admin.incrementalAlterConfigs([{ name: 'orders', configs }], note)
    world.runMs(1_000)
    admin.describeConfigs(['orders', 'nobody'], noteOwn)
    world.runMs(1_000)
    const removal = { 'retention.ms': null }
    admin.incrementalAlterConfigs([{ name: 'orders', configs: removal }], note)
    world.runMs(1_000)
    admin.describeConfigs(['orders'], noteOwn)
    world.runMs(1_000)
    admin.incrementalAlterConfigs([{ name: 'nobody', configs: removal }], note)
    world.runMs(1_000)
    expect(told).toEqual([
      ['NONE', [['orders', 'NONE']]],
      ['UNKNOWN_TOPIC_OR_PARTITION', [['orders', configs]]],
      ['NONE', [['orders', 'NONE']]],
      ['NONE', [['orders', { 'min.insync.replicas': '2' }]]],
      ['UNKNOWN_TOPIC_OR_PARTITION', [['nobody', 'UNKNOWN_TOPIC_OR_PARTITION']]],
    ])
    const { state } = world.sim.cluster.activeController?.control ?? {}
    expect(state?.configs.minInsyncReplicas('orders')).toBe(2)
  })

  it('tell what stands at Kafka’s default apart from what they set', () => {
    const world = new AdminWorld()
    const admin = world.admin()
    const told: TopicConfigs[] = []
    const configs = { 'retention.ms': '604800000' }
    admin.incrementalAlterConfigs([{ name: 'orders', configs }], () => {})
    world.runMs(1_000)
    admin.describeConfigs(['orders'], (_error, topics) => told.push(...topics.values()))
    world.runMs(1_000)
    const [{ own, defaults } = { own: {}, defaults: {} }] = told
    // A value that was set is not the default, though it is the same.
    expect(own).toEqual(configs)
    expect(defaults).toMatchObject({ 'cleanup.policy': 'delete', 'segment.bytes': '1073741824' })
    expect(Object.keys(defaults)).not.toContain('retention.ms')
  })

  it('grow, but do not shrink', () => {
    const world = new AdminWorld()
    const admin = world.admin()
    const told: AdminError[] = []
    const ask = (name: string, partitions: number) => {
      admin.createPartitions([{ name, partitions }], (error) => told.push(error))
      world.runMs(2_000)
    }
    ask('orders', 4)
    ask('orders', 4)
    ask('orders', 1)
    ask('nobody', 2)
    expect(told).toEqual([
      'NONE',
      'INVALID_PARTITIONS',
      'INVALID_PARTITIONS',
      'UNKNOWN_TOPIC_OR_PARTITION',
    ])
    const { topics } = world.sim.cluster
    const indices = topics.partitionsOf('orders')
    expect(indices).toHaveLength(4)
    expect(indices.map((index) => topics.nameOf(index)).at(-1)).toBe('orders-3')
    for (const index of indices) {
      expect(world.sim.history.partitions[index]?.replicas).toHaveLength(2)
      expect(world.sim.cluster.registrationOf(index)?.isr).toHaveLength(2)
    }
  })
})

describe('offsets by time', () => {
  it('are those of the first record that is young enough, -1 where there is none', () => {
    const text = `${ADMIN_SCENARIO}
producers:
  - {name: shop, region: us, topic: orders, rate: 100/s, config: {acks: all}}
`
    const world = new AdminWorld(text)
    world.startClients()
    world.runMs(15_000)
    const leader = world.sim.cluster.registrationOf(0)?.leader ?? -1
    const log = world.sim.cluster.nodes.get(leader)?.role?.broker.replicas.ledLog(0)
    const batches = [...(log?.batches() ?? [])]
    const middle = batches[Math.floor(batches.length / 2)]
    if (middle === undefined) throw new Error('nothing was produced')
    const timestampMs = Math.floor(middle.createdFirst / 1_000)
    const told: (readonly [AdminError, ReadonlyMap<number, ListedOffset>])[] = []
    for (const at of [{ timestampMs }, { timestampMs: 0 }, { timestampMs: 10 ** 9 }]) {
      world.admin().listOffsets([{ topic: 'orders', partition: 0, at }], (error, offsets) => {
        told.push([error, offsets])
      })
      world.runMs(2_000)
    }
    expect(told.map(([error, offsets]) => [error, offsets.get(0)?.offset])).toEqual([
      ['NONE', middle.baseOffset],
      ['NONE', 0],
      ['NONE', -1],
    ])
    expect(middle.baseOffset).toBeGreaterThan(100)
  })
})
