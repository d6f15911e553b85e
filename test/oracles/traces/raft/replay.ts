import type { NodeId } from '../../../../src/kafka/ids.ts'
import type { Request } from '../../../../src/kafka/messages.ts'
import { CLUSTER_DEFAULT } from '../../../../src/kafka/metadata/broker-configs.ts'
import type { QuorumFetchResponse } from '../../../../src/kafka/quorum-messages.ts'
import {
  handleBeginQuorumEpoch,
  sendBeginQuorumEpoch,
} from '../../../../src/kafka/raft/begin-quorum-epoch.ts'
import { handleFetch, handleFetchResponse } from '../../../../src/kafka/raft/fetch.ts'
import { drain, poll } from '../../../../src/kafka/raft/poll.ts'
import { handleVote, handleVoteResponse, onPreVoteLost } from '../../../../src/kafka/raft/vote.ts'
import type { Difference } from '../../golden/compare.ts'
import { firstDifference, type Replayed, Tally } from '../replayed.ts'
import type { CutLink, Trace, TraceMessage, TraceStep, TraceVoter } from './format.ts'
import {
  fetchRequestOf,
  fetchResponseOf,
  type Shown,
  shownFetchResponse,
  shownMessage,
  shownRequest,
  shownVoteResponse,
  voteRequestOf,
  voteResponseOf,
} from './messages.ts'
import { TracedVoter } from './traced-voter.ts'

const AT_ONCE = 'a vote is concluded by the handler of the deciding answer'
const SPECS_OWN = 'the specification changes what Kafka keeps; the trace’s state was loaded'

const FORGETS = 'with a new role a voter forgets the fetch that it has sent'
const UNASKED = 'an answer that a voter no longer awaits is not heard'

const SENDING = new Set([
  'FetchTimeout',
  'ElectionTimeout',
  'ConcludePreVote',
  'BecomeLeader',
  'SendFetch',
])

/** Every action that a trace may have. */
export const ACTIONS: ReadonlySet<string> = new Set([
  ...SENDING,
  'LeaderAppends',
  'ResendBeginQuorumEpoch',
  'LeaderResigns',
  'Restart',
  'ChangeLinks',
  'HandleFetchRequest',
  'HandleFetchResponse',
  'HandleVoteRequest',
  'HandleVoteResponse',
  'HandleBeginQuorumEpoch',
])

/** Plays one trace on production raft nodes and compares what each sent and became. */
export class RaftReplay {
  readonly #trace: Trace
  readonly #ids: readonly NodeId[]
  readonly #voters = new Map<NodeId, TracedVoter>()
  readonly #expected = new Map<NodeId, TraceVoter>()
  readonly #messages = new Map<number, TraceMessage>()
  /** The production requests behind the trace's ids. */
  readonly #requests = new Map<number, Request>()
  /** The request that each response answers. */
  readonly #asked = new Map<number, number>()
  /** Voters whose handler has already concluded what the trace concludes in a later step. */
  readonly #ahead = new Set<NodeId>()
  readonly #tally = new Tally()
  #cutLinks: readonly CutLink[]
  /** The step has changed its voter's role or epoch. */
  #hasMoved = false

  constructor(trace: Trace) {
    this.#trace = trace
    this.#cutLinks = trace.init.cutLinks
    this.#ids = Object.keys(trace.init.voters).map(Number)
    for (const [id, voter] of Object.entries(trace.init.voters)) {
      this.#expected.set(Number(id), voter)
      this.#load(Number(id))
    }
  }

  run(): Replayed {
    const { name, steps } = this.#trace
    for (const [i, step] of steps.entries()) {
      let explanation: string | null = null
      let difference: Difference | null = null
      const sent: Shown[] = []
      try {
        explanation = this.#play(step, sent)
      } catch (error) {
        difference = { path: 'the replay threw', expected: null, actual: String(error) }
      }
      this.#follow(step)
      explanation = this.#loadSpecsOwn(step) ?? this.#awaitAgain(step) ?? explanation
      difference ??= this.#difference(step, sent)
      if (difference !== null) {
        const action = `${step.action} ${step.case ?? ''}`.trim()
        this.#tally.differ({ trace: name, step: i, action, ...difference })
        for (const id of this.#ids) this.#load(id)
        this.#ahead.clear()
      } else if (explanation !== null) this.#tally.explain(explanation)
      else this.#tally.pass()
    }
    return this.#tally.result(name, steps.length)
  }

  /** What the trace says of the state and of the messages on their way. */
  #follow(step: TraceStep): void {
    if (step.cutLinks !== undefined) this.#cutLinks = step.cutLinks
    for (const message of step.sent ?? []) {
      this.#messages.set(message.id, message)
      if (step.message !== undefined) this.#asked.set(message.id, step.message)
    }
    for (const [id, before] of this.#expected) {
      this.#expected.set(id, { ...before, ...step.after.voters?.[String(id)] })
    }
  }

