import { describe, expect, test } from 'vitest'
import { appendToLeader } from '../../../src/kafka/partition/produce-append.ts'
import { guardsFor } from '../../../src/kafka/version.ts'
import { produced } from '../log/batches.ts'
import { Bench, registration, type TestReplica } from './bench.ts'

function trio(minInsyncReplicas = 1): [Bench, TestReplica, TestReplica, TestReplica] {
  const bench = new Bench()
  const [a, b, c] = [1, 2, 3].map((id) => bench.replica(id, { minInsyncReplicas }))
  if (!a || !b || !c) throw new Error('three replicas')
  for (const replica of [a, b, c]) replica.partition.apply(registration())
  return [bench, a, b, c]
}

function append(leader: TestReplica, records = 1): void {
  appendToLeader(leader.partition, produced({ count: records }), 1)
}

/** Long enough for nobody to be caught up lately. */
const LATER = 60_000_000

describe('the high watermark', () => {
  test('waits for every member of the ISR, not for a majority', () => {
    const [, a, b, c] = trio()
    append(a)
    b.fetchFrom(a)
    b.fetchFrom(a)
    expect(a.log.highWatermark).toBe(0)
    c.fetchFrom(a)
    c.fetchFrom(a)
    expect(a.log.highWatermark).toBe(1)
    expect(a.woken).toContain('high watermark')
  })

  test('a response with records carries it as it was before the request', () => {
    const [, a, b, c] = trio()
    append(a)
    for (const follower of [b, c]) follower.fetchFrom(a)
    append(a)
    for (const follower of [b, c]) follower.fetchFrom(a)
    expect(a.log.highWatermark).toBe(1)
    expect(b.log.highWatermark).toBe(0)
    expect(c.log.highWatermark).toBe(0)
    b.fetchFrom(a)
    expect(b.log.highWatermark).toBe(1)
  })

  test('alone in the ISR a leader commits at once', () => {
    const [bench, a] = trio()
    bench.now = LATER
    a.partition.apply(registration({ isr: [1], partitionEpoch: 1 }))
    append(a, 3)
    expect(a.log.highWatermark).toBe(3)
  })

  describe('a caught-up replica outside the ISR that cannot be proposed yet', () => {
    /** 3 is on its way into the ISR {1}; 2 has fetched everything; then 5 more come. */
    function waiting(): [Bench, TestReplica, () => number] {
      const [bench, a, b, c] = trio()
      bench.now = LATER
      a.partition.apply(registration({ isr: [1], partitionEpoch: 1 }))
      c.fetchFrom(a)
      b.fetchFrom(a)
      expect(a.partition.isrState.maximal).toEqual([1, 3])
      append(a, 5)
      const fetchOf3 = () => {
        a.serve(c.fetchRequest({ fetchOffset: a.log.logEndOffset }))
        return a.log.highWatermark
      }
      return [bench, a, fetchOf3]
    }

    test('holds it back', () => {
      const [, , fetchOf3] = waiting()
      expect(fetchOf3()).toBe(0)
    })

    test('holds it back no more when its broker is fenced', () => {
      const [bench, , fetchOf3] = waiting()
      bench.fenced.add(2)
      expect(fetchOf3()).toBe(5)
    })

    test('holds it back no more when its lag time is over, and a repetition brings it on', () => {
      const [bench, a, fetchOf3] = waiting()
      const sent = produced({ producerId: 7, producerEpoch: 0, baseSequence: 0 })
      appendToLeader(a.partition, sent, 1)
      expect(fetchOf3()).toBe(0)
      bench.now += 30_000_001
      const again = appendToLeader(a.partition, sent, 1)
      expect(again).toMatchObject({ append: { batch: null }, highWatermarkMoved: true })
      expect(a.log.highWatermark).toBe(6)
    })

    test('holds it back no more when its lag time is over', () => {
      const [bench, , fetchOf3] = waiting()
      bench.now += 30_000_001
      expect(fetchOf3()).toBe(5)
    })
  })

  test('passes a replica outside the ISR that has yet to catch up, from the first second', () => {
    const [bench, a] = trio()
    bench.now = 1_000_000
    a.partition.apply(registration({ isr: [1], leaderEpoch: 1, partitionEpoch: 1 }))
    append(a, 5)
    append(a, 5)
    a.serve(bench.replica(2).fetchRequest({ currentLeaderEpoch: 1, fetchOffset: 0 }))
    append(a, 5)
    expect(a.log.highWatermark).toBe(15)
  })

  test('stands still while the committed ISR is below min.insync.replicas (D08)', () => {
    const [bench, a, b, c] = trio(3)
    a.partition.apply(registration({ isr: [1, 2], partitionEpoch: 1 }))
    append(a, 10)
    b.fetchFrom(a)
    b.fetchFrom(a)
    expect(a.log.highWatermark).toBe(0)
    c.fetchFrom(a)
    c.fetchFrom(a)
    expect(a.partition.isrState.maximal).toEqual([1, 2, 3])
    expect(a.log.highWatermark).toBe(0)
    a.answer()
    expect(a.log.highWatermark).toBe(10)
    expect(bench.guards.minIsrGatesHighWatermark).toBe(true)
  })

  test('before 3.7 it moved below min.insync.replicas', () => {
    const [bench, a, b] = trio(3)
    bench.guards = guardsFor('3.6')
    a.partition.apply(registration({ isr: [1, 2], partitionEpoch: 1 }))
    bench.now = LATER
    append(a, 10)
    b.fetchFrom(a)
    b.fetchFrom(a)
    expect(a.log.highWatermark).toBe(10)
  })

  test('min.insync.replicas above the replication factor acts as the factor', () => {
    const [, a] = trio(7)
    expect(a.partition.minIsrEffective).toBe(3)
    expect(a.partition.isUnderMinIsr).toBe(false)
  })

  test('a new leader keeps its own and moves it only when all of the ISR have fetched', () => {
    const [bench, a, b, c] = trio()
    append(a, 4)
    b.fetchFrom(a)
    c.fetchFrom(a)
    bench.now = LATER
    const next = registration({ leader: 2, isr: [2, 3], leaderEpoch: 1, partitionEpoch: 1 })
    b.partition.apply(next)
    c.partition.apply(next)
    expect(b.log.highWatermark).toBe(0)
    expect(b.log.logEndOffset).toBe(4)
    expect(b.partition.leaderEpochStartOffset).toBe(4)
    c.fetchFrom(b)
    expect(b.log.highWatermark).toBe(4)
  })

  test('taken over the committed ISR only it commits what a joining replica lacks (R09)', () => {
    for (const [maximalIsrForHighWatermark, expected] of [
      [true, 0],
      [false, 1],
    ] as const) {
      const [bench, a, b] = trio()
      bench.guards = guardsFor('4.1', { maximalIsrForHighWatermark })
      bench.now = LATER
      a.partition.apply(registration({ isr: [1], partitionEpoch: 1 }))
      b.fetchFrom(a)
      expect(a.partition.isrState.kind).toBe('pending-expand')
      bench.now += LATER
      append(a, 1)
      expect(a.log.highWatermark).toBe(expected)
    }
  })
})
