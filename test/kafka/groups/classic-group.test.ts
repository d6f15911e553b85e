// Source of the expected answers: KIP-394, KIP-345, KIP-814, GroupMetadataManager of Kafka 4.1.

import { describe, expect, it } from 'vitest'
import { ShardRig } from './shard-rig.ts'

/** A stable group of members that joined together; the first leads and gets all partitions. */
function stableGroup(count: number, request = {}) {
  const rig = new ShardRig()
  const joins = Array.from({ length: count }, () => rig.joinAsNew(request))
  rig.wait(3 * (count + 1))
  const members = joins.map(({ member }) => member)
  const [leader = ''] = members
  for (const member of members.slice(1)) rig.sync({ member })
  rig.sync({ member: leader, assignments: [{ member: leader, partitions: [0, 1] }] })
  return { rig, members, leader }
}

describe('joining', () => {
  it('a dynamic member first gets an id, and is no member before it comes back with it', () => {
    const rig = new ShardRig()
    const first = rig.join()
    expect(first.response?.error).toBe('MEMBER_ID_REQUIRED')
    expect(rig.shard.groups.get('g')?.isEmpty).toBe(true)
    rig.join({ member: first.response?.member ?? '' })
    expect(rig.shard.groups.get('g')?.isEmpty).toBe(false)
  })

  it('an empty group waits 3 s, and once more for those who came meanwhile', () => {
    const rig = new ShardRig()
    const { joined } = rig.joinAsNew()
    rig.wait(2)
    const late = rig.joinAsNew()
    rig.wait(2)
    expect(joined.response).toBeNull()
    rig.wait(2)
    expect(joined.response?.error).toBe('NONE')
    expect(late.joined.response?.generation).toBe(1)
  })

  it('the leader alone learns who is in the generation', () => {
    const rig = new ShardRig()
    const a = rig.joinAsNew()
    const b = rig.joinAsNew()
    rig.wait(7)
    expect(a.joined.response?.leader).toBe(a.member)
    expect(a.joined.response?.members.map(({ member }) => member)).toEqual([a.member, b.member])
    expect(b.joined.response?.members).toEqual([])
  })

  it('a member that shares no assignor with the others is refused', () => {
    const { rig } = stableGroup(1)
    expect(rig.join({ protocols: ['sticky'] }).response?.error).toBe('INCONSISTENT_GROUP_PROTOCOL')
  })

  it('the assignor is the one that most members prefer among those that all offer', () => {
    const rig = new ShardRig()
    const a = rig.joinAsNew({ protocols: ['range', 'roundrobin'] })
    rig.joinAsNew({ protocols: ['roundrobin', 'range'] })
    rig.joinAsNew({ protocols: ['roundrobin', 'sticky', 'range'] })
    rig.wait(7)
    expect(a.joined.response?.protocol).toBe('roundrobin')
  })
})

