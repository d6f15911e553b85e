// Source of the expected answers: AbstractCoordinator.HeartbeatThread (setFailureCause),
// ConsumerCoordinator.OffsetCommitResponseHandler of Kafka 4.1.

import { describe, expect, it } from 'vitest'
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
