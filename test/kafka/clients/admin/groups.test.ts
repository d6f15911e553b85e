import { describe, expect, it } from 'vitest'
import type { AdminError } from '../../../../src/kafka/clients/admin/call.ts'
import type { GroupListing } from '../../../../src/kafka/clients/admin/list-groups.ts'
import type { CommittedOffset, GroupDescription } from '../../../../src/kafka/group-messages.ts'
import { ADMIN_SCENARIO, AdminWorld } from './admin-world.ts'

const TEXT = `${ADMIN_SCENARIO}
producers:
  - {name: shop, region: us, topic: orders, rate: 100/s, config: {acks: all}}
consumers:
  - name: bill
    region: eu
    topic: orders
    config: {group.id: billing, auto.offset.reset: earliest, group.protocol: PROTOCOL}
`

const commit = (offset: number): CommittedOffset => ({ partition: 0, offset, leaderEpoch: 0 })

function start(protocol: 'classic' | 'consumer') {
  const world = new AdminWorld(TEXT.replace('PROTOCOL', protocol))
  world.startClients()
  world.runMs(20_000)
  return { world, admin: world.admin([1, 2]) }
}

describe.each(['classic', 'consumer'] as const)('a %s group over the network', (protocol) => {
  it('is listed by its coordinator, and so is one that has only offsets', () => {
    const { world, admin } = start(protocol)
    const listed: (readonly GroupListing[])[] = []
    const altered: AdminError[] = []
    admin.alterConsumerGroupOffsets('copied', [commit(7)], (error) => altered.push(error))
    world.runMs(3_000)
    admin.listConsumerGroups((_, groups) => listed.push(groups))
    world.runMs(3_000)
    expect(altered).toEqual(['NONE'])
    expect([...(listed[0] ?? [])].sort((a, b) => (a.group < b.group ? -1 : 1))).toEqual([
      { group: 'billing', state: 'STABLE' },
      { group: 'copied', state: 'EMPTY' },
    ])
  })

  it('is described with its members and their partitions; an unknown one is dead', () => {
    const { world, admin } = start(protocol)
    const told: ReadonlyMap<string, GroupDescription>[] = []
    admin.describeConsumerGroups(['billing', 'nobody'], (_, groups) => told.push(groups))
    world.runMs(3_000)
    const [described] = told
    expect(described?.get('billing')).toMatchObject({ state: 'STABLE' })
    const members = described?.get('billing')?.members ?? []
    expect(members.map(({ partitions }) => [...partitions].sort())).toEqual([[0, 1]])
    expect(described?.get('nobody')).toMatchObject({ state: 'DEAD', members: [] })
  })

  it('lets nobody else commit while it has members', () => {
    const { world, admin } = start(protocol)
    const errors: AdminError[] = []
    admin.alterConsumerGroupOffsets('billing', [commit(1)], (error) => errors.push(error))
    world.runMs(3_000)
    expect(errors).toEqual(['UNKNOWN_MEMBER_ID'])
    const offsets: (readonly CommittedOffset[])[] = []
    admin.listConsumerGroupOffsets('billing', (_, all) => offsets.push(all))
    world.runMs(3_000)
    expect(offsets[0]?.map(({ partition }) => partition).sort()).toEqual([0, 1])
    for (const { offset } of offsets[0] ?? []) expect(offset).toBeGreaterThan(100)
  })
})

it('offsets of several groups are asked of each coordinator once', () => {
  const { world, admin } = start('classic')
  const names = ['one', 'two', 'three', 'four']
  for (const name of names) admin.alterConsumerGroupOffsets(name, [commit(7)], () => {})
  world.runMs(5_000)
  const told: [AdminError, readonly (readonly [string, readonly CommittedOffset[]])[]][] = []
  admin.listOffsetsOfGroups([...names, 'nobody'], (error, all) => told.push([error, [...all]]))
  world.runMs(3_000)
  const [error, all] = told[0] ?? ['none', []]
  expect(error).toBe('NONE')
  const expected = { ...Object.fromEntries(names.map((name) => [name, [commit(7)]])), nobody: [] }
  expect(Object.fromEntries(all)).toEqual(expected)
})

describe('offsets of a group without members', () => {
  it('can be set and read, also when the coordinator is another one than before', () => {
    const { world, admin } = start('classic')
    const coordinatorOf = (group: string) =>
      [1, 2].find((id) => {
        const node = world.sim.cluster.nodes.get(id)
        const shards = node?.isRunning ? node.role?.broker.groups.shards : []
        return shards?.some(({ offsets }) => offsets.groups.includes(group))
      })
    admin.alterConsumerGroupOffsets('copied', [commit(7)], () => {})
    world.runMs(3_000)
    const first = coordinatorOf('copied')
    if (first === undefined) throw new Error('nobody coordinates')
    world.sim.cluster.nodes.get(first)?.process.crash()
    world.runMs(15_000)
    const offsets: [AdminError, readonly CommittedOffset[]][] = []
    admin.listConsumerGroupOffsets('copied', (error, all) => offsets.push([error, all]))
    world.runMs(5_000)
    expect(offsets).toEqual([['NONE', [commit(7)]]])
    expect(coordinatorOf('copied')).toBe(3 - first)
  })
})
