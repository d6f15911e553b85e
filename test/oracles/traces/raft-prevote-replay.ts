import type { NodeId } from '../../../src/kafka/ids.ts'
import type { Response } from '../../../src/kafka/messages.ts'
import type { QuorumFetchResponse, VoteResponse } from '../../../src/kafka/quorum-messages.ts'
import { handleBeginQuorumEpoch } from '../../../src/kafka/raft/begin-quorum-epoch.ts'
import { handleFetch, handleFetchResponse } from '../../../src/kafka/raft/fetch.ts'
import { drain, fetchRequest, voteRequest } from '../../../src/kafka/raft/poll.ts'
import type { RaftNode } from '../../../src/kafka/raft/raft-node.ts'
import { handleVote, handleVoteResponse, onPreVoteLost } from '../../../src/kafka/raft/vote.ts'
import type { Trace, TraceMessage, TraceStep, TraceVoter } from './raft-prevote-format.ts'
import { entryOf, project, restart, traceEntryOf, voterIn } from './raft-voter.ts'

export interface Difference {
  readonly trace: string
  readonly step: number
  readonly what: string
  readonly expected: unknown
  readonly actual: unknown
}

export interface Replayed {
  readonly compared: number
  /** Steps where Kafka and the spec part as the README says, and the trace's state was loaded. */
  readonly reloaded: number
  readonly differences: readonly Difference[]
}

/** Plays one trace on three nodes, message by message, and compares what each sent and became. */
export class RaftReplay {
  readonly #trace: Trace
  readonly #nodes = new Map<NodeId, RaftNode>()
  readonly #expected = new Map<NodeId, TraceVoter>()
  readonly #messages = new Map<number, TraceMessage>()
  readonly #differences: Difference[] = []
  /** Voters whose handler has already concluded what the trace concludes in a later step. */
  readonly #ahead = new Set<NodeId>()
  #step = 0
  #compared = 0
  #reloaded = 0

  constructor(trace: Trace) {
    this.#trace = trace
    for (const [id, voter] of Object.entries(trace.init.voters)) {
      this.#nodes.set(Number(id), voterIn(Number(id), voter))
      this.#expected.set(Number(id), voter)
    }
  }

  run(): Replayed {
    for (const [index, step] of this.#trace.steps.entries()) {
      this.#step = index
      this.#play(step)
      for (const message of step.sent ?? []) this.#messages.set(message.id, message)
      this.#compareStates(step)
    }
    const [compared, reloaded] = [this.#compared, this.#reloaded]
    return { compared, reloaded, differences: this.#differences }
  }

  #play(step: TraceStep): void {
    if (step.voter === undefined) return
    this.#leaveAhead(step, step.voter)
    const node = this.#node(step.voter)
    const message = this.#messages.get(step.message ?? -1)
    const before = node.state
    if (message === undefined) this.#act(step, node)
    else this.#deliver(step, node, message)
    if (step.action !== 'HandleVoteResponse' || !step.case?.endsWith('COUNTED')) {
      if (!step.case?.endsWith('NO_EFFECT')) return
    }
    if (node.state !== before && node.state.name !== before.name) this.#ahead.add(step.voter)
  }

  /** The trace goes on with a voter that it has not yet let conclude: back to the trace's state. */
  #leaveAhead(step: TraceStep, voter: NodeId): void {
    if (!this.#ahead.has(voter)) return
    if (step.action === 'ConcludePreVote' || step.action === 'BecomeLeader') return
    this.#ahead.delete(voter)
    this.#load(voter)
    this.#reloaded++
  }

  #act(step: TraceStep, node: RaftNode): void {
    const { state } = node
    switch (step.action) {
      case 'LeaderAppends':
        node.append([{ type: 'Config', topic: '', name: '', value: step.value ?? '' }])
        if (state.name === 'Leader') drain(node, state)
        break
      case 'FetchTimeout':
        node.toNominee()
        break
      case 'ElectionTimeout':
        if (state.name === 'Resigned') node.toUnattached(node.epoch + 1)
        else node.toNominee()
        break
      case 'ConcludePreVote':
        if (!this.#ahead.delete(node.config.nodeId)) onPreVoteLost(node)
        break
      case 'BecomeLeader':
        this.#ahead.delete(node.config.nodeId)
        if (state.name === 'Leader') drain(node, state)
        break
      case 'LeaderResigns':
        node.toResigned()
        break
      case 'Restart':
        this.#nodes.set(node.config.nodeId, restart(node))
        break
    }
    this.#compareRequests(step, this.#node(node.config.nodeId))
  }

  #deliver(step: TraceStep, node: RaftNode, message: TraceMessage): void {
    switch (message.type) {
      case 'FetchRequest':
        this.#onFetchRequest(step, node, message)
        break
      case 'FetchResponse':
        handleFetchResponse(node, fetchResponseOf(message))
        break
      case 'VoteRequest':
        this.#onVoteRequest(step, node, message)
        break
      case 'VoteResponse':
        if (!step.case?.endsWith('NO_EFFECT') || isExpected(node, message)) {
          handleVoteResponse(node, message.from, voteResponseOf(message))
        }
        break
      case 'BeginQuorumEpochRequest': {
        const { leaderId: leader = -1, epoch = -1 } = message
        handleBeginQuorumEpoch(node, { api: 'BeginQuorumEpoch', leader, epoch })
        break
      }
    }
  }

