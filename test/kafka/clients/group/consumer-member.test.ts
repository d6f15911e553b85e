// Source of the expected answers: AbstractHeartbeatRequestManager.poll, ConsumerMembershipManager
// (leaveGroupEpoch, onHeartbeatSuccess) of Kafka 4.1.

import { describe, expect, it } from 'vitest'
import { OwnedGroup } from '../owned-group.ts'
import { MemberRig } from './member-rig.ts'

/** A member that has both partitions, and may be silent for 20 s. */
function memberOf(group = {}): MemberRig {
  const rig = new MemberRig({ protocol: 'consumer', maxPollIntervalMs: 20_000, ...group })
  rig.find()
  rig.told848(1, [0, 1])
  rig.wait(0.01)
  rig.wait(0.01)
  rig.told848(1, null)
  rig.wait(0.01)
  expect(rig.subscription.owned).toEqual([0, 1])
  return rig
}

function epochs(rig: MemberRig): number[] {
  return rig.sent('ConsumerGroupHeartbeat').map(({ memberEpoch }) => memberEpoch)
}

describe('a member that does not poll for max.poll.interval.ms', () => {
  it.each([
    ['', -1],
    ['i', -2],
  ])('leaves; of instance "%s" with epoch %i', (instance, epoch) => {
    const rig = memberOf({ instance })
    rig.wait(21, false)
    expect(epochs(rig).at(-1)).toBe(epoch)
    expect(rig.told).toEqual(['did not poll'])
    expect(rig.subscription.owned).toEqual([])
  })

  it('keeps what it has while there is no coordinator to leave, and looks for one', () => {
    const rig = memberOf()
    const before = epochs(rig).length
    rig.wait(6, false)
    rig.fail('ConsumerGroupHeartbeat', 'disconnected')
    rig.wait(20, false)
    expect(rig.subscription.owned).toEqual([0, 1])
    expect(rig.told).toEqual([])
    expect(rig.sent('FindCoordinator')).toHaveLength(2)
    rig.answer({ api: 'FindCoordinator', error: 'NONE', coordinator: 1 })
    rig.wait(0.01, false)
    expect(epochs(rig).slice(before)).toEqual([1, -1])
    expect(rig.told).toEqual(['did not poll'])
  })

  it('is still a member if it polls before the coordinator is found', () => {
    const rig = memberOf()
    rig.wait(6, false)
    rig.fail('ConsumerGroupHeartbeat', 'disconnected')
    rig.wait(20)
    rig.answer({ api: 'FindCoordinator', error: 'NONE', coordinator: 1 })
    rig.wait(1)
    expect(epochs(rig).at(-1)).toBe(1)
    expect(rig.told).toEqual([])
  })

  it.each([
    ['has stopped polling', (rig: MemberRig) => void rig.wait(21, false)],
    ['was closed', (rig: MemberRig) => rig.member.leave()],
  ])('takes no answer to an earlier heartbeat once it %s', (_how, goes) => {
    const rig = memberOf()
    rig.wait(6)
    expect(epochs(rig).at(-1)).toBe(1)
    goes(rig)
    rig.told848(2, [0, 1], -2)
    expect(rig.member.membership.identity).toBeNull()
    rig.wait(21, false)
    expect(rig.subscription.owned).toEqual([])
  })
})

it('a static member that stops polling keeps its partitions for a session, and comes back', () => {
  const rig = new OwnedGroup()
  const group = { protocol: 'consumer', assignors: [], maxPollIntervalMs: 5_000 } as const
  const first = rig.owner('first', { group: { ...group, instance: 'i' } })
  const second = rig.owner('second', { group })
  rig.until(() => first.owned.length === 2 && second.owned.length === 2)
  const had = first.owned
  first.isPolling = false
  rig.run(10)
  expect(first.owned).toEqual([])
  rig.run(20)
  expect(second.owned).toHaveLength(2)
  first.isPolling = true
  first.poll()
  rig.run(5)
  expect(first.owned).toEqual(had)
  first.isPolling = false
  rig.run(60)
  expect(second.owned).toHaveLength(4)
})

it('a member that may not see its topics is told so at each heartbeat, and stays', () => {
  const rig = new MemberRig({ protocol: 'consumer' })
  rig.find()
  const refusal = { memberEpoch: 0, heartbeatIntervalMs: 0, assignment: null, member: '' }
  for (const count of [1, 2]) {
    expect(rig.sent('ConsumerGroupHeartbeat')).toHaveLength(count)
    rig.answer({ api: 'ConsumerGroupHeartbeat', error: 'TOPIC_AUTHORIZATION_FAILED', ...refusal })
    rig.wait(0.3)
  }
  expect(rig.told).toEqual(['TOPIC_AUTHORIZATION_FAILED', 'TOPIC_AUTHORIZATION_FAILED'])
  rig.told848(1, [0, 1])
  rig.wait(0.1)
  expect(rig.subscription.owned).toEqual([0, 1])
})

it('a coordinator that says it is none is looked up 80 ms after it was found, or later', () => {
  const rig = new MemberRig({ protocol: 'consumer' })
  rig.find()
  const refusal = { memberEpoch: 0, heartbeatIntervalMs: 0, assignment: null, member: '' }
  rig.answer({ api: 'ConsumerGroupHeartbeat', error: 'NOT_COORDINATOR', ...refusal })
  rig.wait(0.05)
  expect(rig.sent('FindCoordinator')).toHaveLength(1)
  rig.wait(0.08)
  expect(rig.sent('FindCoordinator')).toHaveLength(2)
  // No newer metadata is waited for, and the wait grows.
  const unknown = { api: 'FindCoordinator', coordinator: -1 } as const
  rig.answer({ ...unknown, error: 'COORDINATOR_NOT_AVAILABLE' })
  rig.wait(0.13)
  rig.answer({ ...unknown, error: 'COORDINATOR_NOT_AVAILABLE' })
  rig.wait(0.13)
  expect(rig.sent('FindCoordinator')).toHaveLength(3)
  rig.wait(0.13)
  expect(rig.sent('FindCoordinator')).toHaveLength(4)
})
