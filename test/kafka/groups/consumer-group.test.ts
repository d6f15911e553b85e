// Source of the expected answers: KIP-848, CurrentAssignmentBuilder of Kafka 4.1.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reconcile } from '../../../src/kafka/groups/assignment-reconciler.ts'
import type { CurrentAssignment } from '../../../src/kafka/groups/consumer-group.ts'
import { ShardRig } from './shard-rig.ts'

const nobody = () => false

function current(more: Partial<CurrentAssignment>): CurrentAssignment {
  const base = { epoch: 1, previousEpoch: 0, state: 'stable', assigned: [], pendingRevocation: [] }
  return { ...base, ...more } as CurrentAssignment
}

describe('a member’s way to its target', () => {
  it('gives up first, in its old epoch', () => {
    const before = current({ assigned: [0, 1] })
    expect(reconcile(before, 2, [0], [0, 1], nobody)).toMatchObject({
      epoch: 1,
      state: 'unrevoked-partitions',
      assigned: [0],
      pendingRevocation: [1],
    })
  })

  it('stands still while it still owns what it was told to give up, or does not say', () => {
    const before = current({
      state: 'unrevoked-partitions',
      assigned: [0],
      pendingRevocation: [1],
    })
    expect(reconcile(before, 2, [0], [0, 1], nobody)).toBe(before)
    expect(reconcile(before, 2, [0], null, nobody)).toBe(before)
    expect(reconcile(before, 2, [0], [0], nobody)).toMatchObject({ epoch: 2, state: 'stable' })
  })

  it('gets what is free at once, and the rest when its owner has given it back', () => {
    const before = current({ assigned: [] })
    const waiting = reconcile(before, 2, [0, 1], [], (partition) => partition === 1)
    expect(waiting).toMatchObject({ epoch: 2, state: 'unreleased-partitions', assigned: [0] })
    expect(reconcile(waiting, 2, [0, 1], null, nobody)).toMatchObject({
      state: 'stable',
      assigned: [0, 1],
    })
  })
})

