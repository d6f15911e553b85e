import { describe, expect, test } from 'vitest'
import { preferredReadReplica } from '../../../src/kafka/partition/consumer-fetch.ts'
import { maybeShrinkIsr } from '../../../src/kafka/partition/isr-shrink.ts'
import { maybeDemoteObservers } from '../../../src/kafka/partition/observers.ts'
import type { ObserverPromotionPolicy } from '../../../src/kafka/partition/partition-ports.ts'
import { rackAwareSelector } from '../../../src/kafka/partition/replica-selector.ts'
import { produced } from '../log/batches.ts'
import { Bench, registration, type TestReplica } from './bench.ts'

/** Replicas 1, 2 in the west, observers 3, 4 in the east; 2 leads. */
function region(
  policy: ObserverPromotionPolicy,
  isr: readonly number[],
  minInsyncReplicas: number,
): [TestReplica, TestReplica, (partitionEpoch: number, isr: readonly number[]) => void] {
  const bench = new Bench()
  const leader = bench.replica(2, { observerPromotionPolicy: policy, minInsyncReplicas })
  const observer = bench.replica(4)
  const layout = { replicas: [1, 2, 3, 4], observers: [3, 4], leader: 2 }
  const apply = (partitionEpoch: number, members: readonly number[]) => {
    leader.partition.apply(registration({ ...layout, isr: members, partitionEpoch }))
  }
  apply(0, isr)
  observer.partition.apply(registration({ ...layout, isr }))
  return [leader, observer, apply]
}

describe('observers', () => {
  test.each([
    ['none', 1, false],
    ['under-min-isr', 2, true],
    ['under-replicated', 1, true],
    ['leader-is-observer', 1, false],
  ] as const)(
    '%s, min ISR %i, one of two replicas down: observer enters = %s',
    (policy, min, enters) => {
      const [leader, observer] = region(policy, [2], min)
      observer.fetchFrom(leader)
      expect(leader.partition.isrState.maximal).toEqual(enters ? [2, 4] : [2])
    },
  )

  test('a whole ISR lets none in, and none holds the high watermark back', () => {
    const [leader, observer] = region('under-min-isr', [2, 1], 2)
    observer.fetchFrom(leader)
    leader.log.appendAsLeader(produced(), 0)
    const one = { ...observer.fetchRequest({ fetchOffset: 1, lastFetchedEpoch: 0 }), replicaId: 1 }
    leader.serve(one)
    expect(leader.proposals).toHaveLength(0)
    expect(leader.log.highWatermark).toBe(1)
  })

  test('serve consumers of their region from outside of the ISR, what they hold', () => {
    const [leader, observer] = region('none', [2, 1], 2)
    leader.log.appendAsLeader(produced({ count: 2 }), 0)
    observer.fetchFrom(leader)
    observer.fetchFrom(leader)
    const rackOf = (id: number) => (id < 3 ? 'west' : 'east')
    const advised = (offset: number, rack: string) =>
      preferredReadReplica(leader.partition, offset, rack, { selector: rackAwareSelector, rackOf })
    expect(advised(0, 'east')).toBe(4)
    expect(advised(0, 'west')).toBe(-1)
    leader.log.appendAsLeader(produced(), 0)
    expect(advised(3, 'east')).toBe(-1)
  })

  test('when the replica is back the observer leaves again, without an election', () => {
    const [leader, , apply] = region('under-min-isr', [2, 4], 2)
    apply(1, [2, 4, 1])
    expect(leader.proposals.map((p) => p.newIsr.map((m) => m.id))).toEqual([[2, 1]])
  })

  test('no more leave than the policy can spare', () => {
    const [leader, , apply] = region('under-replicated', [2], 1)
    apply(1, [2, 3, 4])
    expect(leader.proposals.map((p) => p.newIsr.map((m) => m.id))).toEqual([[2, 3]])
  })

  test.each([
    ['none', 1],
    ['under-min-isr', 1],
    ['under-replicated', 2],
  ] as const)('%s: with its own replicas in sync the leader keeps none', (policy, min) => {
    const [leader, observer, apply] = region(policy, [2, 1], min)
    observer.fetchFrom(leader)
    expect(leader.proposals).toHaveLength(0)
    apply(1, [2, 1, 4])
    expect(leader.proposals.map((p) => p.newIsr.map((m) => m.id))).toEqual([[2, 1]])
    maybeDemoteObservers(leader.partition)
    expect(leader.proposals).toHaveLength(1)
  })

  test('the policy that changes is noticed when the ISR is looked at next', () => {
    const [leader] = region('under-replicated', [2, 4], 1)
    expect(leader.proposals).toHaveLength(0)
    leader.partition.config = { ...leader.partition.config, observerPromotionPolicy: 'none' }
    expect(maybeShrinkIsr(leader.partition)).toBe(true)
    expect(leader.proposals.map((p) => p.newIsr.map((m) => m.id))).toEqual([[2]])
  })

  test('one that leads does not drop itself, and one that follows proposes nothing', () => {
    const bench = new Bench()
    const [leader, other] = [3, 4].map((id) =>
      bench.replica(id, { observerPromotionPolicy: 'under-min-isr' }),
    )
    const term = registration({
      replicas: [1, 2, 3, 4],
      observers: [3, 4],
      leader: 3,
      isr: [1, 2, 3],
    })
    for (const replica of [leader, other]) {
      replica?.partition.apply(term)
      if (replica !== undefined) maybeDemoteObservers(replica.partition)
      expect(replica?.proposals).toEqual([])
    }
  })

  test('led by an observer after an unclean election, the others join it', () => {
    const bench = new Bench()
    const leader = bench.replica(3)
    const observer = bench.replica(4)
    const term = registration({ replicas: [1, 2, 3, 4], observers: [3, 4], leader: 3, isr: [3] })
    for (const replica of [leader, observer]) replica.partition.apply(term)
    observer.fetchFrom(leader)
    expect(leader.partition.isrState.maximal).toEqual([3, 4])
  })
})
