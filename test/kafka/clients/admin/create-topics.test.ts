import { describe, expect, it } from 'vitest'
import type { AdminError } from '../../../../src/kafka/clients/admin/call.ts'
import type { TopicListing } from '../../../../src/kafka/clients/admin/kafka-admin-client.ts'
import { AdminWorld } from './admin-world.ts'

const topic = (name: string, partitions = 1, replicationFactor = 2) => ({
  name,
  partitions,
  replicationFactor,
  configs: { 'min.insync.replicas': '2' },
})

interface Told {
  readonly atMs: number
  readonly error: AdminError
  readonly topics: readonly (readonly [string, AdminError])[]
}

type OnDone = (error: AdminError, errors: ReadonlyMap<string, AdminError>) => void

function teller(world: AdminWorld): { readonly told: Told[]; readonly onDone: OnDone } {
  const told: Told[] = []
  const onDone: OnDone = (error, errors) =>
    void told.push({ atMs: world.nowMs, error, topics: [...errors] })
  return { told, onDone }
}

describe('a topic ordered over the network', () => {
  it('is placed and numbered by the controller, exists at every broker and in the history', () => {
    const world = new AdminWorld()
    const admin = world.admin()
    const { told, onDone } = teller(world)
    admin.createTopics([topic('copy', 3)], onDone)
    world.runMs(5_000)
    expect(told).toMatchObject([{ error: 'NONE', topics: [['copy', 'NONE']] }])
    const { cluster, history } = world.sim
    const indices = cluster.topics.partitionsOf('copy')
    expect(indices).toHaveLength(3)
    for (const [number, index] of indices.entries()) {
      const row = history.partitions[index]
      expect(row).toMatchObject({ topic: 'copy', number, minIsr: 2, cluster: 'A' })
      expect([...(row?.replicas ?? [])].sort()).toEqual([1, 2])
      for (const broker of [1, 2]) {
        expect(cluster.nodes.get(broker)?.loader?.image.partitions.has(index)).toBe(true)
      }
    }
    const listed: (readonly TopicListing[])[] = []
    admin.listTopics((_, topics) => listed.push(topics))
    world.runMs(1_000)
    expect(listed[0]).toEqual([
      { name: 'orders', partitions: [0, 1], replicas: 2 },
      { name: 'copy', partitions: indices, replicas: 2 },
    ])
  })

  it('is refused for what it is, each topic for itself', () => {
    const world = new AdminWorld()
    const { told, onDone } = teller(world)
    const wanted = [
      topic('orders'),
      topic('big', 1, 3),
      topic('none', 0),
      topic('zero', 1, 0),
      topic('a b'),
      topic('good'),
    ]
    world.admin().createTopics(wanted, onDone)
    world.runMs(5_000)
    expect(told[0]?.error).toBe('TOPIC_ALREADY_EXISTS')
    expect(Object.fromEntries(told[0]?.topics ?? [])).toEqual({
      orders: 'TOPIC_ALREADY_EXISTS',
      big: 'INVALID_REPLICATION_FACTOR',
      none: 'INVALID_PARTITIONS',
      zero: 'INVALID_REPLICATION_FACTOR',
      'a b': 'INVALID_TOPIC_EXCEPTION',
      good: 'NONE',
    })
    const { topics } = world.sim.cluster.activeController?.control.state ?? {}
    expect([...(topics?.keys() ?? [])]).toEqual(['orders', 'good'])
  })

  it('collides with one whose name differs only in dots and underscores', () => {
    const world = new AdminWorld()
    const admin = world.admin()
    const { told, onDone } = teller(world)
    admin.createTopics([topic('A.orders')], onDone)
    world.runMs(1_000)
    admin.createTopics([topic('A_orders')], onDone)
    world.runMs(1_000)
    expect(told.map(({ error }) => error)).toEqual(['NONE', 'INVALID_TOPIC_EXCEPTION'])
  })
})

describe('an admin client at a broker that is cut off from the controller', () => {
  it('waits, gets its time-out after default.api.timeout.ms, and the order outlives it', () => {
    const world = new AdminWorld()
    world.cut(1, 9)
    world.cut(2, 9)
    const admin = world.admin([1])
    const { told, onDone } = teller(world)
    const startMs = world.nowMs
    admin.createTopics([topic('late')], onDone)
    world.runMs(59_000)
    expect(told).toEqual([])
    world.runMs(2_000)
    expect(told).toMatchObject([{ error: 'REQUEST_TIMED_OUT' }])
    expect((told[0]?.atMs ?? 0) - startMs).toBeCloseTo(60_000, -2)
    expect(world.sim.cluster.topics.partitionsOf('late')).toEqual([])
  })

  it('succeeds within its time where the cut heals: the broker has kept the order', () => {
    const world = new AdminWorld()
    world.cut(1, 9)
    world.cut(2, 9)
    const admin = world.admin([1])
    const { told, onDone } = teller(world)
    const startMs = world.nowMs
    admin.createTopics([topic('late')], onDone)
    world.runMs(5_000)
    world.heal(1, 9)
    world.heal(2, 9)
    world.runMs(50_000)
    const tookMs = (told[0]?.atMs ?? 0) - startMs
    expect(told).toMatchObject([{ error: 'NONE' }])
    expect(tookMs).toBeGreaterThan(5_000)
    expect(tookMs).toBeLessThan(20_000)
  })
})
