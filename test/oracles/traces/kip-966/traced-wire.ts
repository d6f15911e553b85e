import type { NodeId } from '../../../../src/kafka/ids.ts'
import type { Request, Response } from '../../../../src/kafka/messages.ts'
import type { TraceMessage, TraceStep } from './format.ts'
import type { Call } from './traced-broker.ts'

/** A fetch that is out, or its answer: who sent it, and to whom. */
export interface OpenFetch {
  readonly fetcher: NodeId
  readonly leader: NodeId
}

/** The network of a replay: production messages under the ids that the trace gives them. */
export class TracedWire {
  /** Fetches and their answers on the way. */
  readonly fetches = new Map<number, OpenFetch>()
  readonly #messages = new Map<number, TraceMessage>()
  readonly #calls = new Map<number, Call>()
  readonly #responses = new Map<number, Response>()
  /** The request that each response answers. */
  readonly #requests = new Map<number, number>()

  /** The trace's own words for the message that a step consumes. */
  consumed(step: TraceStep): TraceMessage {
    const message = this.#messages.get(step.message ?? -1)
    if (message === undefined) throw new Error(`no message ${step.message} was sent before`)
    return message
  }

  /** What the production code sent under that id; undefined after the state was loaded. */
  request(id: number): Request | undefined {
    return this.#calls.get(id)?.request
  }

  response(id: number): Response | undefined {
    return this.#responses.get(id)
  }

  /** The call to which that message belongs, be it the request or its response. */
  callOf(id: number): Call | undefined {
    return this.#calls.get(this.#requests.get(id) ?? id)
  }

  /** The trace's words for a request, by its own id or by that of its response. */
  asked(id: number): TraceMessage | undefined {
    return this.#messages.get(this.#requests.get(id) ?? id)
  }

  sent(id: number, call: Call): void {
    this.#calls.set(id, call)
  }

  /** A step answers the request that it consumes. */
  answered(step: TraceStep, response: Response): void {
    const [message] = step.sent ?? []
    if (message !== undefined) this.#responses.set(message.id, response)
  }

  /** Keeps what the trace says of a step's messages. */
  follow(step: TraceStep): void {
    for (const message of step.sent ?? []) {
      this.#messages.set(message.id, message)
      if (step.message !== undefined) this.#requests.set(message.id, step.message)
      this.#followFetch(step, message)
    }
    if (step.message !== undefined) this.fetches.delete(step.message)
  }

  #followFetch(step: TraceStep, message: TraceMessage): void {
    const { from, to } = message
    if (message.type === 'FetchRequest') this.fetches.set(message.id, { fetcher: from, leader: to })
    const isAnswer = message.type === 'FetchResponse' && step.message !== undefined
    if (isAnswer) this.fetches.set(message.id, { fetcher: to, leader: from })
  }

  /** Production state was loaded anew: nobody waits for what was on its way. */
  forgetCalls(): void {
    this.#calls.clear()
    this.#responses.clear()
  }
}
