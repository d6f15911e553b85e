import type { FetchPartition } from '../../../src/kafka/messages.ts'
import { appendToLeader } from '../../../src/kafka/partition/produce-append.ts'
import { produced } from '../../kafka/log/batches.ts'
import { fetchOf, registration } from '../../kafka/partition/bench.ts'
import { ascending, LoadedBroker, stateOf } from './kip-966-broker.ts'
import type { Trace, TraceBroker, TraceMessage, TraceStep } from './kip-966-format.ts'

/** What a handler answered beside the state that it left, and what the trace says of it. */
interface Answer {
  readonly got: unknown
  readonly wanted: unknown
}

const NO_ANSWER: Answer = { got: null, wanted: null }

/**
 * Replays the steps that brokers take, each from the trace's state before it: load, call the one
 * handler that the action names, compare its answer and the whole state after it.
 */
export class Kip966Replay {
  readonly differences: unknown[] = []
  /** Steps compared, by action and case. */
  readonly compared = new Map<string, number>()
  readonly #trace: Trace
  readonly #messages = new Map<number, TraceMessage>()
  /** The request that each response answers. */
  readonly #requests = new Map<number, TraceMessage>()

  constructor(trace: Trace) {
    this.#trace = trace
  }

  run(): this {
    const states: Record<string, TraceBroker> = { ...this.#trace.init.brokers }
    this.#trace.steps.forEach((step, i) => {
      const before = states[step.broker]
      for (const [id, changes] of Object.entries(step.after.brokers ?? {})) {
        states[id] = { ...states[id], ...changes } as TraceBroker
      }
      const after = states[step.broker]
      if (before !== undefined && after !== undefined) this.#replay(step, i, before, after)
      this.#remember(step)
    })
    return this
  }

  #remember(step: TraceStep): void {
    const request = this.#messages.get(step.message ?? -1)
    for (const message of step.sent ?? []) {
      this.#messages.set(message.id, message)
      if (request !== undefined) this.#requests.set(message.id, request)
    }
  }

  #replay(step: TraceStep, i: number, before: TraceBroker, after: TraceBroker): void {
    const loaded = new LoadedBroker(step.broker, before, this.#trace.constants.MinISR)
    const expands = this.#expansionAfter(i)
    const answer = this.#handle(loaded, step, before, expands)
    if (answer === null) return
    const changes = expands?.after.brokers?.[step.broker] ?? {}
    const state = stateOf({ ...after, ...changes })
    const wanted = { ...state, answer: answer.wanted }
    const got: Record<string, unknown> = { ...loaded.view(), answer: answer.got }
    if (keepsEmptyEpoch(step, after)) got.fetcher = state.fetcher
    const name = `${step.action} ${step.case ?? ''}`.trim()
    this.compared.set(name, (this.compared.get(name) ?? 0) + 1)
    if (JSON.stringify(got) === JSON.stringify(wanted)) return
    this.differences.push({ trace: this.#trace.name, step: i, name, got, wanted })
  }

  /** The model proposes an expansion within the fetch that allows it, the trace a step later. */
  #expansionAfter(i: number): TraceStep | undefined {
    const [step, next] = [this.#trace.steps[i], this.#trace.steps[i + 1]]
    if (step?.action !== 'LeaderHandlesFetch' || next?.action !== 'LeaderSendsAlterPartition') {
      return undefined
    }
    return next.case === 'EXPAND' && next.broker === step.broker ? next : undefined
  }

  /** null for what no broker's data plane does, and where the trace ends before its proposal. */
  #handle(
    loaded: LoadedBroker,
    step: TraceStep,
    before: TraceBroker,
    expands: TraceStep | undefined,
  ): Answer | null {
    const message = this.#messages.get(step.message ?? -1)
    switch (step.action) {
      case 'LeaderAppends':
        appendToLeader(loaded.partition, produced(), -1)
        return NO_ANSWER
      case 'FollowerSendsFetch':
        return sendFetch(loaded, step)
      case 'BrokerAppliesMetadata':
        return applyMetadata(loaded, step)
      case 'LeaderHandlesAlterPartitionResponse':
        return message === undefined ? null : answerProposal(loaded, message)
      case 'LeaderHandlesFetch': {
        const isLast = this.#trace.steps[this.#trace.steps.length - 1] === step
        if (message === undefined || before.leaderEpoch === -1 || isLast) return null
        return serveFetch(loaded, step, message, expands)
      }
      case 'FollowerHandlesFetchResponse': {
        const request = this.#requests.get(step.message ?? -1)
        if (message === undefined || request === undefined) return null
        return takeResponse(loaded, step, message, request)
      }
      default:
        return null
    }
  }
}

