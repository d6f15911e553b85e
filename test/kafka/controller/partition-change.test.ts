import { describe, expect, it } from 'vitest'
import {
  buildPartitionChange,
  type PartitionChangeRules,
  type PartitionChangeWish,
} from '../../../src/kafka/controller/partition-change.ts'
import {
  mergeChange,
  type PartitionRegistration,
} from '../../../src/kafka/controller/partition-registration.ts'
import { registration } from '../partition/bench.ts'

const HEALTHY = registration({ leaderEpoch: 10, partitionEpoch: 20 })

const RULES: PartitionChangeRules = {
  isAcceptableLeader: () => true,
  minIsr: 2,
  elrEnabled: true,
  useLastKnownLeader: true,
  lastKnownLeaderMustBeActive: true,
  bumpLeaderEpochOnIsrShrink: false,
}

function change(
  partition: Partial<PartitionRegistration>,
  wish: PartitionChangeWish,
  rules: Partial<PartitionChangeRules> = {},
) {
  return buildPartitionChange(0, { ...HEALTHY, ...partition }, wish, { ...RULES, ...rules })
}

describe('a partition change', () => {
  it('is no record at all where nothing changes', () => {
    expect(change({}, {})).toBeNull()
  })

  it('elects in assignment order, not in the order of the ISR', () => {
    const record = change({ isr: [3, 2] }, {}, { isAcceptableLeader: (id) => id !== 1 })
    expect(record?.leader).toBe(2)
  })

  it('raises the leader epoch on a shrink only for old metadata versions', () => {
    expect(change({}, { isr: [1, 2] })?.leader).toBeUndefined()
    expect(change({}, { isr: [1, 2] }, { bumpLeaderEpochOnIsrShrink: true })?.leader).toBe(1)
  })

  it('prefers no leader where there are no replicas to prefer one of', () => {
    expect(() => change({}, { election: 'PREFERRED', replicas: [] })).toThrow(/has replicas/)
  })

  it('finishes a reassignment that removes none also where no replicas are asked for', () => {
    const record = change({ addingReplicas: [3] }, { replicas: [] })
    expect(record).toMatchObject({ addingReplicas: [] })
    const goesOn = change({ addingReplicas: [3], removingReplicas: [2] }, { replicas: [] })
    expect(goesOn?.addingReplicas).toBeUndefined()
  })

  it('finishes a reassignment although its observers are not in sync', () => {
    const moving = { replicas: [4, 1, 2, 3], addingReplicas: [4], removingReplicas: [3] }
    const record = change({ ...moving, isr: [1, 2, 3] }, { isr: [1, 4], observers: [2] })
    expect(record).toMatchObject({ replicas: [4, 1, 2], observers: [2], removingReplicas: [] })
    expect(change({ ...moving, isr: [1, 2, 3] }, { isr: [1, 4] })?.replicas).toBeUndefined()
  })

  it('raises the leader epoch when a leader is lost, too', () => {
    const record = change({ isr: [1] }, {}, { isAcceptableLeader: () => false, elrEnabled: false })
    expect(record).toMatchObject({ leader: -1 })
    expect(record && mergeChange(HEALTHY, record)).toMatchObject({
      leaderEpoch: 11,
      partitionEpoch: 21,
    })
  })

  it('never empties the ISR without ELR', () => {
    const dead = { isAcceptableLeader: () => false }
    expect(change({ isr: [1] }, { isr: [] }, { ...dead, elrEnabled: false })?.isr).toBeUndefined()
    expect(change({ isr: [1] }, { isr: [] }, dead)?.isr).toEqual([])
  })

  it('elects the last known leader only where it is active; before 4.1 it was not asked', () => {
    const empty = { isr: [], elr: [], leader: -1, lastKnownElr: [2] }
    const elects = (isActive: boolean, lastKnownLeaderMustBeActive: boolean) =>
      change(empty, {}, { isAcceptableLeader: () => isActive, lastKnownLeaderMustBeActive })?.leader
    expect(elects(true, true)).toBe(2)
    expect(elects(false, true)).toBeUndefined()
    expect(elects(true, false)).toBe(2)
    expect(elects(false, false)).toBe(2)
  })

  it('elects no last known leader beside another one, or while somebody is eligible', () => {
    const dead = { isr: [], leader: -1 }
    const elects = (elr: readonly number[], lastKnownElr: readonly number[]) =>
      change({ ...dead, elr, lastKnownElr }, {}, { isAcceptableLeader: (id) => id === 2 })?.leader
    expect([elects([], [2]), elects([], [2, 3]), elects([3], [2])]).toEqual([
      2,
      undefined,
      undefined,
    ])
  })

  it('lists the ELR in the order of a Java hash set, ascending below 16', () => {
    const elrOf = (replicas: number[]) =>
      change({ replicas, isr: replicas, leader: 1 }, { isr: [1] }, { minIsr: 9 })?.elr
    expect(elrOf([1, 15, 3, 2])).toEqual([2, 3, 15])
    expect(elrOf([1, 2, 17, 16])).toEqual([16, 17, 2])
  })

  it('takes observers off the list together with their replicas', () => {
    const before = { observers: [3], isr: [1, 2], removingReplicas: [3] }
    expect(change(before, {})).toMatchObject({ replicas: [1, 2], observers: [], leader: 1 })
  })
})
