import { EpochElection } from '../../../../src/kafka/raft/epoch-election.ts'
import { hasOverlappingMajority, LeaderState } from '../../../../src/kafka/raft/leader-state.ts'
import { compareAnswer, type JsonObject, type Outcome } from '../compare.ts'
import { flag, MalformedVector, num, numOr, nums, numsOr, objects, str } from '../fields.ts'
import { orThrown } from '../thrown.ts'

const MICROS_PER_MS = 1000

/** A leader's state, an overlap of two voter sets, or an election. */
export function replayRaft(goldenCase: JsonObject): Outcome {
  switch (str(goldenCase, 'kind')) {
    case 'leader':
      return replayLeader(goldenCase)
    case 'overlap':
      return compareAnswer('case', goldenCase, {
        hasOverlappingMajority: hasOverlappingMajority(
          nums(goldenCase, 'a'),
          nums(goldenCase, 'b'),
        ),
      })
    case 'election':
      return replayElection(goldenCase)
    default:
      throw new MalformedVector(`unknown kind '${str(goldenCase, 'kind')}'`)
  }
}

function replayLeader(goldenCase: JsonObject): Outcome {
  const state = new LeaderState(
    num(goldenCase, 'leader'),
    nums(goldenCase, 'voters'),
    num(goldenCase, 'epochStartOffset'),
    numOr(goldenCase, 'fetchTimeoutMs', 2000) * MICROS_PER_MS,
    0,
  )
  for (const [i, op] of objects(goldenCase, 'ops').entries()) {
    const answer = orThrown(op, () => leaderAnswer(state, op))
    const difference = compareAnswer(`ops[${i}] ${str(op, 'op')}`, op, answer)
    if (difference !== null) return difference
  }
  return null
}

function leaderAnswer(state: LeaderState, op: JsonObject): JsonObject {
  const now = numOr(op, 'time', 0) * MICROS_PER_MS
  switch (str(op, 'op')) {
    case 'leaderAppend': {
      const voters = numsOr(op, 'voters', undefined)
      return moved(state, state.updateLocalState(num(op, 'endOffset'), voters))
    }
    case 'fetch': {
      // The recorded harness counts a fetch on its arrival too.
      const replica = num(op, 'replica')
      state.updateCheckQuorumForFollowingVoter(replica, now)
      return moved(state, state.updateReplicaState(replica, now, num(op, 'offset')))
    }
    case 'checkQuorum': {
      const left = state.timeUntilCheckQuorumExpires(now)
      return { timeLeft: left === null ? null : left / MICROS_PER_MS }
    }
    case 'othersByOffset':
      return { gives: state.othersByOffset() }
    case 'isCaughtUp':
      return { gives: state.isCaughtUp(num(op, 'replica'), now) }
    default:
      throw new MalformedVector(`unknown op '${str(op, 'op')}'`)
  }
}

function moved(state: LeaderState, hasMoved: boolean): JsonObject {
  const highWatermark = state.highWatermark < 0 ? null : state.highWatermark
  return { moved: hasMoved, highWatermark }
}

function replayElection(goldenCase: JsonObject): Outcome {
  const election = new EpochElection(nums(goldenCase, 'voters'))
  for (const [i, vote] of objects(goldenCase, 'votes').entries()) {
    const answer = orThrown(vote, () => {
      return { first: election.recordVote(num(vote, 'voter'), flag(vote, 'granted')) }
    })
    const difference = compareAnswer(`votes[${i}]`, vote, {
      ...answer,
      isVoteGranted: election.isVoteGranted,
      isVoteRejected: election.isVoteRejected,
    })
    if (difference !== null) return difference
  }
  return null
}