describe('heartbeats', () => {
  it('the first member gets everything at once, a second one what the first gives back', () => {
    const rig = new ShardRig()
    expect(rig.beat('a', 0).response).toMatchObject({ memberEpoch: 1, assignment: [0, 1] })
    expect(rig.beat('b', 0).response).toMatchObject({ memberEpoch: 2, assignment: [] })
    const told = rig.beat('a', 1).response
    expect(told).toMatchObject({ memberEpoch: 1, assignment: [0] })
    expect(rig.beat('b', 2).response?.assignment).toBeNull()
    expect(rig.beat('a', 1, { owned: [0] }).response?.memberEpoch).toBe(2)
    expect(rig.beat('b', 2).response?.assignment).toEqual([1])
  })

  // GroupMetadataManager.consumerGroupHeartbeat: the metadata hash of the subscribed topics.
  it('more partitions of its topics raise the epoch with the next heartbeat, no others do', () => {
    const rig = new ShardRig()
    expect(rig.beat('a', 0).response).toMatchObject({ memberEpoch: 1, assignment: [0, 1] })
    rig.topicsVersion++
    expect(rig.beat('a', 1, { owned: [0, 1] }).response?.memberEpoch).toBe(1)
    rig.topicsVersion++
    rig.partitions = 3
    expect(rig.beat('a', 1, { owned: [0, 1] }).response).toMatchObject({
      ...{ memberEpoch: 2, assignment: [0, 1, 2] },
    })
    rig.topicsVersion++
    rig.partitions = 1
    expect(rig.beat('a', 2, { owned: [0, 1, 2] }).response?.assignment).toEqual([0])
  })

  it('another subscription raises the epoch, the same one said again does not', () => {
    const rig = new ShardRig()
    rig.beat('a', 0)
    expect(rig.beat('a', 1, { topics: ['t'] }).response?.memberEpoch).toBe(1)
    expect(rig.beat('a', 1, { topics: ['t', 'u'] }).response?.memberEpoch).toBe(2)
    expect(rig.beat('a', 2, { topics: null }).response?.memberEpoch).toBe(2)
  })

  it('a stale epoch is fenced, a lost answer is not', () => {
    const rig = new ShardRig()
    rig.beat('a', 0)
    expect(rig.beat('a', 7).response?.error).toBe('FENCED_MEMBER_EPOCH')
    expect(rig.beat('a', 0, { owned: [] }).response?.error).toBe('NONE')
    expect(rig.beat('x', 3).response?.error).toBe('UNKNOWN_MEMBER_ID')
  })

  it('without one for 45 s the member is out and its partitions are free', () => {
    const rig = new ShardRig()
    rig.beat('a', 0)
    rig.beat('b', 0)
    rig.wait(44)
    rig.beat('b', 2)
    rig.wait(1)
    expect(rig.beat('b', 2).response?.assignment).toEqual([0, 1])
  })

  it('a member that does not give back within its rebalance time-out is fenced', () => {
    const rig = new ShardRig()
    const slow = { rebalanceTimeoutMs: 20_000 }
    rig.beat('a', 0, slow)
    rig.beat('b', 0)
    rig.beat('a', 1)
    rig.wait(15)
    rig.beat('a', 1)
    rig.wait(5)
    expect(rig.beat('a', 1).response?.error).toBe('UNKNOWN_MEMBER_ID')
    expect(rig.beat('b', 2).response?.assignment).toEqual([0, 1])
  })

  it('a static member that pauses keeps its place; another one with its name has to wait', () => {
    const rig = new ShardRig()
    const i = { instance: 'i' }
    rig.beat('a', 0, i)
    expect(rig.beat('c', 0, i).response?.error).toBe('UNRELEASED_INSTANCE_ID')
    rig.beat('a', -2, i)
    expect(rig.beat('c', 0, i).response?.assignment).toEqual([0, 1])
    // By its instance it is known, and has lost it.
    expect(rig.beat('a', 1, i).response?.error).toBe('FENCED_INSTANCE_ID')
    expect(rig.beat('a', -2, i).response?.error).toBe('FENCED_INSTANCE_ID')
    expect(rig.beat('d', 1, { instance: 'j' }).response?.error).toBe('UNKNOWN_MEMBER_ID')
  })

  it('a static member cannot join over itself before it has left', () => {
    const rig = new ShardRig()
    const i = { instance: 'i' }
    rig.beat('a', 0, i)
    // Its answer is lost, and the member asks as before.
    expect(rig.beat('a', 0, i).response?.error).toBe('UNRELEASED_INSTANCE_ID')
    rig.beat('a', -2, i)
    expect(rig.beat('a', 0, i).response).toMatchObject({ memberEpoch: 1, assignment: [0, 1] })
  })

  it('of a group that the coordinator does not know are refused but for the first', () => {
    const rig = new ShardRig()
    expect(rig.beat('a', 4).response?.error).toBe('GROUP_ID_NOT_FOUND')
    expect(rig.beat('a', 0).response?.error).toBe('NONE')
  })

  it('nobody is found by the instance that dynamic members do not have', () => {
    const rig = new ShardRig()
    rig.beat('a', 0)
    const group = rig.shard.consumerGroupOf('g')
    expect(group.members.size).toBe(1)
    expect(group.staticMember('')).toBeNull()
  })

  it('an empty classic group gives way, one with members does not', () => {
    const rig = new ShardRig()
    const member = rig.join().response?.member ?? ''
    expect(rig.beat('a', 0).response).toMatchObject({ error: 'NONE', memberEpoch: 1 })
    const other = new ShardRig()
    other.joinAsNew()
    expect(other.beat('a', 0).response?.error).toBe('INCONSISTENT_GROUP_PROTOCOL')
    expect(member).not.toBe('')
  })

  it('who says what it owns is told what it has, changed or not', () => {
    const rig = new ShardRig()
    rig.beat('a', 0)
    expect(rig.beat('a', 1).response?.assignment).toBeNull()
    expect(rig.beat('a', 1, { owned: [0, 1] }).response?.assignment).toEqual([0, 1])
    expect(rig.beat('a', 0, { owned: null }).response?.assignment).toEqual([0, 1])
  })

  it('the epoch before counts for who owns no more than it has now', () => {
    const rig = new ShardRig()
    rig.beat('a', 0)
    rig.beat('b', 0)
    rig.beat('a', 1)
    expect(rig.beat('a', 1, { owned: [0] }).response?.memberEpoch).toBe(2)
    // The answer is lost: it asks as before.
    expect(rig.beat('a', 1, { owned: [0] }).response).toMatchObject({ memberEpoch: 2 })
    for (const owned of [[0, 1], null]) {
      expect(rig.beat('a', 1, { owned }).response?.error).toBe('FENCED_MEMBER_EPOCH')
    }
  })

  it('a member of which only its assignment is known says anew what it wants', () => {
    const rig = new ShardRig()
    rig.beat('a', 0)
    const known = rig.written.findIndex(({ kind }) => kind === 'consumer-member')
    rig.written.splice(known, 1)
    rig.reload()
    rig.beat('a', 1, { topics: ['t'] })
    const group = rig.shard.groups.get('g')
    expect(group?.kind === 'consumer' && group.members.get('a')?.subscription.clientId).toBe('c')
  })

  it('commits name the member’s epoch', () => {
    const rig = new ShardRig()
    rig.beat('a', 0)
    expect(rig.commit({ member: 'a', generation: 1 }).response?.error).toBe('NONE')
    expect(rig.commit({ member: 'a', generation: 0 }).response?.error).toBe('STALE_MEMBER_EPOCH')
  })

  it('all this survives a move of the coordinator', () => {
    const rig = new ShardRig()
    rig.beat('a', 0)
    rig.beat('b', 0)
    rig.beat('a', 1)
    rig.reload()
    rig.beat('a', 1, { owned: [0] })
    expect(rig.beat('b', 2).response?.assignment).toEqual([1])
  })
})

/** A member as an honest client plays it: it owns what it was given, and gives back when told. */
interface Played {
  epoch: number
  owned: number[]
}

it('no partition has two owners, whatever members come, go and stay silent', () => {
  const step = fc.record({
    who: fc.integer({ min: 0, max: 4 }),
    what: fc.constantFrom('beat', 'beat', 'beat', 'leave', 'silence', 'move'),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (steps, n) => {
      const rig = new ShardRig()
      rig.partitions = n
      const members = new Map<string, Played>()
      for (const { who, what } of steps) {
        if (what === 'move') rig.reload()
        else if (what === 'silence') {
          for (const member of members.values()) member.owned = []
          members.clear()
          rig.wait(46)
        } else play(rig, members, `m${who}`, what)
        const all = [...members.values()].flatMap(({ owned }) => owned)
        expect(new Set(all).size).toBe(all.length)
      }
    }),
    { numRuns: 150 },
  )
})

function play(
  rig: ShardRig,
  members: Map<string, Played>,
  id: string,
  what: 'beat' | 'leave',
): void {
  const member = members.get(id) ?? { epoch: 0, owned: [] }
  if (what === 'leave') {
    if (!members.delete(id)) return
    rig.beat(id, -1)
    return
  }
  const { response } = rig.beat(id, member.epoch, { owned: member.owned })
  if (response?.error !== 'NONE') {
    members.delete(id)
    return
  }
  member.epoch = response.memberEpoch
  if (response.assignment !== null) member.owned = [...response.assignment]
  members.set(id, member)
}
