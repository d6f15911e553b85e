// Source of the expected answers: GroupMetadataManager of Kafka 4.1
// (classicGroupJoinExistingMember, classicGroupJoinToClassicGroup, classicGroupSyncToClassicGroup,
// classicGroupLeave, completeClassicGroupJoin, tryCompleteInitialRebalanceElseSchedule); KIP-345.

import { describe, expect, it } from 'vitest'
import { ShardRig } from './shard-rig.ts'

const NEWS = { topics: ['t', 'u'], ownedPartitions: [], generation: -1, rack: '' }

/** Two members that have joined together and wait for nobody; `leader` has not assigned yet. */
function joinedPair(request = {}) {
  const rig = new ShardRig()
  const a = rig.joinAsNew(request)
  const b = rig.joinAsNew(request)
  rig.wait(7)
  const leader = a.joined.response?.leader ?? ''
  const follower = [a.member, b.member].find((id) => id !== leader) ?? ''
  return { rig, leader, follower }
}

function stablePair() {
  const pair = joinedPair()
  pair.rig.sync({ member: pair.follower })
  const assignments = [{ member: pair.leader, partitions: [0, 1] }]
  pair.rig.sync({ member: pair.leader, assignments })
  return pair
}

describe('a member that joins again', () => {
  it('with nothing new to say is told the present generation, before and after the sync', () => {
    for (const pair of [joinedPair, stablePair]) {
      const { rig, leader, follower } = pair()
      const again = rig.join({ member: follower })
      expect(again.response).toMatchObject({ error: 'NONE', generation: 1, leader, members: [] })
    }
  })

  it('and leads is told who is in the generation again, while it has not assigned', () => {
    const { rig, leader } = joinedPair()
    const again = rig.join({ member: leader })
    expect(again.response?.generation).toBe(1)
    expect(again.response?.members).toHaveLength(2)
  })

  it('and leads a stable group has everybody join: it may know of more partitions', () => {
    const { rig, leader, follower } = stablePair()
    expect(rig.join({ member: leader }).response).toBeNull()
    expect(rig.heartbeat(follower, 1)).toBe('REBALANCE_IN_PROGRESS')
  })

  it('with another subscription has everybody join, also while the leader assigns', () => {
    for (const pair of [joinedPair, stablePair]) {
      const { rig, leader, follower } = pair()
      expect(rig.join({ member: follower, subscription: NEWS }).response).toBeNull()
      expect(rig.heartbeat(leader, 1)).toBe('REBALANCE_IN_PROGRESS')
    }
  })

  it('under a name that nobody has is a stranger, in a group that there is or is not', () => {
    const { rig } = stablePair()
    expect(rig.join({ member: 'x' }).response?.error).toBe('UNKNOWN_MEMBER_ID')
    expect(rig.join({ member: 'x', group: 'none' }).response?.error).toBe('UNKNOWN_MEMBER_ID')
    expect(rig.shard.groups.has('none')).toBe(false)
  })
})

describe('a member that asks for its assignment', () => {
  it('while the others are called together joins with them', () => {
    const { rig, follower } = stablePair()
    rig.joinAsNew()
    expect(rig.sync({ member: follower }).response?.error).toBe('REBALANCE_IN_PROGRESS')
  })
})

describe('an empty group', () => {
  it('waits for newcomers no longer than the rebalance time-out, however many come', () => {
    const rig = new ShardRig()
    const request = { rebalanceTimeoutMs: 7_000 }
    const first = rig.joinAsNew(request)
    for (let second = 1; second < 7; second++) {
      rig.wait(1)
      rig.joinAsNew(request)
    }
    expect(first.joined.response).toBeNull()
    rig.wait(1)
    expect(first.joined.response?.members).toHaveLength(7)
  })
})

describe('who leaves', () => {
  it('must be known, in a group that there is', () => {
    const { rig } = stablePair()
    expect(rig.leave('x')).toBe('UNKNOWN_MEMBER_ID')
    expect(new ShardRig().leave('x')).toBe('UNKNOWN_MEMBER_ID')
  })

  it('has those who wait for it go on at once', () => {
    const { rig, leader, follower } = stablePair()
    const again = rig.join({ member: leader })
    expect(again.response).toBeNull()
    rig.leave(follower)
    expect(again.response).toMatchObject({ error: 'NONE', generation: 2 })
    expect(again.response?.members).toHaveLength(1)
  })

  it('as the last one leaves a group behind that takes commits from outside again', () => {
    const { rig, leader, follower } = stablePair()
    expect(rig.commit({}).response?.error).toBe('UNKNOWN_MEMBER_ID')
    rig.leave(follower)
    rig.leave(leader)
    expect(rig.commit({}).response?.error).toBe('NONE')
    expect(rig.committed()).toBe(7)
  })
})

describe('a static member', () => {
  const STATIC = { sessionTimeoutMs: 60_000, rebalanceTimeoutMs: 8_000 }
  const OLD = { ...STATIC, instance: 'i' }

  /** Instance i leads, a dynamic member follows. */
  function stable() {
    const rig = new ShardRig()
    const joined = rig.join(OLD)
    const other = rig.joinAsNew(STATIC)
    rig.wait(7)
    const member = joined.response?.member ?? ''
    rig.sync({ member: other.member })
    rig.sync({ member, instance: 'i', assignments: [{ member, partitions: [0, 1] }] })
    return { rig, member, other: other.member }
  }

  it('that does not come to the barrier keeps its place, a dynamic one does not', () => {
    const { rig, other, member } = stable()
    const third = rig.joinAsNew(STATIC)
    const again = rig.join({ ...STATIC, member: other })
    rig.wait(8)
    expect(again.response?.generation).toBe(2)
    const members = [again, third.joined].flatMap(({ response }) => response?.members ?? [])
    expect(members.map((one) => one.member)).toContain(member)
    expect(rig.shard.classicGroup('g', false)?.members.size).toBe(3)
  })

  it('holds a barrier shut at which nobody stands, until somebody comes or it is gone', () => {
    const { rig, other } = stable()
    rig.leave(other)
    rig.wait(8)
    // Dropped it is not, and without anybody who has joined there is nobody to lead.
    expect(rig.shard.classicGroup('g', false)).toMatchObject({ state: 'preparing', generation: 1 })
    const back = rig.join(OLD)
    expect(back.response).toMatchObject({ error: 'NONE', generation: 2, skipAssignment: false })
  })

  it('that comes back with another assignor in mind has the group choose again', () => {
    const rig = new ShardRig()
    rig.join({ ...OLD, protocols: ['range', 'sticky'] })
    rig.wait(4)
    const back = rig.join({ ...OLD, protocols: ['sticky', 'range'] })
    expect(back.response).toMatchObject({ generation: 2, protocol: 'sticky' })
  })

  it('that comes back while the leader assigns has everybody join again', () => {
    const rig = new ShardRig()
    rig.join(OLD)
    const other = rig.joinAsNew(STATIC)
    rig.wait(7)
    const waiting = rig.sync({ member: other.member })
    expect(rig.join(OLD).response).toBeNull()
    expect(waiting.response?.error).toBe('REBALANCE_IN_PROGRESS')
  })

  it('is told apart from an instance that nobody has', () => {
    const { rig, member } = stable()
    expect(rig.heartbeat(member, 1, { instance: 'j' })).toBe('UNKNOWN_MEMBER_ID')
    expect(rig.heartbeat(member, 1, { instance: 'i' })).toBe('NONE')
  })
})
