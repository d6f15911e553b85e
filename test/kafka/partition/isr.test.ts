import { describe, expect, test } from 'vitest'
import { maybeShrinkIsr } from '../../../src/kafka/partition/isr-shrink.ts'
import {
  appendToLeader,
  checkEnoughReplicasReachOffset,
} from '../../../src/kafka/partition/produce-append.ts'
import { guardsFor } from '../../../src/kafka/version.ts'
import { produced } from '../log/batches.ts'
import { Bench, registration, type TestReplica } from './bench.ts'

const LATER = 60_000_000

function leaderWith(isr: readonly number[], min = 1): [Bench, TestReplica, TestReplica] {
  const bench = new Bench()
  bench.now = LATER
  const a = bench.replica(1, { minInsyncReplicas: min })
  const b = bench.replica(2)
  for (const replica of [a, b]) replica.partition.apply(registration({ isr }))
  return [bench, a, b]
}

function append(leader: TestReplica, records = 1): void {
  appendToLeader(leader.partition, produced({ count: records }), 1)
}

describe('expand', () => {
  test('a follower at the high watermark and the epoch’s start is proposed, once', () => {
    const [, a, b] = leaderWith([1, 3])
    b.fetchFrom(a)
    b.fetchFrom(a)
    expect(a.proposals.map((p) => p.newIsr.map((m) => m.id))).toEqual([[1, 3, 2]])
    expect(a.partition.isrState).toMatchObject({ kind: 'pending-expand', isr: [1, 3] })
    expect(a.partition.isrState.maximal).toEqual([1, 3, 2])
  })

  test('below the epoch’s start it must wait although it has the high watermark (R08)', () => {
    for (const [isrExpandNeedsEpochStart, proposals] of [
      [true, 0],
      [false, 1],
    ] as const) {
      const [bench, a, b] = leaderWith([1, 3])
      bench.guards = guardsFor('4.1', { isrExpandNeedsEpochStart })
      append(a, 5)
      a.partition.apply(registration({ isr: [1, 3], leaderEpoch: 1, partitionEpoch: 1 }))
      expect(a.partition.leaderEpochStartOffset).toBe(5)
      a.serve(b.fetchRequest({ fetchOffset: 0, currentLeaderEpoch: 1 }))
      expect(a.proposals).toHaveLength(proposals)
      a.serve(b.fetchRequest({ fetchOffset: 5, currentLeaderEpoch: 1 }))
      expect(a.proposals).toHaveLength(1)
    }
  })

  test('a fenced broker is not proposed (KIP-841)', () => {
    const [bench, a, b] = leaderWith([1, 3])
    bench.fenced.add(2)
    b.fetchFrom(a)
    expect(a.proposals).toHaveLength(0)
    bench.guards = guardsFor('3.2')
    b.fetchFrom(a)
    expect(a.proposals).toHaveLength(1)
  })

  test('a fetch of an older process than the registered one changes nothing (KIP-903)', () => {
    const [bench, a, b] = leaderWith([1, 3])
    const old = { ...b.fetchRequest(), brokerEpoch: 7 }
    bench.brokerEpochs.set(2, 9)
    expect(a.serve(old).error).toBe('NOT_LEADER_OR_FOLLOWER')
    expect(a.partition.follower(2)?.logEndOffset).toBe(-1)
    expect(a.proposals).toHaveLength(0)
  })

  test('nor of one that is registered but fenced: that fetch counts, and opens no door', () => {
    const [bench, a, b] = leaderWith([1, 3])
    const old = { ...b.fetchRequest(), brokerEpoch: 7 }
    bench.brokerEpochs.set(2, 9)
    bench.fenced.add(2)
    bench.guards = { ...bench.guards, fencedReplicaBarredFromIsr: false }
    expect(a.serve(old).error).toBe('NONE')
    expect(a.partition.follower(2)?.logEndOffset).toBe(0)
    expect(a.proposals).toHaveLength(0)
  })

  test('a process that this leader’s metadata does not know yet waits for it (KIP-903)', () => {
    const [bench, a, b] = leaderWith([1, 3])
    bench.brokerEpochs.set(2, 7)
    const newer = { ...b.fetchRequest(), brokerEpoch: 9 }
    expect(a.serve(newer).error).toBe('NONE')
    expect(a.proposals).toHaveLength(0)
    bench.brokerEpochs.set(2, 9)
    a.serve(newer)
    expect(a.proposals).toHaveLength(1)
  })

  test('a follower that has the epoch’s start but not the high watermark waits', () => {
    const [, a, b] = leaderWith([1])
    append(a, 4)
    expect(a.log.highWatermark).toBe(4)
    a.serve(b.fetchRequest({ fetchOffset: 3, lastFetchedEpoch: 0 }))
    expect(a.proposals).toHaveLength(0)
    a.serve(b.fetchRequest({ fetchOffset: 4, lastFetchedEpoch: 0 }))
    expect(a.proposals).toHaveLength(1)
  })

  test('the proposal names the broker epoch that the fetch carried', () => {
    const [bench, a, b] = leaderWith([1, 3])
    bench.brokerEpochs.set(2, 9).set(1, 8)
    a.serve({ ...b.fetchRequest(), brokerEpoch: 9 })
    expect(a.proposals[0]?.newIsr).toEqual([
      { id: 1, brokerEpoch: 8 },
      { id: 3, brokerEpoch: -1 },
      { id: 2, brokerEpoch: 9 },
    ])
  })
})