  /** @returns the rule by which the trace may go another way, where that is needed */
  #play(step: TraceStep, sent: Shown[]): string | null {
    if (step.voter === undefined) return null
    let explanation = this.#leaveAhead(step, step.voter)
    const voter = this.#voter(step.voter)
    const before = voter.node.state
    const message = this.#messages.get(step.message ?? -1)
    if (message === undefined) this.#act(step, voter)
    else explanation = this.#deliver(step, voter, message, sent) ?? explanation
    if (SENDING.has(step.action) && step.case !== 'Resigned') this.#poll(step, voter)
    this.#collect(step, voter, sent)
    const { state } = voter.node
    this.#hasMoved = state !== before
    const concludes = step.action === 'HandleVoteResponse' && !step.case?.includes('BECOMES')
    if (!concludes || state === before || state.name === before.name) return explanation
    this.#ahead.add(voter.id)
    return AT_ONCE
  }

  /** The trace goes on with a voter that it has not yet let conclude: back to the trace's state. */
  #leaveAhead(step: TraceStep, voter: NodeId): string | null {
    if (!this.#ahead.has(voter)) return null
    if (step.action === 'ConcludePreVote' || step.action === 'BecomeLeader') return null
    this.#ahead.delete(voter)
    this.#load(voter)
    return AT_ONCE
  }

  #act(step: TraceStep, voter: TracedVoter): void {
    const { node } = voter
    const { state } = node
    switch (step.action) {
      case 'LeaderAppends':
        node.append(node.epoch, [
          { type: 'Config', resource: CLUSTER_DEFAULT, name: '', value: step.value ?? '' },
        ])
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
        if (!this.#ahead.delete(voter.id)) onPreVoteLost(node)
        break
      case 'BecomeLeader':
        this.#ahead.delete(voter.id)
        break
      case 'ResendBeginQuorumEpoch':
        this.#resend(step, voter)
        break
      case 'LeaderResigns':
        node.toResigned()
        break
      case 'Restart':
        voter.restart()
        break
      case 'SendFetch':
        break
      default:
        throw new Error(`unknown action ${step.action}`)
    }
  }

  /** The trace tells some voters, Kafka all that owe no answer: so the others owe one. */
  #resend(step: TraceStep, { node }: TracedVoter): void {
    const { state } = node
    if (state.name !== 'Leader') return
    node.requests.resetAll()
    const { epoch, leaderId: leader } = state
    const told = (id: NodeId) => step.sent?.some(({ to }) => to === id) === true
    const others = this.#ids.filter((id) => id !== leader && !told(id))
    for (const id of others) {
      node.requests.onSent(id, { api: 'BeginQuorumEpoch', leader, epoch }, node.now)
    }
    sendBeginQuorumEpoch(node, state)
    for (const id of others) node.requests.reset(id)
  }

  /** The role sends what it wants to send; a trace's voter without a leader asks one of its own. */
  #poll(step: TraceStep, voter: TracedVoter): void {
    const hasLost = step.action === 'ConcludePreVote' && step.case !== 'WON'
    if (hasLost) return
    const chosen = step.after.voters?.[String(voter.id)]?.awaitingFetchFrom
    if (step.case === 'Unattached' && step.action === 'SendFetch' && chosen != null) {
      poll(voter.node)
      for (const one of voter.sent) if (one.request.api === 'QuorumFetch') one.to = chosen
      voter.fetchFrom(chosen)
    } else poll(voter.node)
  }

  /** What was sent on live links; what goes nowhere the trace does not list. */
  #collect(step: TraceStep, voter: TracedVoter, sent: Shown[]): void {
    for (const { to, request } of voter.sent.splice(0)) {
      if (this.#cutLinks.some((link) => link.includes(to) && link.includes(voter.id))) continue
      sent.push(shownRequest(voter.id, to, request))
      const message = step.sent?.find((candidate) => candidate.to === to)
      if (message !== undefined) this.#requests.set(message.id, request)
    }
  }

  #deliver(
    step: TraceStep,
    voter: TracedVoter,
    message: TraceMessage,
    sent: Shown[],
  ): string | null {
    const { node } = voter
    switch (message.type) {
      case 'FetchRequest': {
        const answers: Shown[] = []
        const send = (response: unknown) =>
          answers.push(shownFetchResponse(message, response as QuorumFetchResponse))
        handleFetch(node, fetchRequestOf(message), { send, done: () => {} })
        sent.push(...answers)
        return null
      }
      case 'VoteRequest':
        sent.push(shownVoteResponse(message, handleVote(node, voteRequestOf(message))))
        return null
      case 'FetchResponse':
        this.#settle(voter, message)
        handleFetchResponse(node, fetchResponseOf(message))
        return null
      case 'VoteResponse':
        return this.#onVoteResponse(step, voter, message)
      case 'BeginQuorumEpochRequest': {
        const { leaderId: leader = -1, epoch = -1 } = message
        handleBeginQuorumEpoch(node, { api: 'BeginQuorumEpoch', leader, epoch })
        return null
      }
      default:
        throw new Error(`unknown message ${message.type}`)
    }
  }

  /** The peer has answered and may be asked again. */
  #settle({ node, fetch }: TracedVoter, { from }: TraceMessage): void {
    if (fetch?.to === from) node.requests.onResult(from, fetch.request, true, node.now)
  }

  /** Kafka's request manager drops what is not awaited any more; the trace may listen. */
  #onVoteResponse(step: TraceStep, voter: TracedVoter, message: TraceMessage): string | null {
    const { node } = voter
    const hasEffect = step.after.voters?.[String(voter.id)] !== undefined
    const request = this.#requests.get(this.#asked.get(message.id) ?? -1)
    const isAwaited = request && node.requests.isExpected(message.from, request)
    if (isAwaited ?? hasEffect) {
      handleVoteResponse(node, message.from, voteResponseOf(message))
      if (request !== undefined) node.requests.onResult(message.from, request, true, node.now)
      return null
    }
    if (!hasEffect) return null
    handleVoteResponse(node, message.from, voteResponseOf(message))
    return UNASKED
  }

  /**
   * Kafka's file keeps the leader that a prospective voter knew, so it starts as its follower; and
   * a BeginQuorumEpoch of the leader that a follower has already changes nothing.
   */
  #loadSpecsOwn({ action, case: name, voter }: TraceStep): string | null {
    const isRestart = action === 'Restart' && name === 'Prospective'
    const isBegin = action === 'HandleBeginQuorumEpoch' && name === 'NO_CHANGE'
    if (voter === undefined || !(isRestart || isBegin)) return null
    this.#load(voter)
    return SPECS_OWN
  }

  /** Kafka closes its view of all that is in flight; the trace still waits for the answer. */
  #awaitAgain({ voter: id }: TraceStep): string | null {
    if (id === undefined || !this.#hasMoved || this.#ahead.has(id)) return null
    const awaited = this.#expected.get(id)?.awaitingFetchFrom ?? null
    const voter = this.#voter(id)
    if (awaited === null || voter.fetch !== null) return null
    voter.fetchFrom(awaited)
    return FORGETS
  }

  /** What was sent, what changed, and that nothing else did. */
  #difference(step: TraceStep, sent: readonly Shown[]): Difference | null {
    const byReceiver = (messages: readonly Shown[]) =>
      [...messages].sort((a, b) => Number(a.to) - Number(b.to))
    const wanted = (step.sent ?? []).map(shownMessage)
    const difference = firstDifference('sent', byReceiver(wanted), byReceiver(sent))
    if (difference !== null) return difference
    for (const [id, expected] of this.#expected) {
      if (this.#ahead.has(id)) continue
      const found = firstDifference(`state.voters.${id}`, expected, this.#voter(id).view())
      if (found !== null) return found
    }
    return null
  }

  #load(id: NodeId): void {
    const expected = this.#expected.get(id)
    if (expected !== undefined) this.#voters.set(id, new TracedVoter(id, expected, this.#ids))
    for (const request of this.#requests.keys()) {
      if (this.#messages.get(request)?.from === id) this.#requests.delete(request)
    }
  }

  #voter(id: NodeId): TracedVoter {
    const voter = this.#voters.get(id)
    if (voter === undefined) throw new Error(`the trace has no voter ${id}`)
    return voter
  }
}
