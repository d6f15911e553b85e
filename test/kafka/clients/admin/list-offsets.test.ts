import { describe, expect, it } from 'vitest'
import type { AdminError } from '../../../../src/kafka/clients/admin/call.ts'
import type { ListedOffset } from '../../../../src/kafka/clients/admin/list-offsets.ts'
import type { NodeId, PartitionIndex } from '../../../../src/kafka/ids.ts'
import { AdminWorld } from './admin-world.ts'

interface Told {
  readonly atMs: number
  readonly error: AdminError
  readonly offsets: ReadonlyMap<PartitionIndex, ListedOffset>
}

const LATEST = [0, 1].map((partition) => ({ topic: 'orders', partition, at: 'latest' as const }))

function start(bootstrap: readonly NodeId[] = [1, 2]) {
  const world = new AdminWorld()
  const admin = world.admin(bootstrap)
  const told: Told[] = []
  const ask = (queries: Parameters<typeof admin.listOffsets>[0]) => {
    admin.listOffsets(queries, (error, offsets) => {
      told.push({ atMs: world.nowMs, error, offsets })
    })
  }
  return { world, admin, told, ask }
}

describe('offsets listed for an administrator', () => {
  it('come from the leader of each partition', () => {
    const { world, told, ask } = start()
    const leaderOf = (partition: number) => world.sim.cluster.registrationOf(partition)?.leader
    expect([leaderOf(0), leaderOf(1)].sort()).toEqual([1, 2])
    ask(LATEST)
    ask(LATEST.map((query) => ({ ...query, at: 'earliest' as const })))
    world.runMs(2_000)
    expect(told.map(({ error, offsets }) => [error, [...offsets.keys()].sort()])).toEqual([
      ['NONE', [0, 1]],
      ['NONE', [0, 1]],
    ])
    expect(told[0]?.offsets.get(0)).toEqual({ offset: 0, leaderEpoch: 0 })
  })

  it('wait in vain for a leader that died: only a lost request is looked up anew', () => {
    const { world, told, ask } = start()
    ask(LATEST)
    world.runMs(2_000)
    const startMs = world.nowMs
    world.sim.cluster.nodes.get(2)?.process.crash()
    ask(LATEST)
    world.runMs(59_000)
    expect(told).toHaveLength(1)
    world.runMs(2_000)
    expect(told[1]?.error).toBe('REQUEST_TIMED_OUT')
    expect([...(told[1]?.offsets.values() ?? [])]).toHaveLength(1)
    expect((told[1]?.atMs ?? 0) - startMs).toBeCloseTo(60_000, -2)
    ask(LATEST)
    world.runMs(2_000)
    const epochs = [0, 1].map((partition) => told[2]?.offsets.get(partition)?.leaderEpoch)
    expect(epochs.sort()).toEqual([0, 1])
  })

  it('are refused at once for a topic that does not exist, and told for the others', () => {
    const { world, told, ask } = start()
    ask([...LATEST, { topic: 'nobody', partition: 77, at: 'latest' }])
    world.runMs(2_000)
    expect(told[0]?.error).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect([...(told[0]?.offsets.keys() ?? [])].sort()).toEqual([0, 1])
  })
})

describe('an administrator’s client', () => {
  it('finds another broker where the one that it was given is dead', () => {
    const { world, told, ask } = start([1, 2])
    world.sim.cluster.nodes.get(1)?.process.crash()
    world.runMs(15_000)
    ask(LATEST)
    world.runMs(2_000)
    expect(told[0]?.error).toBe('NONE')
  })

  it('closed ends what is under way and refuses what comes', () => {
    const { world, admin, told, ask } = start()
    const closedMs: number[] = []
    world.cut(1, 9)
    ask(LATEST)
    admin.close(0, () => closedMs.push(world.nowMs))
    ask(LATEST)
    expect(told.map(({ error }) => error)).toEqual(['ADMIN_CLOSED'])
    const startMs = world.nowMs
    world.runMs(1_000)
    expect(told.map(({ error }) => error)).toEqual(['ADMIN_CLOSED', 'ADMIN_CLOSED'])
    expect(closedMs).toEqual([startMs])
  })

  it('closed with patience lets requests end, but begins no further one', () => {
    const { world, admin, told, ask } = start()
    world.runMs(1_000)
    const listed: AdminError[] = []
    const closedMs: number[] = []
    const startMs = world.nowMs
    admin.listTopics((error) => listed.push(error))
    ask(LATEST)
    admin.close(30_000, () => closedMs.push(world.nowMs))
    world.runMs(2_000)
    expect(listed).toEqual(['NONE'])
    // The leaders were looked up; to ask them would have been a new call.
    expect(told.map(({ error }) => error)).toEqual(['ADMIN_CLOSED'])
    expect(closedMs[0]).toBeGreaterThan(startMs)
    expect(closedMs[0]).toBeLessThan(startMs + 1_000)
  })

  it('knows of no broker: its calls end after default.api.timeout.ms', () => {
    const { world, told, ask } = start([1, 2])
    for (const id of [1, 2]) world.sim.cluster.nodes.get(id)?.process.crash()
    const startMs = world.nowMs
    ask(LATEST)
    world.runMs(61_000)
    expect(told.map(({ error }) => error)).toEqual(['REQUEST_TIMED_OUT'])
    expect((told[0]?.atMs ?? 0) - startMs).toBeCloseTo(60_000, -2)
  })
})