  #onFetchRequest(step: TraceStep, node: RaftNode, message: TraceMessage): void {
    const answers: Response[] = []
    const send = (response: Response | null) => {
      if (response !== null) answers.push(response)
    }
    const { from: replicaId, currentLeaderEpoch: epoch = -1, fetchOffset = -1 } = message
    const { lastFetchedEpoch = -1 } = message
    handleFetch(
      node,
      {
        api: 'QuorumFetch',
        replicaId,
        epoch,
        fetchOffset,
        lastFetchedEpoch,
        highWatermark: -1,
        maxWaitMs: 0,
      },
      { send, done: () => {} },
    )
    const [answer] = answers
    if (answer?.api !== 'QuorumFetch') throw new Error('a fetch without wait is answered at once')
    for (const sent of step.sent ?? []) {
      // One record a response; the leader cuts the high watermark to what the follower will have.
      const records = answer.entries.slice(0, 1).map(traceEntryOf)
      const known = answer.highWatermark
      const { error, epoch: answerEpoch, leader: leaderId } = answer
      this.#expect('response', shapeOf(sent), {
        error,
        epoch: answerEpoch,
        leaderId,
        highWatermark: known < 0 ? known : Math.min(known, fetchOffset + records.length),
        divergingEpoch: answer.diverging ?? undefined,
        records: sent.records === undefined ? undefined : records,
      })
    }
  }

  #onVoteRequest(step: TraceStep, node: RaftNode, message: TraceMessage): void {
    const { from: candidate, epoch = -1, lastEpoch = -1, lastEpochEndOffset = -1 } = message
    const preVote = message.preVote === true
    const request = { candidate, epoch, lastEpoch, lastEpochEndOffset, preVote }
    const answer = handleVote(node, { api: 'Vote', ...request })
    for (const { error, epoch: sentEpoch, leaderId, voteGranted } of step.sent ?? []) {
      const expected = { error, epoch: sentEpoch, leaderId, voteGranted }
      const { leader, granted } = answer
      const actual = { error: answer.error, epoch: answer.epoch, leaderId: leader }
      this.#expect('response', expected, { ...actual, voteGranted: granted })
    }
  }

  /** Requests are built by the role and the log alone; the trace lists those on live links. */
  #compareRequests(step: TraceStep, node: RaftNode): void {
    for (const sent of step.sent ?? []) {
      if (sent.type === 'VoteRequest') {
        const { epoch, lastEpoch, lastEpochEndOffset, preVote } = sent
        const mine = voteRequest(node, node.state.name === 'Prospective')
        this.#expect(
          'vote request',
          { epoch, lastEpoch, lastEpochEndOffset, preVote },
          {
            epoch: mine.epoch,
            lastEpoch: mine.lastEpoch,
            lastEpochEndOffset: mine.lastEpochEndOffset,
            preVote: mine.preVote,
          },
        )
      } else if (sent.type === 'FetchRequest') {
        const { currentLeaderEpoch, fetchOffset, lastFetchedEpoch } = sent
        const mine = fetchRequest(node)
        this.#expect(
          'fetch request',
          { currentLeaderEpoch, fetchOffset, lastFetchedEpoch },
          {
            currentLeaderEpoch: mine.epoch,
            fetchOffset: mine.fetchOffset,
            lastFetchedEpoch: mine.lastFetchedEpoch,
          },
        )
      } else {
        const { epoch, leaderId } = sent
        this.#expect(sent.type, { epoch, leaderId }, { epoch: node.epoch, leaderId: node.leaderId })
      }
    }
  }

  /** What changed, and that nothing else did. */
  #compareStates(step: TraceStep): void {
    for (const [id, before] of this.#expected) {
      this.#expected.set(id, { ...before, ...step.after.voters?.[String(id)] })
    }
    if (step.voter !== undefined && isSpecsOwn(step)) {
      this.#load(step.voter)
      this.#reloaded++
    }
    for (const [id, expected] of this.#expected) {
      if (this.#ahead.has(id)) continue
      const actual = project(this.#node(id))
      for (const key of Object.keys(actual) as (keyof TraceVoter)[]) {
        this.#expect(`voter ${id} ${key}`, expected[key], actual[key], id)
      }
    }
  }

  #expect(what: string, expected: unknown, actual: unknown, voter?: NodeId): void {
    this.#compared++
    if (JSON.stringify(expected) === JSON.stringify(actual)) return
    const { action, case: name } = this.#trace.steps[this.#step] ?? { action: '' }
    const where = `${action} ${name ?? ''}: ${what}`
    const trace = this.#trace.name
    this.#differences.push({ trace, step: this.#step, what: where, expected, actual })
    if (voter !== undefined) this.#load(voter)
  }

  #load(voter: NodeId): void {
    const expected = this.#expected.get(voter)
    if (expected !== undefined) this.#nodes.set(voter, voterIn(voter, expected))
  }

  #node(id: NodeId): RaftNode {
    const node = this.#nodes.get(id)
    if (node === undefined) throw new Error(`no voter ${id}`)
    return node
  }
}

