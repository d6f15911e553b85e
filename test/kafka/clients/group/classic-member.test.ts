// Source of the expected answers: AbstractCoordinator.HeartbeatThread (setFailureCause),
// ConsumerCoordinator.OffsetCommitResponseHandler of Kafka 4.1.

import { describe, expect, it } from 'vitest'
import { coordinatorId } from '../../../../src/kafka/clients/group/coordinator-lookup.ts'
import { OwnedGroup } from '../owned-group.ts'
import { MemberRig } from './member-rig.ts'

describe('a static member whose instance another process has', () => {
  it('is told so by a heartbeat, and the next poll throws', () => {
    const rig = new MemberRig({ instance: 'i' })
    rig.joinClassic()
    rig.wait(4)
    rig.answer({ api: 'Heartbeat', error: 'FENCED_INSTANCE_ID' })
    expect(rig.told).toEqual([])
    rig.wait(1)
    expect(rig.told).toEqual(['FENCED_INSTANCE_ID'])
    expect(rig.subscription.owned).toEqual([])
    rig.wait(60)
    expect(rig.sent('JoinGroup')).toHaveLength(1)
    expect(rig.told).toHaveLength(1)
  })

  it('is told so by a commit, and the next poll throws', () => {
    const rig = new MemberRig({ instance: 'i', commit: { kind: 'auto', intervalMs: 1_000 } })
    rig.joinClassic()
    rig.wait(2)
    rig.answer({ api: 'OffsetCommit', error: 'FENCED_INSTANCE_ID' })
    rig.wait(1)
    expect(rig.told).toEqual(['FENCED_INSTANCE_ID'])
  })

  it('ends, where the other one goes on', () => {
    const rig = new OwnedGroup()
    const group = { instance: 'i' }
    const first = rig.owner('first', { group })
    rig.until(() => first.owned.length === 4)
    const second = rig.owner('second', { group })
    rig.run(60)
    expect(first.owned).toEqual([])
    expect(second.owned).toHaveLength(4)
    expect(second.story).toHaveLength(1)
  })
})

describe('a coordinator that has gone', () => {
  const found = { api: 'FindCoordinator', error: 'NONE', coordinator: 1 } as const

  it('is looked for at once when its connection is lost', () => {
    const rig = new MemberRig({})
    rig.joinClassic()
    rig.member.lookup.onConnectionLost(coordinatorId(1))
    rig.wait(0)
    expect(rig.sent('FindCoordinator')).toHaveLength(2)
  })

  it('is looked for after a growing back-off while it is named and cannot be dialled', () => {
    const rig = new MemberRig({})
    rig.joinClassic()
    rig.channel.retries.set(coordinatorId(1), 1e12)
    rig.member.lookup.onConnectionLost(coordinatorId(1))
    const at: number[] = []
    for (let i = 0; i < 4; i++) {
      while (rig.sent('FindCoordinator').length < i + 2) rig.wait(0.01)
      at.push(rig.now)
      rig.answer(found)
      expect(rig.member.lookup.coordinator).toBeNull()
    }
    const waits = at.slice(1).map((time, i) => time - (at[i] ?? 0))
    for (const [i, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(0.08 * 2 ** i)
      expect(wait).toBeLessThanOrEqual(0.12 * 2 ** i + 0.01)
    }
  })
})

it('a member that syncs with a coordinator that loads is thrown out of its poll', () => {
  const rig = new MemberRig({})
  rig.find()
  const joined = { generation: 1, protocol: 'range', leader: 'm', member: 'm', members: [] }
  rig.answer({ api: 'JoinGroup', error: 'NONE', ...joined, skipAssignment: false })
  rig.answer({ api: 'SyncGroup', error: 'COORDINATOR_LOAD_IN_PROGRESS', partitions: [] })
  rig.wait(60)
  expect(rig.told).toEqual(['COORDINATOR_LOAD_IN_PROGRESS'])
  expect(rig.sent('JoinGroup')).toHaveLength(1)
})

it('a member that sleeps after a refused join looks for no coordinator meanwhile', () => {
  const rig = new MemberRig({})
  rig.find()
  const refusal = { generation: -1, protocol: '', leader: '', member: '', members: [] }
  rig.answer({
    ...{ api: 'JoinGroup', error: 'NOT_COORDINATOR', skipAssignment: false },
    ...refusal,
  })
  rig.wait(0.09)
  expect(rig.sent('FindCoordinator')).toHaveLength(1)
  rig.wait(0.02)
  expect(rig.sent('FindCoordinator')).toHaveLength(2)
})
