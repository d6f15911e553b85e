import { describe, expect, test } from 'vitest'
import { FetchSessionHandler } from '../../../src/kafka/broker/fetch-session-handler.ts'
import { FetchSessions } from '../../../src/kafka/broker/fetch-sessions.ts'
import type { KafkaError } from '../../../src/kafka/errors.ts'
import type {
  FetchPartitionResponse,
  FetchRequest,
  FetchResponse,
} from '../../../src/kafka/messages.ts'
import { FollowerState } from '../../../src/kafka/partition/follower-state.ts'
import { fetchOf } from '../partition/bench.ts'

function fetch(sessionId: number, sessionEpoch: number, partitions = [0]): FetchRequest {
  const entries = partitions.map((partition) => ({
    ...{ partition, currentLeaderEpoch: 0, fetchOffset: 0, lastFetchedEpoch: 0 },
    ...{ logStartOffset: 0, maxBytes: 1_000 },
  }))
  const [first] = entries
  if (first === undefined) throw new Error('a fetch names a partition')
  return { ...fetchOf(2, first), sessionId, sessionEpoch, partitions: entries }
}

function answer(partition: number, highWatermark: number, error: KafkaError = 'NONE') {
  const rest = { lastStableOffset: 0, logStartOffset: 0, diverging: null, currentLeader: null }
  const told = { partition, error, highWatermark, preferredReadReplica: -1, batches: [] }
  return { ...rest, ...told } satisfies FetchPartitionResponse
}

/** A session of partitions 0 and 1, told of the high watermarks 5 and 7. */
function opened() {
  const sessions = new FetchSessions()
  const first = fetch(0, 0, [0, 1])
  expect(sessions.admit(first)).toBe('NONE')
  return { sessions, id: sessions.answered(first, [answer(0, 5), answer(1, 7)]) }
}

describe('a broker’s fetch sessions', () => {
  test('the first fetch opens one, and every other has the next number', () => {
    const { sessions, id } = opened()
    expect(id).toBeGreaterThan(0)
    for (const epoch of [1, 2, 3]) {
      const next = fetch(id, epoch)
      expect(sessions.admit(next)).toBe('NONE')
      expect(sessions.answered(next, [])).toBe(id)
    }
    expect(sessions.size).toBe(1)
  })

  test('a number that was there before or is still to come is refused', () => {
    const { sessions, id } = opened()
    expect(sessions.admit(fetch(id, 2))).toBe('INVALID_FETCH_SESSION_EPOCH')
    expect(sessions.admit(fetch(id, 1))).toBe('NONE')
    expect(sessions.admit(fetch(id, 1))).toBe('INVALID_FETCH_SESSION_EPOCH')
  })

  test('who asks for another ends the one that he names, whose late fetches are refused', () => {
    const { sessions, id } = opened()
    const again = fetch(id, 0)
    expect(sessions.admit(again)).toBe('NONE')
    expect(sessions.admit(fetch(id, 1))).toBe('FETCH_SESSION_ID_NOT_FOUND')
    expect(sessions.answered(again, [answer(0, 5)])).not.toBe(id)
    expect(sessions.size).toBe(1)
  })

  test('who wants none is answered in full and leaves nothing behind', () => {
    const sessions = new FetchSessions()
    const alone = fetch(0, -1)
    expect(sessions.admit(alone)).toBe('NONE')
    expect(sessions.of(alone)).toBeNull()
    expect(sessions.answered(alone, [answer(0, 5)])).toBe(0)
    expect(sessions.size).toBe(0)
  })
})

describe('what a session tells', () => {
  test('is a high watermark or a log start that differs from what it told last', () => {
    const { sessions, id } = opened()
    const next = fetch(id, 1, [0, 1])
    sessions.admit(next)
    const session = sessions.of(next)
    expect(session?.isNews(0, 5, 0)).toBe(false)
    expect(session?.isNews(0, 6, 0)).toBe(true)
    expect(session?.isNews(1, 7, 2)).toBe(true)
    sessions.answered(next, [answer(0, 6)])
    expect(session?.isNews(0, 6, 0)).toBe(false)
  })

  test('is everything again of a partition that a fetch left out', () => {
    const { sessions, id } = opened()
    for (const [epoch, partitions] of [[0], [0, 1]].entries()) {
      const next = fetch(id, epoch + 1, partitions)
      sessions.admit(next)
      sessions.answered(next, [])
    }
    const session = sessions.of(fetch(id, 3))
    expect(session?.isNews(0, 5, 0)).toBe(false)
    expect(session?.isNews(1, 7, 0)).toBe(true)
  })

  test('is everything again after an error', () => {
    const { sessions, id } = opened()
    const next = fetch(id, 1, [0, 1])
    sessions.admit(next)
    sessions.answered(next, [answer(0, 5, 'NOT_LEADER_OR_FOLLOWER')])
    expect(sessions.of(next)?.isNews(0, 5, 0)).toBe(true)
    expect(sessions.of(next)?.isNews(1, 7, 0)).toBe(false)
  })
})

