import { describe, expect, test } from 'vitest'
import { FollowerState, LONG_AGO } from '../../../src/kafka/partition/follower-state.ts'

const LAG = 30_000_000

function fetched(fetches: readonly (readonly [offset: number, leaderEnd: number, at: number])[]) {
  const state = new FollowerState(2)
  for (const [offset, leaderEnd, at] of fetches) state.onFetch(offset, 0, leaderEnd, at, 5)
  return state
}

describe('a fetch that arrives', () => {
  test('at the leader’s log end is caught up now', () => {
    expect(fetched([[10, 10, 7]]).lastCaughtUpTime).toBe(7)
  })

  test('always one fetch behind is caught up as of the fetch before', () => {
    const state = fetched([
      [0, 5, 100],
      [5, 9, 200],
      [9, 14, 300],
    ])
    expect(state.lastCaughtUpTime).toBe(200)
    expect(state.lastFetchLeaderLogEndOffset).toBe(14)
  })

  test('further behind leaves the time as it was', () => {
    const state = fetched([
      [5, 5, 100],
      [5, 20, 200],
      [10, 30, 300],
    ])
    expect(state.lastCaughtUpTime).toBe(100)
  })

  test('takes the offset also when it went back', () => {
    const state = fetched([
      [9, 9, 100],
      [4, 9, 200],
    ])
    expect(state.logEndOffset).toBe(4)
  })
})

describe('caught up', () => {
  test('for 30 s after the last time, to the microsecond', () => {
    const state = fetched([[5, 5, 1000]])
    expect(state.isCaughtUp(6, 1000 + LAG, LAG)).toBe(true)
    expect(state.isCaughtUp(6, 1001 + LAG, LAG)).toBe(false)
  })

  test('for ever on an idle partition', () => {
    const state = fetched([[5, 5, 1000]])
    expect(state.isCaughtUp(5, 1_000 * LAG, LAG)).toBe(true)
  })
})

describe('a run’s first moment', () => {
  test('is none at which a replica that never had everything was caught up', () => {
    expect(new FollowerState(2).isCaughtUp(6, 1000, LAG)).toBe(false)
    const state = fetched([[5, 9, 1000]])
    expect(state.isCaughtUp(9, 1000, LAG)).toBe(false)
  })
})

describe('a newer leader epoch', () => {
  test('a new leader forgets log ends and gives ISR members a whole lag time', () => {
    const state = fetched([[5, 5, 1000]])
    state.lastSentHighWatermark = 5
    state.onNewLeaderEpoch(true, true, 8, 2000)
    expect(state).toMatchObject({
      logEndOffset: -1,
      logStartOffset: -1,
      brokerEpoch: -1,
      hasFetched: false,
      lastSentHighWatermark: -1,
      lastFetchLeaderLogEndOffset: -1,
      lastFetchTime: LONG_AGO,
      lastCaughtUpTime: 2000,
    })
  })

  test('a new leader gives nothing to those outside the ISR', () => {
    const state = fetched([[5, 5, 1000]])
    state.onNewLeaderEpoch(true, false, 8, 2000)
    expect(state.lastCaughtUpTime).toBe(LONG_AGO)
  })

  test('a leader that leads on keeps log ends and judges from the epoch’s start', () => {
    const state = fetched([[5, 5, 1000]])
    state.onNewLeaderEpoch(false, true, 8, 2000)
    expect(state).toMatchObject({
      logEndOffset: 5,
      lastFetchLeaderLogEndOffset: 8,
      lastFetchTime: 2000,
      lastCaughtUpTime: 2000,
    })
    state.onNewLeaderEpoch(false, false, 9, 3000)
    const never = { lastFetchTime: LONG_AGO, lastCaughtUpTime: LONG_AGO }
    expect(state).toMatchObject({ logEndOffset: 5, ...never })
  })
})
