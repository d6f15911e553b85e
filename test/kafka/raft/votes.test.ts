import { describe, expect, it } from 'vitest'
import type { QuorumEpoch } from '../../../src/kafka/ids.ts'
import type { Request } from '../../../src/kafka/messages.ts'
import type { QuorumFetchResponse } from '../../../src/kafka/quorum-messages.ts'
import { handleEndQuorumEpoch } from '../../../src/kafka/raft/end-quorum-epoch.ts'
import { handleFetch, handleFetchResponse, leaderOnlyError } from '../../../src/kafka/raft/fetch.ts'
import { poll } from '../../../src/kafka/raft/poll.ts'
import { QuorumStore } from '../../../src/kafka/raft/quorum-store.ts'
import { RaftNode } from '../../../src/kafka/raft/raft-node.ts'
import { learnLeader } from '../../../src/kafka/raft/response.ts'
import { handleVote, handleVoteResponse } from '../../../src/kafka/raft/vote.ts'
import { RandomSource } from '../../../src/sim/random.ts'
import { MS, SECOND } from '../../../src/sim/time.ts'
import { quorumConfig } from './quorum-config.ts'
import { GUARDS_4_1 } from './quorum-rig.ts'

const NOW = 9 * SECOND

/** Voter 3 of three at rest, whose log has an entry of each of these epochs. */
function voter(epochs: readonly QuorumEpoch[], leaderId = -1, votedFor = -1): RaftNode {
  const store = new QuorumStore()
  for (const epoch of epochs) store.log.append(epoch, { type: 'NoOp' })
  store.election = { epoch: epochs.at(-1) ?? 0, leaderId, votedFor }
  const io = { now: NOW, send() {}, flush() {} }
  const listener = { onCommit() {}, onLeaderChange() {} }
  const config = quorumConfig(3, [1, 2, 3], GUARDS_4_1)
  return new RaftNode(config, store, io, new RandomSource('votes').fork('3'), listener)
}

function asks(
  node: RaftNode,
  candidate: number,
  log: { lastEpoch: number; end: number },
  epoch = 5,
  preVote = false,
) {
  const { lastEpoch, end: lastEpochEndOffset } = log
  return handleVote(node, {
    ...{ api: 'Vote', candidate, epoch, lastEpoch, lastEpochEndOffset, preVote },
  })
}

describe('a voter', () => {
  it.each([
    ['of an older last epoch, however long', 2, 9, false],
    ['of the same last epoch but shorter', 3, 2, false],
    ['of the same last epoch and as long', 3, 3, true],
    ['of a newer last epoch, however short', 4, 1, true],
  ])('gives its vote to a log %s: epoch %i, end %i: %s', (_, lastEpoch, end, granted) => {
    expect(asks(voter([1, 3, 3]), 1, { lastEpoch, end }).granted).toBe(granted)
    expect(asks(voter([1, 3, 3]), 1, { lastEpoch, end }, 5, true).granted).toBe(granted)
  })

  it('gives one vote an epoch, and that again to whoever has it', () => {
    const node = voter([1])
    const upToDate = { lastEpoch: 1, end: 1 }
    const granted = [1, 2, 1].map((candidate) => asks(node, candidate, upToDate).granted)
    expect(granted).toEqual([true, false, true])
    expect(asks(node, 2, upToDate, 6).granted).toBe(true)
    expect(asks(node, 1, upToDate, 5)).toMatchObject({ error: 'FENCED_LEADER_EPOCH' })
  })

  it('that follows a leader votes for nobody else in its epoch', () => {
    const node = voter([1], 2)
    expect(node.state.name).toBe('Follower')
    expect(asks(node, 1, { lastEpoch: 1, end: 1 }, 1).granted).toBe(false)
  })
})