/** Kafka's fetch names an epoch without records too; the trace that of the last record. */
function keepsEmptyEpoch(step: TraceStep, after: TraceBroker): boolean {
  return step.case === 'LEADER_TO_FOLLOWER' && after.fetcher?.fetchOffset === after.leo
}

function entryOf(message: TraceMessage): FetchPartition {
  const { currentLeaderEpoch, fetchOffset, lastFetchedEpoch } = message
  const rest = { partition: 0, logStartOffset: 0, maxBytes: 1 }
  return { ...rest, currentLeaderEpoch, fetchOffset, lastFetchedEpoch }
}

function sendFetch(loaded: LoadedBroker, step: TraceStep): Answer {
  const request = loaded.fetcher.buildFetch()
  const entry = request?.partitions[0]
  const sent = step.sent?.[0]
  const shown = (m: {
    fetchOffset: number
    currentLeaderEpoch: number
    lastFetchedEpoch: number
  }) => [m.fetchOffset, m.currentLeaderEpoch, m.lastFetchedEpoch]
  return {
    got: [request?.brokerEpoch, entry && shown(entry)],
    wanted: [sent?.brokerEpoch, sent && shown(sent)],
  }
}

function applyMetadata(loaded: LoadedBroker, step: TraceStep): Answer | null {
  const { record } = step
  if (record === undefined || step.case === 'DELETE_REPLICA') return null
  const epochBefore = loaded.partition.leaderEpoch
  const outcome = loaded.partition.apply(
    registration({
      ...record,
      addingReplicas: record.adding,
      removingReplicas: record.removing,
    }),
  )
  if (outcome !== 'ALREADY_KNOWN') loaded.follow(epochBefore)
  return { got: outcome, wanted: step.case }
}

function answerProposal(loaded: LoadedBroker, message: TraceMessage): Answer {
  const { isrState } = loaded.partition
  if (isrState.kind === 'committed') return NO_ANSWER
  const rest = { partition: 0, leaderEpoch: 0, partitionEpoch: 0, newIsr: [] }
  loaded.partition.onIsrAnswer(
    { ...rest, recovery: 'RECOVERED', pending: isrState },
    {
      error: message.error,
      leader: message.leader ?? -1,
      leaderEpoch: message.leaderEpoch ?? -1,
      partitionEpoch: message.partitionEpoch ?? -1,
      isr: message.isr ?? [],
      recovery: 'RECOVERED',
    },
  )
  return NO_ANSWER
}

/** An empty answer of the trace is one whose wait is over: it carries the watermark of its end. */
function serveFetch(
  loaded: LoadedBroker,
  step: TraceStep,
  message: TraceMessage,
  expands: TraceStep | undefined,
): Answer {
  const read = loaded.replica.serve(fetchOf(message.from, entryOf(message), message.brokerEpoch))
  const sent = step.sent?.[0]
  const hasError = read.error !== 'NONE' || read.diverging !== null
  const mark = step.case === 'EMPTY' ? loaded.partition.log.highWatermark : read.highWatermark
  const proposals = loaded.replica.proposals.map((p) => ascending(p.newIsr.map(({ id }) => id)))
  const proposed = expands?.sent?.map((m) => ascending(m.newIsrWithEpochs?.map(([id]) => id) ?? []))
  return {
    got: [read.error, read.diverging, read.batches.length > 0, hasError || mark, proposals],
    wanted: [
      sent?.error,
      sent?.divergingEpoch ?? null,
      (sent?.records.length ?? 0) > 0,
      hasError || sent?.highWatermark,
      proposed ?? [],
    ],
  }
}

/** Which of two reasons made an error without effect go unheard is not compared. */
function takeResponse(
  loaded: LoadedBroker,
  step: TraceStep,
  message: TraceMessage,
  request: TraceMessage,
): Answer {
  const isOurs = loaded.fetcher.states.size > 0 && loaded.fetcher.source === message.from
  const batches = message.records.map(([leaderEpoch], i) => ({
    ...produced(),
    baseOffset: message.fetchOffset + i,
    leaderEpoch,
  }))
  const outcome = !isOurs
    ? 'IGNORED'
    : loaded.fetcher.handle(entryOf(request), {
        partition: 0,
        error: message.error,
        highWatermark: message.highWatermark,
        lastStableOffset: message.highWatermark,
        logStartOffset: 0,
        diverging: message.divergingEpoch ?? null,
        currentLeader: null,
        preferredReadReplica: -1,
        batches,
      })
  return message.error === 'NONE' ? { got: outcome, wanted: step.case } : NO_ANSWER
}
