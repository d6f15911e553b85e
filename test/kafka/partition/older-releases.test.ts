// What releases before a guard did, guard by guard: each is off alone, and on beside it.
// Source: KIP-320 and KAFKA-7415 (2.1), KAFKA-9672 (2.7), Partition and AbstractFetcherThread of
// the releases before.

import { describe, expect, test } from 'vitest'
import { followerHandlesFetchResponse } from '../../../src/kafka/partition/follower-append.ts'
import { type GuardName, guardsFor } from '../../../src/kafka/version.ts'
import { epochsOf, produced } from '../log/batches.ts'
import { Bench, registration, type TestReplica } from './bench.ts'

/** Replica 1, which leads in epoch 1 with replica 2 behind it; each has a log of these epochs. */
function pair(off: GuardName | null, leaderLog: readonly number[], followerLog: readonly number[]) {
  const bench = new Bench()
  bench.guards = guardsFor('4.1', off === null ? {} : { [off]: false })
  const [a, b] = [bench.replica(1), bench.replica(2)]
  for (const epoch of leaderLog) a.log.appendAsLeader(produced(), epoch)
  for (const epoch of followerLog) b.log.appendAsLeader(produced(), epoch)
  lead(a, 1, [1, 2])
  lead(b, 1, [1, 2])
  return { bench, a, b }
}

function lead(
  replica: TestReplica,
  leaderEpoch: number,
  isr: readonly number[],
  replicas = [1, 2],
) {
  replica.partition.apply(
    registration({ replicas, isr, leaderEpoch, partitionEpoch: leaderEpoch * 10 }),
  )
}

describe('a leader that has written nothing in its epoch', () => {
  // The follower has one record of an epoch that began and ended unseen by the leader.
  const logs = [
    [0, 0, 0],
    [0, 0, 7],
  ] as const

  test('knows where all before it ended', () => {
    const { a, b } = pair(null, ...logs)
    lead(a, 8, [1, 2])
    lead(b, 8, [1, 2])
    b.log.updateHighWatermark(1)
    expect(b.fetchFrom(a)).toBe('TRUNCATED')
    expect(epochsOf(b.log)).toEqual([0, 0])
  })

  test('knew of no later epoch than its last record’s: the follower cuts at its watermark', () => {
    const { a, b } = pair('epochKnownFromElection', ...logs)
    lead(a, 8, [1, 2])
    lead(b, 8, [1, 2])
    b.log.updateHighWatermark(1)
    expect(b.fetchFrom(a)).toBe('TRUNCATED')
    expect(epochsOf(b.log)).toEqual([0])
  })
})

describe('a fetch of an old epoch', () => {
  const old = { currentLeaderEpoch: 0 }

  test('is refused', () => {
    const { a, b } = pair(null, [0], [])
    expect(a.serve(b.fetchRequest(old))).toMatchObject({
      ...{ error: 'FENCED_LEADER_EPOCH', batches: [] },
    })
  })

  test('was served, and counted once the watermark had no check of its own either', () => {
    for (const [alsoOff, position] of [
      [{}, -1],
      [{ epochFencingOfHighWatermark: false }, 0],
    ] as const) {
      const { bench, a, b } = pair('epochFencingOfFetch', [0], [])
      bench.guards = { ...bench.guards, ...alsoOff }
      expect(a.serve(b.fetchRequest(old))).toMatchObject({ error: 'NONE', batches: [{}] })
      expect(a.partition.follower(2)?.logEndOffset).toBe(position)
    }
  })

  test('was told where to cut, unless that question was checked', () => {
    const diverging = { ...old, fetchOffset: 2, lastFetchedEpoch: 0 }
    for (const [checked, error] of [
      [true, 'FENCED_LEADER_EPOCH'],
      [false, 'NONE'],
    ] as const) {
      const { bench, a, b } = pair('epochFencingOfFetch', [0], [0, 0])
      bench.guards = { ...bench.guards, epochFencingOfTruncation: checked }
      const read = a.serve(b.fetchRequest(diverging))
      expect([read.error, read.diverging]).toEqual([
        error,
        checked ? null : { epoch: 0, endOffset: 1 },
      ])
    }
  })
})

describe('what a leader knew of a replica before its present epoch', () => {
  test('counts for nothing: a replica that was in sync and left must fetch again', () => {
    for (const [off, proposals] of [
      [null, 0],
      ['isrExpandNeedsFetchInEpoch', 1],
    ] as const) {
      const { a, b } = pair(off, [0], [0])
      b.fetchFrom(a)
      lead(a, 2, [1])
      expect(a.proposals).toHaveLength(proposals)
    }
  })

  test('was kept also of one that left the assignment, which held nothing back', () => {
    for (const [off, known] of [
      [null, undefined],
      ['isrExpandNeedsFetchInEpoch', 1],
    ] as const) {
      const { a, b } = pair(off, [0], [0])
      b.fetchFrom(a)
      lead(a, 2, [1], [1])
      expect(a.partition.follower(2)?.logEndOffset).toBe(known)
      a.log.appendAsLeader(produced(), 2)
      lead(a, 3, [1], [1])
      expect(a.log.highWatermark).toBe(2)
    }
  })
})

describe('INVALID_UPDATE_VERSION', () => {
  test('leaves an ISR open, for the change may have been made; it was taken back', () => {
    for (const [off, kind, maximal] of [
      [null, 'pending-expand', [1, 2]],
      ['pendingIsrStaysOnVersionError', 'committed', [1]],
    ] as const) {
      const { a, b } = pair(off, [0], [0])
      lead(a, 2, [1])
      lead(b, 2, [1])
      b.fetchFrom(a)
      a.answer({ error: 'INVALID_UPDATE_VERSION' })
      expect(a.partition.isrState).toMatchObject({ kind, maximal })
    }
  })
})

describe('an answer of the controller', () => {
  function pending() {
    const { a, b } = pair(null, [0], [0])
    lead(a, 2, [1])
    lead(b, 2, [1])
    b.fetchFrom(a)
    return a
  }

  test('of another term, or older than what is known, leaves the proposal open', () => {
    for (const late of [{ leaderEpoch: 1 }, { leaderEpoch: 3 }, { partitionEpoch: 19 }]) {
      const a = pending()
      a.answer(late)
      expect(a.partition.isrState.kind).toBe('pending-expand')
      expect(a.partition.partitionEpoch).toBe(20)
    }
  })

  test('that the partition has gone is for metadata to follow up; no attempt is a clear no', () => {
    for (const [error, kind, proposals] of [
      ['UNKNOWN_TOPIC_OR_PARTITION', 'pending-expand', 1],
      ['INVALID_REQUEST', 'pending-expand', 1],
      ['OPERATION_NOT_ATTEMPTED', 'committed', 1],
    ] as const) {
      const a = pending()
      a.answer({ error })
      expect([error, a.partition.isrState.kind, a.proposals.length]).toEqual([
        error,
        kind,
        proposals,
      ])
    }
  })
})

describe('batches that do not go on where the follower ends', () => {
  test('are not taken, and neither is what came with them', () => {
    const { a, b } = pair(null, [0, 0, 0], [0])
    const { batches } = a.serve(b.fetchRequest({ fetchOffset: 2 }))
    const outcome = followerHandlesFetchResponse(b.partition, {
      ...{ partition: 0, error: 'NONE', highWatermark: 3, lastStableOffset: 3, logStartOffset: 0 },
      ...{ diverging: null, currentLeader: null, preferredReadReplica: -1, batches },
    })
    expect(outcome).toBe('FAILED')
    expect([b.log.logEndOffset, b.log.highWatermark]).toEqual([1, 0])
  })
})
