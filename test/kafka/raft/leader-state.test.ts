import { describe, expect, it } from 'vitest'
import { EpochElection } from '../../../src/kafka/raft/epoch-election.ts'
import { hasOverlappingMajority, LeaderState } from '../../../src/kafka/raft/leader-state.ts'
import { MS, SECOND } from '../../../src/sim/time.ts'

it('nothing is committed before a record of the own epoch is', () => {
  const leader = new LeaderState(1, [1, 2, 3], 10, 2 * SECOND, 0)
  expect(leader.updateLocalState(11)).toBe(false)
  expect(leader.updateReplicaState(2, 0, 10)).toBe(false)
  expect(leader.highWatermark).toBe(-1)
  expect(leader.updateReplicaState(2, 0, 11)).toBe(true)
  expect(leader.highWatermark).toBe(11)
})

it('an observer never counts, and a follower that goes back takes nothing back', () => {
  const leader = new LeaderState(1, [1, 2, 3], 0, 2 * SECOND, 0)
  leader.updateLocalState(5)
  expect(leader.updateReplicaState(9, 0, 5)).toBe(false)
  leader.updateReplicaState(2, 0, 4)
  expect(leader.updateReplicaState(2, 0, 1)).toBe(false)
  expect(leader.highWatermark).toBe(4)
})

it('check quorum starts anew with each majority that has fetched', () => {
  const leader = new LeaderState(1, [1, 2, 3, 4, 5], 0, 2 * SECOND, 0)
  leader.updateReplicaState(2, SECOND, 0)
  expect(leader.timeUntilCheckQuorumExpires(SECOND)).toBe(2 * SECOND)
  leader.updateReplicaState(3, SECOND, 0)
  expect(leader.timeUntilCheckQuorumExpires(SECOND)).toBe(3 * SECOND)
  expect(new LeaderState(1, [1], 0, 1, 0).timeUntilCheckQuorumExpires(9 * SECOND)).toBeNull()
})

describe('an observer', () => {
  /** Leads with a log of ten entries; observer 9 fetches at these seconds from these offsets. */
  function leaderOf(fetches: readonly (readonly [at: number, offset: number, end: number])[]) {
    const leader = new LeaderState(1, [1, 2], 0, 2 * SECOND, 0)
    for (const [at, offset, end] of fetches) {
      leader.updateLocalState(end)
      leader.updateReplicaState(9, at * SECOND, offset)
    }
    return leader
  }

  it('is caught up at the end of the log, or always one fetch behind it, for an hour', () => {
    expect(leaderOf([[1, 10, 10]]).isCaughtUp(9, 2 * SECOND)).toBe(true)
    const oneBehind = leaderOf([
      [1, 4, 10],
      [2, 10, 12],
    ])
    expect(oneBehind.isCaughtUp(9, 2 * SECOND)).toBe(true)
    expect(oneBehind.isCaughtUp(9, 3_601 * SECOND)).toBe(true)
    expect(oneBehind.isCaughtUp(9, 3_602 * SECOND)).toBe(false)
  })

  it('is not while it is further behind, or was never heard', () => {
    const behind = leaderOf([
      [1, 4, 10],
      [2, 9, 12],
    ])
    expect(behind.isCaughtUp(9, 2 * SECOND)).toBe(false)
    expect(behind.isCaughtUp(8, 2 * SECOND)).toBe(false)
  })

  it('keeps what is known of it when it was a voter, and is none twice', () => {
    const leader = leaderOf([[1, 10, 10]])
    leader.updateReplicaState(2, SECOND, 7)
    leader.updateLocalState(10, [1, 9])
    expect([...leader.observers.keys()]).toEqual([2])
    expect(leader.observers.get(2)?.endOffset).toBe(7)
    expect(leader.voters.get(9)?.endOffset).toBe(10)
  })
})

it('a fetch counts for one round only: the voter that ends a round does not open the next', () => {
  const leader = new LeaderState(1, [1, 2, 3, 4, 5], 0, 2 * SECOND, 0)
  leader.updateReplicaState(2, 0, 0)
  leader.updateReplicaState(3, 0, 0)
  leader.updateReplicaState(2, SECOND, 0)
  expect(leader.timeUntilCheckQuorumExpires(SECOND)).toBe(2 * SECOND)
  leader.updateReplicaState(3, SECOND, 0)
  expect(leader.timeUntilCheckQuorumExpires(SECOND)).toBe(3 * SECOND)
})

it('check quorum runs over at a whole millisecond', () => {
  const leader = new LeaderState(1, [1, 2, 3], 0, 1999 * MS, 0)
  expect(leader.timeUntilCheckQuorumExpires(0)).toBe(2998 * MS)
})

it("a leader's own log never goes back, and it does not fetch from itself", () => {
  const leader = new LeaderState(1, [1, 2, 3], 0, 2 * SECOND, 0)
  leader.updateLocalState(5)
  expect(() => leader.updateLocalState(4)).toThrow(/never goes back/)
  expect(() => leader.updateReplicaState(1, 0, 5)).toThrow(/does not fetch from itself/)
  expect(() => leader.updateCheckQuorumForFollowingVoter(1, 0)).toThrow(/does not follow itself/)
})

it('an election is lost only when the open votes could not turn it', () => {
  const election = new EpochElection([1, 2, 3])
  election.recordVote(1, true)
  expect(election.recordVote(2, false)).toBe(true)
  expect([election.isVoteGranted, election.isVoteRejected]).toEqual([false, false])
  expect(election.unrecorded()).toEqual([3])
  election.recordVote(3, false)
  expect(election.isVoteRejected).toBe(true)
  expect(election.recordVote(3, true)).toBe(false)
  expect(election.isVoteGranted).toBe(true)
  expect(() => election.recordVote(4, true)).toThrow(/only voters vote/)
})

it('two voter sets overlap when they differ by one joining and one leaving voter at most', () => {
  expect(hasOverlappingMajority([1, 2, 3], [1, 3, 6])).toBe(true)
  expect(hasOverlappingMajority([1, 2, 3, 4], [2, 3])).toBe(false)
})