/**
 * Kafka's file keeps the leader that a prospective voter knew, so it starts as its follower; and a
 * BeginQuorumEpoch of the leader that a follower has already changes nothing.
 */
function isSpecsOwn(step: TraceStep): boolean {
  if (step.action === 'Restart') return step.case === 'Prospective'
  return step.action === 'HandleBeginQuorumEpoch' && step.case === 'NO_CHANGE'
}

/** What has no effect in the trace may be one that the request manager drops as no longer asked. */
function isExpected(node: RaftNode, message: TraceMessage): boolean {
  const { name } = node.state
  if ((message.epoch ?? -1) > node.epoch) return true
  return message.preVote === true ? name === 'Prospective' : name === 'Candidate'
}

function shapeOf(sent: TraceMessage): Record<string, unknown> {
  const { error, epoch, leaderId, highWatermark, divergingEpoch, records } = sent
  return { error, epoch, leaderId, highWatermark, divergingEpoch, records }
}

function fetchResponseOf(message: TraceMessage): QuorumFetchResponse {
  return {
    api: 'QuorumFetch',
    error: message.error as QuorumFetchResponse['error'],
    leader: message.leaderId ?? -1,
    epoch: message.epoch ?? -1,
    highWatermark: message.highWatermark ?? -1,
    diverging: message.divergingEpoch ?? null,
    entries: (message.records ?? []).map(entryOf),
  }
}

function voteResponseOf(message: TraceMessage): VoteResponse {
  return {
    api: 'Vote',
    error: message.error as VoteResponse['error'],
    leader: message.leaderId ?? -1,
    epoch: message.epoch ?? -1,
    granted: message.voteGranted === true,
  }
}