describe('shrink', () => {
  test('who was not caught up for 30 s goes, all in one proposal', () => {
    const [bench, a] = leaderWith([1, 2, 3])
    append(a)
    bench.now += 30_000_000
    expect(maybeShrinkIsr(a.partition)).toBe(false)
    bench.now += 1
    expect(maybeShrinkIsr(a.partition)).toBe(true)
    expect(a.proposals[0]?.newIsr.map((m) => m.id)).toEqual([1])
    expect(a.partition.isrState).toMatchObject({ isr: [1, 2, 3], maximal: [1, 2, 3] })
  })

  test('a member of which the leader knows nothing goes at once', () => {
    const bench = new Bench()
    const a = bench.replica(1)
    a.partition.apply(registration({ replicas: [1, 3], isr: [1, 2, 3] }))
    expect(maybeShrinkIsr(a.partition)).toBe(true)
    expect(a.proposals[0]?.newIsr.map((m) => m.id)).toEqual([1, 3])
  })

  test('who does not lead, or waits for an answer, proposes nothing', () => {
    const [bench, a, b] = leaderWith([1, 2, 3])
    append(a)
    bench.now += LATER
    expect(maybeShrinkIsr(b.partition)).toBe(false)
    expect([maybeShrinkIsr(a.partition), maybeShrinkIsr(a.partition)]).toEqual([true, false])
    expect([a.proposals.length, b.proposals.length]).toEqual([1, 0])
  })

  test('on an idle partition a dead follower that has everything stays', () => {
    const [bench, a, b] = leaderWith([1, 2])
    b.fetchFrom(a)
    bench.now += 1000 * LATER
    expect(maybeShrinkIsr(a.partition)).toBe(false)
  })

  test('a dropped member holds the high watermark until the controller has confirmed', () => {
    const [bench, a, b] = leaderWith([1, 2])
    b.fetchFrom(a)
    append(a, 4)
    bench.now += LATER
    maybeShrinkIsr(a.partition)
    expect(a.log.highWatermark).toBe(0)
    a.answer()
    expect(a.log.highWatermark).toBe(4)
    expect(a.partition.isrState).toMatchObject({ kind: 'committed', isr: [1] })
  })
})

