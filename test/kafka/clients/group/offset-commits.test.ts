// Source of the expected answers: ConsumerCoordinator.commitOffsetsSync, onJoinPrepare;
// CommitRequestManager (4.1).

import { describe, expect, it } from 'vitest'
import type { CommitPolicy } from '../../../../src/kafka/clients/group/group-settings.ts'
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

it('commitSync waits longer with each try, a commit before a rebalance does not', () => {
  const gaps = (rig: MemberRig, tries: number) => {
    const at: number[] = []
    for (let i = 0; i < tries; i++) {
      const before = rig.sent('OffsetCommit').length
      while (rig.sent('OffsetCommit').length === before) rig.wait(0.01)
      at.push(rig.now)
      rig.answer({ api: 'OffsetCommit', error: 'COORDINATOR_LOAD_IN_PROGRESS' })
    }
    return at.slice(1).map((when, i) => when - (at[i] ?? 0))
  }
  const sync = new MemberRig({ commit: { kind: 'sync', interval: 2 * SECOND } })
  sync.joinClassic()
  const [first = 0, , third = 0] = gaps(sync, 4)
  expect(first).toBeLessThan(0.14)
  expect(third).toBeGreaterThan(0.3)
  const auto = new MemberRig({ commit: { kind: 'auto', intervalMs: 60_000 } })
  auto.joinClassic()
  auto.wait(4)
  auto.answer({ api: 'Heartbeat', error: 'REBALANCE_IN_PROGRESS' })
  for (const gap of gaps(auto, 5)) expect(gap).toBeCloseTo(0.1, 1)
})

describe('under KIP-848', () => {
  /** A member with both partitions and something to commit. */
  function memberOf(commit: CommitPolicy): MemberRig {
    const rig = new MemberRig({ protocol: 'consumer', commit })
    rig.find()
    rig.told848(1, [0, 1])
    rig.wait(0.01)
    rig.wait(0.01)
    rig.told848(1, null)
    for (const one of rig.subscription.partitions) one.resetTo(0, -1, 1, 0, false)
    return rig
  }

  it('an automatic commit waits for the answer to the one before', () => {
    const rig = memberOf({ kind: 'auto', intervalMs: 5_000 })
    rig.wait(6)
    rig.wait(12)
    expect(rig.sent('OffsetCommit')).toHaveLength(1)
    rig.answer({ api: 'OffsetCommit', error: 'NONE' })
    rig.wait(0.01)
    expect(rig.sent('OffsetCommit')).toHaveLength(2)
  })

  it('commitSync does not try again in another epoch', () => {
    const rig = memberOf({ kind: 'sync', interval: 2 * SECOND })
    rig.wait(3)
    expect(rig.member.isBlocking).toBe(true)
    rig.answer({ api: 'OffsetCommit', error: 'STALE_MEMBER_EPOCH' })
    expect(rig.member.isBlocking).toBe(false)
  })
})

it('a commit that timed out at its coordinator has the coordinator looked for anew', () => {
  const rig = new MemberRig({ commit: { kind: 'auto', intervalMs: 5_000 } })
  rig.joinClassic()
  rig.wait(6)
  rig.answer({ api: 'OffsetCommit', error: 'REQUEST_TIMED_OUT' })
  rig.wait(0.2)
  expect(rig.sent('FindCoordinator')).toHaveLength(2)
})
