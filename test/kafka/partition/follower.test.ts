import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { followerHandlesFetchResponse } from '../../../src/kafka/partition/follower-append.ts'
import {
  followerRestartAt,
  followerTruncate,
  truncationOffset,
} from '../../../src/kafka/partition/follower-truncate.ts'
import { guardsFor } from '../../../src/kafka/version.ts'
import { epochsOf, produced } from '../log/batches.ts'
import { Bench, registration, type TestReplica } from './bench.ts'

/** Two replicas whose logs have one record each of these epochs; 1 leads in epoch `leaderEpoch`. */
function pair(
  leaderLog: readonly number[],
  followerLog: readonly number[],
  leaderEpoch: number,
): [Bench, TestReplica, TestReplica] {
  const bench = new Bench()
  const [a, b] = [bench.replica(1), bench.replica(2)]
  for (const epoch of leaderLog) a.log.appendAsLeader(produced(), epoch)
  for (const epoch of followerLog) b.log.appendAsLeader(produced(), epoch)
  const term = registration({ replicas: [1, 2], isr: [1], leaderEpoch, partitionEpoch: 9 })
  for (const replica of [a, b]) replica.partition.apply(term)
  return [bench, a, b]
}

function fetchUntilSame(leader: TestReplica, follower: TestReplica): string[] {
  const outcomes: string[] = []
  for (let i = 0; i < 50; i++) {
    const outcome = follower.fetchFrom(leader)
    if (outcome === 'EMPTY') return outcomes
    outcomes.push(outcome)
  }
  throw new Error('the logs do not converge')
}