describe('the barrier', () => {
  it('a newcomer stops the whole group until everybody has joined again', () => {
    const { rig, leader } = stableGroup(1)
    const late = rig.joinAsNew()
    expect(rig.heartbeat(leader, 1)).toBe('REBALANCE_IN_PROGRESS')
    expect(late.joined.response).toBeNull()
    const again = rig.join({ member: leader })
    expect(again.response?.generation).toBe(2)
    expect(late.joined.response?.generation).toBe(2)
  })

  it('who does not come back within the rebalance time-out is dropped', () => {
    const { rig, leader, members } = stableGroup(2, {
      rebalanceTimeoutMs: 20_000,
      sessionTimeoutMs: 60_000,
    })
    const again = rig.join({ member: leader, rebalanceTimeoutMs: 20_000 })
    rig.wait(19)
    expect(again.response).toBeNull()
    rig.wait(1)
    expect(again.response?.members).toHaveLength(1)
    expect(rig.heartbeat(members[1] ?? '', 2)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('who waits for the leader’s assignment is told to join again when the group changes', () => {
    const rig = new ShardRig()
    const a = rig.joinAsNew()
    const b = rig.joinAsNew()
    rig.wait(7)
    const waiting = rig.sync({ member: b.member })
    rig.joinAsNew()
    expect(waiting.response?.error).toBe('REBALANCE_IN_PROGRESS')
    expect(a.joined.response?.generation).toBe(1)
  })

  it('members that never sync are dropped, and the others begin again', () => {
    const rig = new ShardRig()
    const a = rig.joinAsNew({ rebalanceTimeoutMs: 8_000, sessionTimeoutMs: 300_000 })
    rig.joinAsNew({ rebalanceTimeoutMs: 8_000, sessionTimeoutMs: 300_000 })
    rig.wait(7)
    rig.sync({ member: a.member, assignments: [{ member: a.member, partitions: [0, 1] }] })
    rig.wait(8)
    expect(rig.heartbeat(a.member, 1)).toBe('REBALANCE_IN_PROGRESS')
  })
})

describe('the assignment', () => {
  it('reaches the members only when it is replicated', () => {
    const rig = new ShardRig()
    const { member } = rig.joinAsNew()
    rig.wait(4)
    rig.replicates = false
    const synced = rig.sync({ member, assignments: [{ member, partitions: [0, 1] }] })
    expect(synced.response).toBeNull()
    rig.replicate()
    expect(synced.response?.partitions).toEqual([0, 1])
  })

  it('that cannot be replicated in 5 s makes the group begin again', () => {
    const rig = new ShardRig()
    const { member } = rig.joinAsNew()
    rig.wait(4)
    rig.replicates = false
    const synced = rig.sync({ member, assignments: [{ member, partitions: [0] }] })
    rig.wait(5)
    expect(synced.response?.error).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(rig.heartbeat(member, 1)).toBe('REBALANCE_IN_PROGRESS')
  })
})

describe('the next leader', () => {
  it('is whoever comes first by hash, not by age', () => {
    const places = Array.from({ length: 12 }, (_, i) => {
      const { rig, members, leader } = stableGroup(4, { clientId: `c${i}` })
      rig.leave(leader)
      const next = rig.shard.groups.get('g')
      return next?.kind === 'classic' ? members.indexOf(next.leader) : -1
    })
    expect([...new Set(places)].sort()).toEqual([1, 2, 3])
  })

  it('is the first by hash of those that joined, if the leader did not', () => {
    const places = Array.from({ length: 12 }, (_, i) => {
      const request = { clientId: `c${i}`, rebalanceTimeoutMs: 8_000, sessionTimeoutMs: 60_000 }
      const { rig, members } = stableGroup(3, request)
      members.push(rig.joinAsNew(request).member)
      for (const member of members.slice(1, 3)) rig.join({ ...request, member })
      rig.wait(8)
      const next = rig.shard.groups.get('g')
      expect(next).toMatchObject({ state: 'completing' })
      return next?.kind === 'classic' ? members.indexOf(next.leader) : -1
    })
    expect([...new Set(places)].sort()).toEqual([1, 2, 3])
  })
})

describe('sessions', () => {
  it('a member without heartbeats for its session is dropped, and the others rebalance', () => {
    const { rig, leader, members } = stableGroup(2)
    rig.wait(6)
    expect(rig.heartbeat(leader, 1)).toBe('NONE')
    rig.wait(5)
    expect(rig.told).toContainEqual(expect.stringContaining(`${members[1]} out: no heartbeat`))
    expect(rig.heartbeat(leader, 1)).toBe('REBALANCE_IN_PROGRESS')
  })

  it('who waits at the barrier is alive, however long it waits', () => {
    const { rig, leader, members } = stableGroup(2)
    const joined = rig.join({ member: leader })
    for (let i = 0; i < 5; i++) {
      rig.wait(9)
      expect(rig.heartbeat(members[1] ?? '', 1)).toBe('REBALANCE_IN_PROGRESS')
    }
    expect(joined.response).toBeNull()
    rig.join({ member: members[1] ?? '' })
    expect(joined.response?.members).toHaveLength(2)
  })

  it('begin anew in full when the coordinator moves', () => {
    const { rig, leader } = stableGroup(1)
    rig.wait(9)
    rig.reload()
    rig.wait(9)
    expect(rig.heartbeat(leader, 1)).toBe('NONE')
  })

  it('run with the new coordinator though nobody has been heard there', () => {
    const { rig, leader } = stableGroup(1)
    rig.reload()
    rig.wait(11)
    expect(rig.heartbeat(leader, 1)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('heartbeats of an old generation or of a stranger are told apart', () => {
    const { rig, leader } = stableGroup(1)
    expect(rig.heartbeat(leader, 0)).toBe('ILLEGAL_GENERATION')
    expect(rig.heartbeat('nobody', 1)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('who leaves is gone at once', () => {
    const { rig, leader, members } = stableGroup(2)
    expect(rig.leave(members[1] ?? '')).toBe('NONE')
    expect(rig.heartbeat(leader, 1)).toBe('REBALANCE_IN_PROGRESS')
  })
})

describe('a rebalance after the coordinator has moved', () => {
  it('ends with the rebalance time-out for who does not come back', () => {
    const { rig, leader } = stableGroup(1, {
      rebalanceTimeoutMs: 20_000,
      sessionTimeoutMs: 60_000,
    })
    rig.reload()
    const late = rig.joinAsNew()
    rig.wait(19)
    expect([late.joined.response, rig.heartbeat(leader, 1)]).toEqual([
      null,
      'REBALANCE_IN_PROGRESS',
    ])
    // Of all time-outs the longest counts, and the newcomer's is a minute.
    rig.wait(42)
    expect(late.joined.response).toMatchObject({ error: 'NONE', generation: 2 })
    expect(rig.heartbeat(leader, 1)).toBe('UNKNOWN_MEMBER_ID')
  })
})

describe('asking for an assignment', () => {
  it.each([
    ['a stranger', { member: 'x' }, 'UNKNOWN_MEMBER_ID'],
    ['a member of an older generation', { generation: 0 }, 'ILLEGAL_GENERATION'],
    ['a member of no group', { group: 'other' }, 'UNKNOWN_MEMBER_ID'],
    ['a member', {}, 'NONE'],
  ])('%s', (_who, request, error) => {
    const { rig, leader } = stableGroup(1)
    expect(rig.sync({ member: leader, ...request }).response?.error).toBe(error)
  })

  it('what is written when the group has begun again makes nobody stable', () => {
    const rig = new ShardRig()
    const { member } = rig.joinAsNew()
    rig.wait(4)
    rig.replicates = false
    const synced = rig.sync({ member, assignments: [{ member, partitions: [0, 1] }] })
    rig.joinAsNew()
    expect(synced.response?.error).toBe('REBALANCE_IN_PROGRESS')
    rig.replicate()
    expect(rig.heartbeat(member, 1)).toBe('REBALANCE_IN_PROGRESS')
  })

  it('the leader hears what members subscribe to now', () => {
    const { rig, leader, members } = stableGroup(2)
    const subscription = { topics: ['u'], ownedPartitions: [], generation: 1, rack: '' }
    rig.join({ member: members[1] ?? '', subscription })
    const joined = rig.join({ member: leader })
    const topics = joined.response?.members.map((one) => one.subscription.topics)
    expect(topics).toEqual([['t'], ['u']])
  })
})

describe('static members', () => {
  const STATIC = { instance: 'i', sessionTimeoutMs: 30_000 }

  function stableStatic() {
    const rig = new ShardRig()
    const joined = rig.join(STATIC)
    rig.wait(4)
    const member = joined.response?.member ?? ''
    const assignments = [{ member, partitions: [0, 1] }]
    rig.sync({ member, instance: 'i', assignments })
    return { rig, member }
  }

  it('need no second round to get their id', () => {
    expect(stableStatic().member).toMatch(/^i-/)
  })

  it('come back to their partitions without a rebalance, and the old id is fenced', () => {
    const { rig, member } = stableStatic()
    const back = rig.join(STATIC)
    expect(back.response).toMatchObject({ error: 'NONE', generation: 1, skipAssignment: true })
    const id = back.response?.member ?? ''
    expect(rig.sync({ member: id, instance: 'i' }).response?.partitions).toEqual([0, 1])
    expect(rig.heartbeat(member, 1, { instance: 'i' })).toBe('FENCED_INSTANCE_ID')
  })

  it('keep their old id where the new one cannot be written', () => {
    const { rig, member } = stableStatic()
    rig.replicates = false
    const back = rig.join(STATIC)
    rig.wait(6)
    expect(back.response).toMatchObject({ error: 'COORDINATOR_NOT_AVAILABLE', member: '' })
    expect(rig.heartbeat(member, 1, { instance: 'i' })).toBe('NONE')
    expect(rig.shard.classicGroup('g', false)?.members.size).toBe(1)
  })

  it('come back each to the place of its own instance', () => {
    const rig = new ShardRig()
    const two = ['i', 'j'].map((instance) => rig.join({ ...STATIC, instance }))
    rig.wait(7)
    const [i = '', j = ''] = two.map(({ response }) => response?.member)
    rig.sync({ member: j, instance: 'j' })
    const assignments = [i, j].map((member, at) => ({ member, partitions: [at] }))
    rig.sync({ member: i, instance: 'i', assignments })
    const id = rig.join({ ...STATIC, instance: 'j' }).response?.member ?? ''
    expect(rig.sync({ member: id, instance: 'j' }).response?.partitions).toEqual([1])
    expect(rig.heartbeat(i, 1, { instance: 'i' })).toBe('NONE')
    expect(rig.heartbeat(j, 1, { instance: 'j' })).toBe('FENCED_INSTANCE_ID')
  })
})

describe('what is committed', () => {
  it('is told to whoever asks of a classic group', () => {
    const { rig, leader } = stableGroup(1)
    rig.commit({ member: leader, generation: 1 })
    const told = [{ partition: 0, offset: 7, leaderEpoch: 0 }]
    expect(rig.offsets({}).response).toMatchObject({ error: 'NONE', offsets: told })
    expect(rig.offsets({ partitions: [1] }).response).toMatchObject({ offsets: [] })
  })

  it('is kept from a member of another epoch', () => {
    const rig = new ShardRig()
    rig.beat('a', 0)
    rig.commit({ member: 'a', generation: 1 })
    const ask = (memberEpoch: number) => rig.offsets({ member: 'a', memberEpoch }).response
    expect(ask(1)?.offsets).toHaveLength(1)
    expect(ask(0)).toMatchObject({ error: 'STALE_MEMBER_EPOCH', offsets: [] })
  })
})

describe('commits', () => {
  it('are accepted of members of the generation only', () => {
    const { rig, leader } = stableGroup(1)
    expect(rig.commit({ member: leader, generation: 1 }).response?.error).toBe('NONE')
    expect(rig.commit({ member: leader, generation: 0 }).response?.error).toBe('ILLEGAL_GENERATION')
    expect(rig.commit({ member: 'x', generation: 1 }).response?.error).toBe('UNKNOWN_MEMBER_ID')
    expect(rig.committed()).toBe(7)
  })

  it('come from anybody while the group has no members', () => {
    const rig = new ShardRig()
    expect(rig.commit({}).response?.error).toBe('NONE')
    expect(rig.committed()).toBe(7)
  })

  it('are accepted while members are asked to join again, and refused while they sync', () => {
    const { rig, leader } = stableGroup(1)
    const late = rig.joinAsNew()
    expect(rig.commit({ member: leader, generation: 1 }).response?.error).toBe('NONE')
    rig.join({ member: leader })
    expect(late.joined.response?.generation).toBe(2)
    const refused = rig.commit({ member: leader, generation: 2 })
    expect(refused.response?.error).toBe('REBALANCE_IN_PROGRESS')
  })

  it('are no sign of life of a member that must sync first', () => {
    const rig = new ShardRig()
    const { member } = rig.joinAsNew()
    rig.wait(4)
    rig.wait(6)
    expect(rig.commit({ member, generation: 1 }).response?.error).toBe('REBALANCE_IN_PROGRESS')
    rig.wait(5)
    expect(rig.told).toContain(`${member} out: no heartbeat for 10 s`)
  })

  it('are read only when they are replicated, and survive a move of the coordinator', () => {
    const rig = new ShardRig()
    rig.replicates = false
    const commit = rig.commit({})
    expect(rig.committed()).toBeUndefined()
    rig.replicate()
    expect(commit.response?.error).toBe('NONE')
    expect(rig.committed()).toBe(7)
    rig.reload()
    expect(rig.committed()).toBe(7)
  })
})

describe('a coordinator that moves', () => {
  it('sends everybody who waits away, and the new one knows generation and assignment', () => {
    const { rig, leader } = stableGroup(1)
    const late = rig.joinAsNew()
    rig.reload()
    expect(late.joined.response?.error).toBe('NOT_COORDINATOR')
    expect(rig.heartbeat(leader, 1)).toBe('NONE')
    expect(rig.sync({ member: leader }).response?.partitions).toEqual([0, 1])
  })
})
