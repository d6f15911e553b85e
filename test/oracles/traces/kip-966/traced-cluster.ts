import type { NodeId } from '../../../../src/kafka/ids.ts'
import type { Guards } from '../../../../src/kafka/version.ts'
import { awaiting, viewOf, wantedOf } from './broker-view.ts'
import type { TraceConstants, TraceRegistration, TraceState } from './format.ts'
import { loadBroker } from './load-broker.ts'
import { type Surroundings, type TracedBroker, Values } from './traced-broker.ts'
import { TracedController } from './traced-controller.ts'
import type { OpenFetch } from './traced-wire.ts'

/** More than replica.lag.time.max.ms: between two steps everybody's last fetch grows old. */
const STEP_TIME = 60_000_000

/** Production controller and brokers in a trace's state. */
export class TracedCluster {
  readonly controller: TracedController
  readonly values = new Values()
  readonly #brokers = new Map<NodeId, TracedBroker>()
  readonly #around: Surroundings

  constructor(
    state: TraceState,
    constants: TraceConstants,
    guards: Guards,
    past: ReadonlyMap<number, TraceRegistration>,
  ) {
    this.#around = { clock: { now: STEP_TIME }, constants, guards, values: this.values }
    this.controller = new TracedController(state, constants, guards, past)
    for (const [id, broker] of Object.entries(state.brokers)) {
      const loaded = loadBroker(Number(id), broker, this.controller, this.#around)
      this.#brokers.set(Number(id), loaded)
    }
  }

  get now(): number {
    return this.#around.clock.now
  }

  get brokers(): Iterable<TracedBroker> {
    return this.#brokers.values()
  }

  broker(id: NodeId): TracedBroker {
    const broker = this.#brokers.get(id)
    if (broker === undefined) throw new Error(`the trace has no broker ${id}`)
    return broker
  }

  letTimePass(): void {
    this.#around.clock.now += STEP_TIME
  }

  /** What is, and what the trace says there is, in one form. */
  compared(
    state: TraceState,
    fetches: Iterable<OpenFetch>,
  ): { readonly got: unknown; readonly wanted: unknown } {
    const controller = this.controller.view()
    const got: Record<string, unknown> = {}
    const wanted: Record<string, unknown> = {}
    const open = [...fetches]
    for (const [id, broker] of this.#brokers) {
      const own = {
        ...viewOf(broker, this.values),
        awaitingFetchFrom: awaiting(id, open),
      }
      const expected = state.brokers[id]
      got[id] = own
      wanted[id] = expected && wantedOf(expected, own)
    }
    const keys = Object.keys(state.controller.partition) as (keyof typeof controller.partition)[]
    const partition = Object.fromEntries(keys.map((key) => [key, controller.partition[key]]))
    return {
      got: { controller: { ...controller, partition }, brokers: got },
      wanted: { controller: state.controller, brokers: wanted },
    }
  }
}