describe('a fetcher’s side of its session', () => {
  const answered = (error: KafkaError, sessionId: number): FetchResponse => ({
    ...{ api: 'Fetch', error, sessionId, partitions: [] },
  })
  const state = (handler: FetchSessionHandler) => [handler.sessionId, handler.sessionEpoch]

  test('counts its fetches from the answer that opened it', () => {
    const handler = new FetchSessionHandler(true)
    expect(state(handler)).toEqual([0, 0])
    expect(handler.onResponse(answered('NONE', 9))).toBe(true)
    expect(state(handler)).toEqual([9, 1])
    handler.onResponse(answered('NONE', 9))
    expect(state(handler)).toEqual([9, 2])
  })

  test('names the session that it ends, but not one that the broker does not know', () => {
    const handler = new FetchSessionHandler(true)
    handler.onResponse(answered('NONE', 9))
    handler.onFailure()
    expect(state(handler)).toEqual([9, 0])
    handler.onResponse(answered('NONE', 10))
    expect(handler.onResponse(answered('INVALID_FETCH_SESSION_EPOCH', 0))).toBe(false)
    expect(state(handler)).toEqual([10, 0])
    handler.onResponse(answered('FETCH_SESSION_ID_NOT_FOUND', 0))
    expect(state(handler)).toEqual([0, 0])
  })

  test('before KIP-227 every fetch stands alone', () => {
    const handler = new FetchSessionHandler(false)
    handler.onResponse(answered('NONE', 0))
    expect(state(handler)).toEqual([0, -1])
  })
})

describe('a partition of which a fetcher has all and knows all', () => {
  /** Partitions 0 and 1, of which a look has found 0 to be quiet. */
  function calmed() {
    const { sessions, id } = opened()
    const follower = new FollowerState(2)
    let epoch = 0
    let last = fetch(id, 0, [0, 1])
    const arrive = (time: number, request = last) => {
      const next = { ...request, sessionEpoch: ++epoch }
      expect(sessions.admit(next)).toBe('NONE')
      const session = sessions.of(next)
      session?.arrives(next, time, false)
      last = next
      return session?.restless().map(({ partition }) => partition)
    }
    expect(arrive(10)).toEqual([0, 1])
    follower.onFetch(0, 0, 0, 10, -1)
    sessions.of(last)?.calm(0, follower)
    return { sessions, id, follower, arrive, session: sessions.of(last) }
  }

  test('is not looked at again, and counts as fetched all the same', () => {
    const { follower, arrive } = calmed()
    expect(arrive(20)).toEqual([1])
    expect(arrive(30)).toEqual([1])
    expect([follower.lastFetchTime, follower.lastCaughtUpTime]).toEqual([30, 30])
  })

  test('is looked at when somebody has changed it; what was fetched before counts', () => {
    const { sessions, follower, arrive } = calmed()
    arrive(20)
    sessions.rouse(0)
    expect(arrive(30)).toEqual([0, 1])
    expect([follower.lastFetchTime, follower.lastCaughtUpTime]).toEqual([20, 20])
  })

  test('is looked at when its line has changed, or comes from another process', () => {
    const { id, arrive, session, follower } = calmed()
    const [entry, ...others] = fetch(id, 0, [0, 1]).partitions
    if (entry === undefined) throw new Error('two were asked for')
    const moved = { ...fetch(id, 0), partitions: [{ ...entry, fetchOffset: 1 }, ...others] }
    expect(arrive(20, moved)).toEqual([0, 1])
    session?.calm(0, follower)
    expect(arrive(30)).toEqual([1])
    expect(arrive(40, { ...moved, brokerEpoch: 7 })).toEqual([0, 1])
  })

  test('is looked at in the order of the request', () => {
    const { id, sessions, arrive } = calmed()
    arrive(20)
    const { partitions } = fetch(id, 0, [1, 0])
    expect(arrive(30, { ...fetch(id, 0), partitions })).toEqual([1, 0])
    expect(sessions.listing(0)).toHaveLength(1)
  })

  test('is fetched no more when a request leaves it out', () => {
    const { id, sessions, follower, arrive } = calmed()
    arrive(20)
    expect(arrive(30, fetch(id, 0, [1]))).toEqual([1])
    expect(follower.lastFetchTime).toBe(20)
    expect(sessions.listing(0)).toEqual([])
  })

  test('is fetched no more when the session ends', () => {
    const { id, sessions } = calmed()
    sessions.admit(fetch(id, 0))
    expect([sessions.listing(0), sessions.listing(1)]).toEqual([[], []])
  })
})