describe('truncation by leader epoch', () => {
  test('an unclean ping-pong needs two rounds and no record stays divergent (R04, KIP-279)', () => {
    const [, a, b] = pair([0, 2, 2, 2, 4, 4], [0, 1, 3], 5)
    const outcomes = fetchUntilSame(a, b)
    expect(outcomes.slice(0, 2)).toEqual(['TRUNCATED', 'TRUNCATED'])
    expect(outcomes[2]).toBe('APPENDED')
    expect(epochsOf(b.log)).toEqual([0, 2, 2, 2, 4, 4])
  })

  test('a follower without a common epoch starts from nothing (R05)', () => {
    const [, a, b] = pair([0, 2], [1], 3)
    fetchUntilSame(a, b)
    expect(epochsOf(b.log)).toEqual([0, 2])
  })

  test('an old leader’s uncommitted tail goes, and its high watermark with it (KIP-101 B)', () => {
    const [, a, b] = pair([0, 1], [0, 0], 1)
    b.log.updateHighWatermark(2)
    expect(b.fetchFrom(a)).toBe('TRUNCATED')
    expect(b.log.highWatermark).toBe(1)
    fetchUntilSame(a, b)
    expect(epochsOf(b.log)).toEqual([0, 1])
  })

  test('an epoch without records costs a round and no record', () => {
    const [, a, b] = pair([0, 0], [0, 0], 3)
    b.log.epochs.assign(2, 2)
    expect(b.fetchFrom(a)).toBe('TRUNCATED_NOTHING')
    expect(b.log.epochs.latestEpoch()).toBe(0)
  })

  test('a diverging fetch neither moves the follower’s state nor proposes it', () => {
    const [, a, b] = pair([0, 1], [0, 0], 2)
    a.serve(b.fetchRequest())
    expect(a.partition.follower(2)?.logEndOffset).toBe(-1)
    expect(a.proposals).toHaveLength(0)
  })

  test('an epoch that the leader never heard of is out of range', () => {
    const [, a, b] = pair([0], [0], 0)
    expect(a.serve(b.fetchRequest({ lastFetchedEpoch: 9 })).error).toBe('OFFSET_OUT_OF_RANGE')
  })

  test('below the log start the offset is out of range, diverging or not', () => {
    const [, a, b] = pair([0, 0, 1, 1], [0], 1)
    a.log.updateHighWatermark(4)
    a.log.maybeIncrementLogStartOffset(3)
    expect(b.fetchFrom(a)).toBe('OFFSET_OUT_OF_RANGE')
    const [, c, d] = pair([1, 1, 1, 1, 5], [1, 3], 6)
    c.log.updateHighWatermark(5)
    c.log.maybeIncrementLogStartOffset(3)
    expect(d.fetchFrom(c)).toBe('OFFSET_OUT_OF_RANGE')
  })

  test('whoever watches is told of what a cut removed, and how far the watermark fell', () => {
    const [, a, b] = pair([0, 1], [0, 0, 0], 1)
    b.log.updateHighWatermark(3)
    const told = b.watched()
    b.fetchFrom(a)
    expect(told).toEqual(['truncate 3 1 [@1 @2]', 'high watermark 3 1'])
    followerRestartAt(b.partition, 7)
    expect(told.slice(2)).toEqual(['truncate 1 7 [@0]'])
    expect([b.log.logStartOffset, b.log.logEndOffset]).toEqual([7, 7])
  })

  test('a cut that falls into a batch removes all of it', () => {
    const [, , b] = pair([], [0], 1)
    b.log.appendAsLeader(produced({ count: 4 }), 0)
    const told = b.watched()
    expect(followerTruncate(b.partition, 3)).toBe(true)
    expect(followerTruncate(b.partition, 1)).toBe(false)
    expect(told).toEqual(['truncate 5 1 [@1]'])
  })

  test('the follower cuts at the end of the largest epoch that it shares', () => {
    const { partition } = pair([], [0, 0, 1, 1, 3], 4)[2]
    expect(truncationOffset(partition, { epoch: 2, endOffset: 9 })).toBe(4)
    expect(truncationOffset(partition, { epoch: 1, endOffset: 3 })).toBe(3)
    expect(truncationOffset(partition, { epoch: 3, endOffset: 9 })).toBe(5)
    const empty = pair([], [], 4)[2]
    expect(truncationOffset(empty.partition, { epoch: 1, endOffset: 0 })).toBe(0)
  })

  /** Epochs of the records of a log: never falling. */
  const epochs = fc
    .array(fc.integer({ min: 0, max: 12 }), { maxLength: 12 })
    .map((all) => [...all].sort((a, b) => a - b))

  test('two logs of one history and different fates converge to the leader’s', () => {
    fc.assert(
      fc.property(epochs, epochs, epochs, (common, left, right) => {
        const base = common.at(-1) ?? 0
        const own = left.map((epoch) => base + 1 + 2 * epoch)
        const other = right.map((epoch) => base + 2 + 2 * epoch)
        const last = Math.max(base, own.at(-1) ?? 0, other.at(-1) ?? 0)
        const [, a, b] = pair([...common, ...own], [...common, ...other], last + 1)
        fetchUntilSame(a, b)
        expect(epochsOf(b.log)).toEqual(epochsOf(a.log))
        expect(b.log.epochs.entries().filter(([e]) => e <= last)).toEqual(
          a.log.epochs.entries().filter(([e]) => e <= last),
        )
      }),
    )
  })

  test('no record that both share is cut', () => {
    fc.assert(
      fc.property(epochs, epochs, epochs, (common, left, right) => {
        const base = common.at(-1) ?? 0
        const own = left.map((epoch) => base + 1 + 2 * epoch)
        const other = right.map((epoch) => base + 2 + 2 * epoch)
        const [, a, b] = pair([...common, ...own], [...common, ...other], base + 60)
        let shortest = b.log.logEndOffset
        while (b.fetchFrom(a) !== 'EMPTY') shortest = Math.min(shortest, b.log.logEndOffset)
        expect(shortest).toBeGreaterThanOrEqual(common.length)
      }),
    )
  })
})

