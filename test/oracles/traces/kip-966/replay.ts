import { type GuardName, type Guards, guardsFor } from '../../../../src/kafka/version.ts'
import type { Difference } from '../../golden/compare.ts'
import { firstDifference, type Replayed, Tally } from '../replayed.ts'
import { viewOf } from './broker-view.ts'
import {
  ascending,
  stateAfter,
  type Trace,
  type TraceRegistration,
  type TraceState,
  type TraceStep,
} from './format.ts'
import { type Shown, shownRequest, wantedMessage } from './messages.ts'
import type { Performed } from './performed.ts'
import { perform } from './steps.ts'
import type { Call, TracedBroker } from './traced-broker.ts'
import { TracedCluster } from './traced-cluster.ts'
import { TracedWire } from './traced-wire.ts'

const CUT_SHORT = 'the trace ends before the ISR change that its last fetch brings about'

const MEMBER_EPOCHS = 'a leader names the broker epoch of every member whose fetch it has seen'
const LOADED = 'the state was loaded as it is after this step'

interface Sending {
  readonly broker: TracedBroker
  readonly call: Call
}

/**
 * Plays one trace on a production controller and production brokers: each message that they send
 * is delivered when the trace says so. After each step the messages, what producers were told and
 * the whole state of everybody are compared; after a difference the trace's state is loaded.
 */
export class Kip966Replay {
  readonly #trace: Trace
  readonly #guards: Guards
  readonly #wire = new TracedWire()
  readonly #tally = new Tally()
  /** What the trace has written to the metadata log, by number; a load needs it. */
  readonly #past = new Map<number, TraceRegistration>()
  #cluster: TracedCluster
  #state: TraceState
  /** An expansion that the handler of a fetch has sent; the trace sends it in a step of its own. */
  #held: Sending | null = null
  /** Records whose producers still hear of them. */
  readonly #produced = new Set<string>()
  /** The state was loaded as it is after the coming step. */
  #isLoadedAhead = false

  /** @param guards switched otherwise than in 4.1, to see that the traces notice */
  constructor(trace: Trace, guards: Partial<Record<GuardName, boolean>> = {}) {
    this.#trace = trace
    this.#state = trace.init
    this.#guards = guardsFor('4.1', { elr: trace.constants.Elr, ...guards })
    this.#cluster = this.#clusterIn(trace.init)
  }

  #clusterIn(state: TraceState): TracedCluster {
    return new TracedCluster(state, this.#trace.constants, this.#guards, this.#past)
  }

  run(): Replayed {
    const { name, steps } = this.#trace
    const start = this.#stateDifference(this.#state)
    if (start !== null) this.#differ(-1, null, start)
    for (const [i, step] of steps.entries()) this.#replay(i, step)
    return this.#tally.result(name, steps.length)
  }

