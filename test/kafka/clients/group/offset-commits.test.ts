// Source of the expected answers: ConsumerCoordinator.commitOffsetsSync, onJoinPrepare (4.1).

import { expect, it } from 'vitest'
import { SECOND } from '../../../../src/sim/time.ts'
import { MemberRig } from './member-rig.ts'

it('commitSync without a coordinator ends with default.api.timeout.ms', () => {
  const rig = new MemberRig({ commit: { kind: 'sync', interval: 2 * SECOND } })
  rig.joinClassic()
  rig.wait(3.5)
  const began = rig.now
  rig.answer({ api: 'OffsetCommit', error: 'NOT_COORDINATOR' })
  rig.wait(0.2)
  // Nobody knows a coordinator, and nothing but newer metadata has it looked for again.
  rig.answer({ api: 'FindCoordinator', error: 'COORDINATOR_NOT_AVAILABLE', coordinator: -1 })
  const next = rig.wait(1)
  expect(rig.member.isBlocking).toBe(true)
  expect(next).toBeLessThanOrEqual(began + 60)
  rig.wait(began + 60 - rig.now)
  expect(rig.member.isBlocking).toBe(false)
})

it('the commit before a revocation waits for its own answer, not for an earlier one’s', () => {
  const rig = new MemberRig({ commit: { kind: 'auto', intervalMs: 5_000 } })
  rig.joinClassic()
  rig.wait(6)
  expect(rig.sent('OffsetCommit')).toHaveLength(1)
  rig.answer({ api: 'Heartbeat', error: 'REBALANCE_IN_PROGRESS' })
  rig.wait(0.1)
  expect(rig.sent('OffsetCommit')).toHaveLength(2)
  rig.answer({ api: 'OffsetCommit', error: 'NONE' }, 0)
  rig.wait(0.1)
  expect(rig.sent('JoinGroup')).toHaveLength(1)
  rig.answer({ api: 'OffsetCommit', error: 'NONE' }, 1)
  rig.wait(0.1)
  expect(rig.sent('JoinGroup')).toHaveLength(2)
})

it('a commit that timed out at its coordinator has the coordinator looked for anew', () => {
  const rig = new MemberRig({ commit: { kind: 'auto', intervalMs: 5_000 } })
  rig.joinClassic()
  rig.wait(6)
  rig.answer({ api: 'OffsetCommit', error: 'REQUEST_TIMED_OUT' })
  rig.wait(0.2)
  expect(rig.sent('FindCoordinator')).toHaveLength(2)
})