// KIP-996; EpochState.canGrantVote of LeaderState, ResignedState, CandidateState, FollowerState,
// UnattachedState and ProspectiveState.
describe('a pre-vote and a vote of the same epoch', () => {
  const upToDate = { lastEpoch: 9, end: 9 }
  const answers = (node: RaftNode) =>
    [true, false].map((preVote) => asks(node, 1, upToDate, node.epoch, preVote).granted)

  it('get nothing of whoever leads', () => {
    const node = voter([1])
    node.toCandidate()
    node.toLeader()
    expect(answers(node)).toEqual([false, false])
  })

  it('get an opinion, and no vote, of who has voted for itself or has resigned', () => {
    const node = voter([1])
    node.toCandidate()
    expect(answers(node)).toEqual([true, false])
    node.toLeader()
    node.toResigned()
    expect(answers(node)).toEqual([true, false])
  })

  it('get an opinion of a follower that has had no fetch through, and nothing after one', () => {
    const node = voter([1], 2)
    expect(answers(node)).toEqual([true, false])
    if (node.state.name === 'Follower') node.state.hasFetchedFromLeader = true
    expect(answers(node)).toEqual([false, false])
  })

  it('get both of who knows nobody, an opinion as often as it is asked', () => {
    const node = voter([1])
    expect(answers(node)).toEqual([true, true])
    expect(asks(node, 2, upToDate, 1, true).granted).toBe(true)
    expect(asks(node, 2, upToDate, 1).granted).toBe(false)
  })

  it('get what was given once, whatever the logs are by now; an opinion is of this moment', () => {
    const node = voter([1, 1], -1, 2)
    const behind = { lastEpoch: 1, end: 1 }
    expect(asks(node, 2, behind, 1).granted).toBe(true)
    expect(asks(node, 1, behind, 1).granted).toBe(false)
    expect(asks(node, 2, behind, 1, true).granted).toBe(false)
  })

  it('get of a nominee what it gave before, but for a vote where it still knows a leader', () => {
    const node = voter([1], 2)
    node.toNominee()
    expect(answers(node)).toEqual([true, false])
    const alone = voter([1])
    alone.toNominee()
    expect(answers(alone)).toEqual([true, true])
  })
})

describe('an answer to a vote', () => {
  const answer = { api: 'Vote', error: 'NONE', leader: -1, granted: true } as const

  it('that comes after the election changes nothing', () => {
    const node = voter([1], 2)
    expect(handleVoteResponse(node, 1, { ...answer, epoch: 1 })).toBe(true)
    expect(node.state.name).toBe('Follower')
  })

  it('of an older epoch counts for no election, and one of a newer one ends it', () => {
    const node = voter([1])
    node.toCandidate()
    expect(handleVoteResponse(node, 1, { ...answer, epoch: 1 })).toBe(true)
    expect(node.state).toMatchObject({ name: 'Candidate', epoch: 2 })
    handleVoteResponse(node, 1, { ...answer, epoch: 4, leader: 2, granted: false })
    expect(node.state).toMatchObject({ name: 'Follower', epoch: 4, leaderId: 2 })
  })

  it('that is the second of three makes a nominee a candidate, and a candidate the leader', () => {
    const node = voter([1])
    node.toNominee()
    handleVoteResponse(node, 1, { ...answer, epoch: 1 })
    expect(node.state).toMatchObject({ name: 'Candidate', epoch: 2 })
    handleVoteResponse(node, 1, { ...answer, epoch: 2 })
    expect(node.state).toMatchObject({ name: 'Leader', epoch: 2 })
  })

  it('that loses a pre-vote sends the nominee back to the leader it knew, or to nobody', () => {
    for (const [leader, name] of [
      [2, 'Follower'],
      [-1, 'Unattached'],
    ] as const) {
      const node = voter([1], leader)
      node.toNominee()
      for (const from of [1, 2]) {
        handleVoteResponse(node, from, { ...answer, epoch: 1, leader, granted: false })
      }
      expect(node.state).toMatchObject({ name, epoch: 1, leaderId: leader })
    }
  })
})

describe('the end of a leader’s epoch', () => {
  function standsAfter(leader: number, preferredSuccessors: readonly number[]): number | null {
    const node = voter([1], 2)
    handleEndQuorumEpoch(node, { api: 'EndQuorumEpoch', leader, epoch: 1, preferredSuccessors })
    return node.state.name === 'Follower' ? (node.state.fetchDeadline - NOW) / MS : null
  }

  it('lets the first successor stand at once, each further one twice as late', () => {
    const delays = [[3], [1, 3], [1, 3, 4], [1, 4, 3]].map((list) => standsAfter(2, list))
    expect(delays).toEqual([0, 500, 250, 500])
  })

  it('is heard by whoever it did not name, who stands last, and tells who leads', () => {
    expect([standsAfter(2, [1]), standsAfter(2, [])]).toEqual([1000, 0])
    const node = voter([1])
    handleEndQuorumEpoch(node, {
      ...{ api: 'EndQuorumEpoch', leader: 2, epoch: 4, preferredSuccessors: [3] },
    })
    expect(node.state).toMatchObject({ name: 'Follower', leaderId: 2, epoch: 4 })
  })

  it('of an epoch that is over changes nothing', () => {
    const node = voter([1, 4], 2)
    const request = { api: 'EndQuorumEpoch', leader: 1, epoch: 3, preferredSuccessors: [] } as const
    expect(handleEndQuorumEpoch(node, request).error).toBe('FENCED_LEADER_EPOCH')
    expect(node.state).toMatchObject({ leaderId: 2, epoch: 4 })
  })
})