  #replay(i: number, step: TraceStep): void {
    const before = this.#state
    this.#state = stateAfter(before, step)
    const { metadataOffset, partition } = this.#state.controller
    this.#past.set(metadataOffset, partition)
    const isLoaded = this.#isLoadedAhead
    this.#isLoadedAhead = false
    this.#cluster.letTimePass()
    let explanation: string | null = null
    let difference: Difference | null = null
    try {
      if (!isLoaded) {
        const performed = this.#perform(step)
        this.#wire.follow(step)
        explanation = performed.explanation
        difference = this.#difference(i, step, performed)
      } else this.#wire.follow(step)
    } catch (error) {
      difference = { path: 'the replay threw', expected: null, actual: String(error) }
    }
    if (isLoaded) this.#tally.explain(LOADED)
    else if (difference === null) this.#agree(i, step, explanation)
    else if (isHeldBack(before, step, difference)) this.#tally.explain('HW_MAY_BE_HELD')
    else this.#differ(i, step, difference)
    if (difference !== null) this.#load(i)
  }

  #agree(i: number, step: TraceStep, explanation: string | null): void {
    const isCutShort = this.#held !== null && this.#trace.steps[i + 1] === undefined
    const kind = step.flags?.[0] ?? explanation ?? (isCutShort ? CUT_SHORT : null)
    if (kind === null) this.#tally.pass()
    else this.#tally.explain(kind)
  }

  #differ(step: number, at: TraceStep | null, difference: Difference): void {
    const action = at === null ? 'init' : `${at.action} ${at.case ?? ''}`.trim()
    this.#tally.differ({ trace: this.#trace.name, step, action, ...difference })
  }

  /** Goes on from the trace's state; nobody waits for what was on its way. */
  #load(i: number): void {
    this.#isLoadedAhead = this.#expansionAfter(i) !== undefined
    this.#cluster = this.#clusterIn(this.#expectedAfter(i))
    this.#wire.forgetCalls()
    this.#held = null
    this.#produced.clear()
  }

  /** The step's own messages, and whatever else any broker has sent. */
  #perform(step: TraceStep): Performed {
    if (step.value !== undefined) this.#produced.add(step.value)
    const performed = perform(this.#cluster, this.#wire, step)
    const { explanation } = performed
    const sent: Shown[] = [...performed.sent]
    if (step.action === 'LeaderSendsAlterPartition' && this.#held !== null) {
      sent.push(this.#note(this.#held, step, 0))
      this.#held = null
    }
    const mayExpand = step.action === 'LeaderHandlesFetch'
    for (const broker of this.#cluster.brokers) {
      for (const call of broker.sent.splice(0)) {
        const sending = { broker, call }
        if (mayExpand && call.request.api === 'AlterPartition') this.#held = sending
        else sent.push(this.#note(sending, step, sent.length))
      }
    }
    const namesMembers = step.action === 'LeaderSendsAlterPartition' && this.#namesMembers(step)
    return { ...performed, sent, explanation: namesMembers ? MEMBER_EPOCHS : explanation }
  }

  /** Kafka names the epochs of all whose fetches it has seen. */
  #namesMembers(step: TraceStep): boolean {
    const wanted = step.sent?.[0]
    const request = this.#wire.request(wanted?.id ?? -1)
    if (request?.api !== 'AlterPartition' || wanted === undefined) return false
    const named = new Map(
      request.partitions[0]?.newIsr.map((member) => [member.id, member.brokerEpoch]),
    )
    return wanted.newIsrWithEpochs.some(([id, epoch]) => named.get(id) !== epoch)
  }

  #note({ broker, call }: Sending, step: TraceStep, position: number): Shown {
    const message = step.sent?.[position]
    if (message !== undefined) this.#wire.sent(message.id, call)
    return shownCall(broker, call)
  }

  #difference(i: number, step: TraceStep, performed: Performed): Difference | null {
    const { outcome, sent, dropped } = performed
    const wanted = (step.sent ?? []).map(wantedMessage)
    const shown = sent.map((message, k) => withoutUnknown(message, wanted[k]))
    return (
      firstDifference('sent', wanted, shown) ??
      this.#expansionDifference(i) ??
      firstDifference('case', outcome && step.case, outcome) ??
      firstDifference('dropped', ascending(step.dropped ?? []), ascending(dropped)) ??
      this.#outcomeDifference(step) ??
      this.#stateDifference(this.#expectedAfter(i))
    )
  }

  /** What producers were told; not of records whose wait was lost with a load. */
  #outcomeDifference(step: TraceStep): Difference | null {
    const told = { acked: [] as string[], failed: [] as string[] }
    for (const { outcomes } of this.#cluster.brokers) {
      told.acked.push(...outcomes.acked.splice(0))
      told.failed.push(...outcomes.failed.splice(0))
    }
    const known = (values: readonly string[] = []) =>
      values.filter((value) => this.#produced.has(value)).sort()
    return (
      firstDifference('acked', known(step.acked), known(told.acked)) ??
      firstDifference('failed', known(step.failed), known(told.failed))
    )
  }

  #stateDifference(state: TraceState): Difference | null {
    const { got, wanted } = this.#cluster.compared(state, this.#wire.fetches.values())
    return firstDifference('state', wanted, got)
  }

  /** An expansion that the trace does not know, unless it ends here. */
  #expansionDifference(i: number): Difference | null {
    if (this.#held === null || this.#expansionAfter(i) !== undefined) return null
    if (this.#trace.steps[i + 1] === undefined) return null
    const { broker, call } = this.#held
    return firstDifference('sent', null, shownCall(broker, call))
  }

  #expansionAfter(i: number): TraceStep | undefined {
    const [step, next] = [this.#trace.steps[i], this.#trace.steps[i + 1]]
    if (step?.action !== 'LeaderHandlesFetch' || next?.action !== 'LeaderSendsAlterPartition') {
      return undefined
    }
    return next.case === 'EXPAND' && next.broker === step.broker ? next : undefined
  }

  /** An expansion belongs to its fetch, also where the trace ends in between. */
  #expectedAfter(i: number): TraceState {
    const next = this.#expansionAfter(i)
    if (next !== undefined) return stateAfter(this.#state, next)
    if (this.#held === null) return this.#state
    const { id } = this.#held.broker
    const { maximalIsr, pendingAlterPartition } = viewOf(this.#held.broker, this.#cluster.values)
    const before = this.#state.brokers[id]
    if (before === undefined || pendingAlterPartition === undefined) return this.#state
    const after = { ...before, maximalIsr: maximalIsr ?? [], pendingAlterPartition }
    return { ...this.#state, brokers: { ...this.#state.brokers, [id]: after } }
  }
}

function shownCall(broker: TracedBroker, { to, request }: Call): Shown {
  return shownRequest(broker.id, to, request, broker.followersInIsr)
}

/** The trace's other side may leave a field out (without ELR a registration names no past). */
function withoutUnknown(message: Shown, wanted: Shown | undefined): Shown {
  if (wanted === undefined) return message
  return Object.fromEntries(Object.entries(message).filter(([key]) => wanted[key] !== undefined))
}

/** HW_MAY_BE_HELD: a caught-up replica outside the ISR may hold the watermark back for a while. */
function isHeldBack(before: TraceState, step: TraceStep, { path, expected, actual }: Difference) {
  if (!step.flags?.includes('HW_MAY_BE_HELD')) return false
  if (path !== `state.brokers.${step.broker}.highWatermark`) return false
  const low = before.brokers[step.broker]?.highWatermark ?? 0
  return Number(actual) >= low && Number(actual) < Number(expected)
}
