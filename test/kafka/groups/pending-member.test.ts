// Source of the expected answers: GroupMetadataManager (removePendingMemberAndUpdateClassicGroup,
// classicGroupLeaveToClassicGroup) of Kafka 4.1; GroupCoordinator of 3.9.

import { describe, expect, it } from 'vitest'
import { ShardRig } from './shard-rig.ts'

describe('one that has only been given an id', () => {
  /** A member waits out the delay of a first rebalance, and another has not come back. */
  function awaited(version?: ConstructorParameters<typeof ShardRig>[0]) {
    const rig = new ShardRig(version)
    const { joined } = rig.joinAsNew()
    const pending = rig.join({ sessionTimeoutMs: 1_000 }).response?.member ?? ''
    return { rig, joined, pending }
  }

  it('ends the delay of a first rebalance with its session, where all others are there', () => {
    const { rig, joined } = awaited()
    rig.wait(1.5)
    expect(joined.response?.error).toBe('NONE')
  })

  it('before 4.0 does not', () => {
    const { rig, joined } = awaited('3.9')
    rig.wait(1.5)
    expect(joined.response).toBeNull()
    rig.wait(2)
    expect(joined.response?.error).toBe('NONE')
  })

  it('does not end that delay by leaving', () => {
    const { rig, joined, pending } = awaited()
    expect(rig.leave(pending)).toBe('NONE')
    rig.wait(0.5)
    expect(joined.response).toBeNull()
  })

  it('has a stable group begin again by leaving', () => {
    const rig = new ShardRig()
    const { member: leader } = rig.joinAsNew()
    rig.wait(4)
    rig.sync({ member: leader, assignments: [{ member: leader, partitions: [0, 1] }] })
    const pending = rig.join().response?.member ?? ''
    rig.leave(pending)
    expect(rig.heartbeat(leader, 1)).toBe('REBALANCE_IN_PROGRESS')
  })
})