describe('epochs of a fetch (KIP-320)', () => {
  test('an older epoch is fenced, a newer one unknown, and neither changes anything', () => {
    const [, a, b] = pair([0], [0], 4)
    expect(a.serve(b.fetchRequest({ currentLeaderEpoch: 3 })).error).toBe('FENCED_LEADER_EPOCH')
    expect(a.serve(b.fetchRequest({ currentLeaderEpoch: 5 })).error).toBe('UNKNOWN_LEADER_EPOCH')
    expect(a.partition.follower(2)?.logEndOffset).toBe(-1)
  })

  test('nor does one out of range, or one that is looked at again after it was parked', () => {
    const [, a, b] = pair([0, 0], [0], 4)
    a.serve(b.fetchRequest({ fetchOffset: 9, lastFetchedEpoch: -1 }))
    expect(a.serve(b.fetchRequest(), false).batches).toHaveLength(1)
    expect(a.partition.follower(2)?.hasFetched).toBe(false)
    a.serve(b.fetchRequest())
    expect(a.partition.follower(2)?.logEndOffset).toBe(1)
  })

  test('an answer with an error has neither records nor a watermark', () => {
    const [, a, b] = pair([0, 0], [0], 4)
    a.bench.brokerEpochs.set(2, 9)
    const refused = a.serve({ ...b.fetchRequest(), brokerEpoch: 7 })
    expect(refused).toMatchObject({
      error: 'NOT_LEADER_OR_FOLLOWER',
      highWatermark: -1,
      batches: [],
    })
  })

  test('the right epoch from a broker without the replica is unknown too', () => {
    const [, a, b] = pair([0], [0], 4)
    expect(a.serve({ ...b.fetchRequest(), replicaId: 7 }).error).toBe('UNKNOWN_LEADER_EPOCH')
  })

  test('a follower that is asked is no leader', () => {
    const [, a, b] = pair([0], [0], 4)
    expect(b.serve(a.fetchRequest()).error).toBe('NOT_LEADER_OR_FOLLOWER')
  })
})

describe('a fetch response at the follower', () => {
  const response = {
    partition: 0,
    error: 'NONE',
    highWatermark: 5,
    lastStableOffset: 5,
    logStartOffset: 0,
    diverging: { epoch: 0, endOffset: 3 },
    currentLeader: null,
    preferredReadReplica: -1,
    batches: [],
  } as const

  test('a diverging one does not raise the high watermark first (R13, KAFKA-14704)', () => {
    const seen = (version: string): number[] => {
      const [bench, , b] = pair([0, 0, 0, 1, 1, 1], [0, 0, 0, 0, 0], 1)
      bench.guards = guardsFor(version)
      b.log.updateHighWatermark(2)
      const marks: number[] = []
      Object.assign(b.waiters, { onHighWatermark: () => marks.push(b.log.highWatermark) })
      followerHandlesFetchResponse(b.partition, response)
      return [...marks, b.log.highWatermark]
    }
    expect(seen('4.1')).toEqual([2])
    expect(seen('3.4')).toEqual([5, 3])
  })

  test.each([
    [1, 1],
    [0, 0],
    [-1, 2],
  ])('its high watermark %i is taken also when it is lower, unless it is none', (told, taken) => {
    const [, , b] = pair([0, 0], [0, 0], 0)
    b.log.updateHighWatermark(2)
    const answer = { ...response, diverging: null, highWatermark: told }
    expect(followerHandlesFetchResponse(b.partition, answer)).toBe('EMPTY')
    expect(b.log.highWatermark).toBe(taken)
  })

  test('whoever watches sees each batch that comes, once', () => {
    const [, a, b] = pair([0, 0], [], 0)
    const told = b.watched()
    expect([b.fetchFrom(a), b.fetchFrom(a)]).toEqual(['APPENDED', 'EMPTY'])
    expect(told).toEqual(['append @0 false', 'append @1 false', 'high watermark 0 2'])
  })

  test('a single record is news too', () => {
    const [, a, b] = pair([0], [], 0)
    expect(b.fetchFrom(a)).toBe('APPENDED')
  })

  test('the log start follows the leader’s, after the high watermark', () => {
    const [, , b] = pair([0, 0], [0, 0], 0)
    const answer = { ...response, diverging: null, highWatermark: 2, logStartOffset: 1 }
    followerHandlesFetchResponse(b.partition, answer)
    expect(b.log.logStartOffset).toBe(1)
  })
})