describe('a leader', () => {
  it('tells every other voter each half fetch time-out that it leads, fetching or not', () => {
    const node = voter([1])
    node.toCandidate()
    node.toLeader()
    const told: string[] = []
    for (const at of [0, 999, 1000, 1999, 2000]) {
      const send = (to: number, request: Request) => {
        told.push(`${at} ${to} ${request.api}`)
        // 2 never answers.
        if (to === 1) node.requests.onResult(1, request, true, NOW)
      }
      Object.assign(node.io, { now: NOW + at * MS, send })
      if (node.state.name === 'Leader') node.state.progress.updateReplicaState(1, node.now, 2)
      poll(node)
    }
    expect(told).toEqual([
      '0 1 BeginQuorumEpoch',
      '0 2 BeginQuorumEpoch',
      '1000 1 BeginQuorumEpoch',
      '2000 1 BeginQuorumEpoch',
      '2000 2 BeginQuorumEpoch',
    ])
  })
})

it('a parked fetch whose wait is over is answered as of its coming, and is no sign of life', () => {
  const node = voter([1])
  node.toCandidate()
  node.toLeader()
  poll(node)
  const asked = { api: 'QuorumFetch', replicaId: 2, epoch: 2, fetchOffset: 2 } as const
  const fetch = { ...asked, lastFetchedEpoch: 2, highWatermark: 2, maxWaitMs: 500 }
  const answers: unknown[] = []
  const reply = { send: (response: unknown) => answers.push(response), done() {} }
  handleFetch(node, fetch, reply)
  expect(answers).toEqual([])
  Object.assign(node.io, { now: NOW + 500 * MS })
  poll(node)
  expect(answers).toMatchObject([{ error: 'NONE', highWatermark: 2, entries: [] }])
  const progress = node.state.name === 'Leader' ? node.state.progress : undefined
  expect(progress?.voters.get(2)?.lastFetchTime).toBe(NOW)
})

describe('a follower that is answered', () => {
  const answer: QuorumFetchResponse = {
    api: 'QuorumFetch',
    error: 'NONE',
    leader: 2,
    epoch: 1,
    highWatermark: 0,
    diverging: null,
    entries: [],
  }

  it('waits for its disk only where something came', () => {
    let flushes = 0
    const node = voter([1], 2)
    node.io.flush = () => flushes++
    handleFetchResponse(node, answer)
    expect(flushes).toBe(0)
    handleFetchResponse(node, { ...answer, entries: [{ epoch: 1, record: { type: 'NoOp' } }] })
    expect([flushes, node.store.log.endOffset]).toEqual([1, 2])
  })

  it('cuts what was not committed, and stops where it is told to cut what was', () => {
    const cut = { ...answer, diverging: { epoch: 1, endOffset: 1 } }
    const node = voter([1, 1], 2)
    handleFetchResponse(node, cut)
    expect(node.store.log.endOffset).toBe(1)
    const committed = voter([1, 1], 2)
    committed.highWatermark = 2
    expect(() => handleFetchResponse(committed, cut)).toThrow(/committed is truncated/)
  })

  it('takes nothing for committed that another round may have to cut', () => {
    // Epoch 5 is unknown here, so that 4 is compared next; the leader need not have that either.
    const node = voter([1, 4, 6], 2)
    const diverging = { epoch: 5, endOffset: 9 }
    handleFetchResponse(node, { ...answer, epoch: 6, highWatermark: 9, diverging })
    expect([node.store.log.endOffset, node.highWatermark]).toEqual([2, 0])
  })

  it('hears who leads from the answer itself where it knew nobody', () => {
    const node = voter([1])
    expect(node.leaderId).toBe(-1)
    handleFetchResponse(node, answer)
    expect(node.state).toMatchObject({ name: 'Follower', leaderId: 2, epoch: 1 })
  })
})

it('an epoch has one leader: a second one that claims it is a bug', () => {
  const node = voter([1], 2)
  expect(() => learnLeader(node, 1, 1)).toThrow(/one leader/)
})

it('who asks its leader with another epoch is told so before who leads', () => {
  const node = voter([1, 3], 2)
  expect([2, 4, 3].map((epoch) => leaderOnlyError(node, epoch))).toEqual([
    'FENCED_LEADER_EPOCH',
    'UNKNOWN_LEADER_EPOCH',
    'NOT_LEADER_OR_FOLLOWER',
  ])
})