describe('the controller’s answer', () => {
  function pending(): [Bench, TestReplica] {
    const [bench, a, b] = leaderWith([1, 3])
    b.fetchFrom(a)
    return [bench, a]
  }

  test('INELIGIBLE_REPLICA returns to the committed ISR', () => {
    const [, a] = pending()
    a.answer({ error: 'INELIGIBLE_REPLICA' })
    expect(a.partition.isrState).toMatchObject({ kind: 'committed', maximal: [1, 3] })
  })

  test.each(['INVALID_UPDATE_VERSION', 'FENCED_LEADER_EPOCH', 'NEW_LEADER_ELECTED'] as const)(
    '%s leaves it pending until metadata comes',
    (error) => {
      const [, a] = pending()
      a.answer({ error })
      expect(a.partition.isrState.kind).toBe('pending-expand')
      a.partition.apply(registration({ isr: [1, 2, 3], partitionEpoch: 1 }))
      expect(a.partition.isrState).toMatchObject({ kind: 'committed', isr: [1, 2, 3] })
    },
  )

  test('another error sends it again', () => {
    const [, a] = pending()
    a.answer({ error: 'UNKNOWN_LEADER_EPOCH' })
    expect(a.proposals).toHaveLength(2)
    expect(a.partition.isrState.kind).toBe('pending-expand')
  })

  test('an answer after metadata has decided is ignored', () => {
    const [, a] = pending()
    a.partition.apply(registration({ isr: [1, 3], partitionEpoch: 4 }))
    a.answer({ isr: [1, 2, 3] })
    expect(a.partition.isrState.isr).toEqual([1, 3])
    expect(a.partition.partitionEpoch).toBe(4)
  })

  test('metadata that comes after the answer leaves the next proposal pending', () => {
    const [, a] = pending()
    a.answer()
    expect(a.partition.isrState).toMatchObject({ kind: 'committed', isr: [1, 3, 2] })
    append(a)
    a.bench.now += LATER
    maybeShrinkIsr(a.partition)
    const record = registration({ isr: [1, 3, 2], partitionEpoch: 1 })
    expect(a.partition.apply(record)).toBe('ALREADY_KNOWN')
    expect(a.partition.isrState.kind).toBe('pending-shrink')
  })

  test('the same ISR confirmed without a new partition epoch is committed too', () => {
    const [, a] = pending()
    a.answer({ partitionEpoch: 0 })
    expect(a.partition.isrState).toMatchObject({ kind: 'committed', isr: [1, 3, 2] })
  })
})

describe('acks=all', () => {
  test('below min.insync.replicas it is refused before the append; acks=1 is taken', () => {
    const [, a] = leaderWith([1], 2)
    const all = appendToLeader(a.partition, produced(), -1)
    expect(all.append.error).toBe('NOT_ENOUGH_REPLICAS')
    expect(a.log.logEndOffset).toBe(0)
    expect(appendToLeader(a.partition, produced(), 1)).toMatchObject({
      append: { error: 'NONE' },
      highWatermarkMoved: false,
    })
    expect(a.log.highWatermark).toBe(0)
  })

  test('the pre-check looks at the committed ISR, not at the maximal one', () => {
    const [, a, b] = leaderWith([1], 2)
    b.fetchFrom(a)
    expect(a.partition.isrState.maximal).toEqual([1, 2])
    expect(appendToLeader(a.partition, produced(), -1).append.error).toBe('NOT_ENOUGH_REPLICAS')
  })

  test('waits for the high watermark, then succeeds', () => {
    const [, a, b] = leaderWith([1, 2], 2)
    append(a, 2)
    expect(checkEnoughReplicasReachOffset(a.partition, 2)).toBeNull()
    b.fetchFrom(a)
    b.fetchFrom(a)
    expect(checkEnoughReplicasReachOffset(a.partition, 2)).toBe('NONE')
  })

  test('if the ISR shrinks, NOT_ENOUGH_REPLICAS_AFTER_APPEND before 3.7, and waiting since', () => {
    for (const [version, outcome] of [
      ['3.6', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'],
      ['4.1', null],
    ] as const) {
      const [bench, a] = leaderWith([1, 2], 2)
      bench.guards = guardsFor(version)
      append(a)
      bench.now += LATER
      maybeShrinkIsr(a.partition)
      a.answer()
      expect(checkEnoughReplicasReachOffset(a.partition, 1)).toBe(outcome)
    }
  })

  test('a leader that lost its role says so', () => {
    const [, a] = leaderWith([1, 2], 2)
    append(a)
    a.partition.apply(registration({ leader: 2, leaderEpoch: 1, partitionEpoch: 1 }))
    expect(checkEnoughReplicasReachOffset(a.partition, 1)).toBe('NOT_LEADER_OR_FOLLOWER')
    expect(appendToLeader(a.partition, produced(), 1).append.error).toBe('NOT_LEADER_OR_FOLLOWER')
  })
})
