// Models: the controller's single-threaded event queue and the time that each event takes.
// Leaves out: deadlines of queued events.
// Source: org.apache.kafka.queue.KafkaEventQueue.

import type { ProcessContext, Timer } from '../../sim/process.ts'
import type { Micros } from '../../sim/time.ts'

/** Of an event that is over as soon as its turn comes. */
export const NO_TIME = null

/**
 * Serves one event after the other, each after its service time. A fence of a broker with thousands
 * of partitions is one event: heartbeats wait behind it, and other brokers' sessions run meanwhile.
 * What the quorum has to say waits as well, so that no commit and no change of leader falls between
 * a decision and its records.
 */
export class ControllerQueue<Event> {
  readonly #waiting: Event[] = []
  /** Deferred until a moment that has come: they go before whatever else waits. */
  readonly #due: Event[] = []
  readonly #timer: Timer
  readonly #serviceTimeOf: (event: Event) => Micros | typeof NO_TIME
  readonly #handle: (event: Event) => void
  /** Set while the timer runs. */
  #served: Event | null = null
  /** From the moment an event is taken until nothing waits: no handler runs inside another. */
  #isBusy = false

  constructor(
    context: ProcessContext,
    serviceTimeOf: (event: Event) => Micros | typeof NO_TIME,
    handle: (event: Event) => void,
  ) {
    this.#serviceTimeOf = serviceTimeOf
    this.#handle = handle
    this.#timer = context.timer(() => this.#onServed())
  }

  /** Served behind all others; at once where none is there and the event takes no time. */
  append(event: Event): void {
    this.#waiting.push(event)
    this.#serve()
  }

  /** Served before all that was appended. */
  prepend(event: Event): void {
    this.#waiting.unshift(event)
    this.#serve()
  }

  /** An event whose moment has come: served next, behind others of that kind. */
  appendDue(event: Event): void {
    this.#due.push(event)
    this.#serve()
  }

  #serve(): void {
    if (this.#isBusy) return
    this.#isBusy = true
    for (;;) {
      const event = this.#due.shift() ?? this.#waiting.shift()
      if (event === undefined) break
      const serviceTime = this.#serviceTimeOf(event)
      if (serviceTime !== NO_TIME) {
        this.#served = event
        this.#timer.arm(serviceTime)
        return
      }
      this.#handle(event)
    }
    this.#isBusy = false
  }

  #onServed(): void {
    const event = this.#served
    this.#served = null
    if (event !== null) this.#handle(event)
    this.#isBusy = false
    this.#serve()
  }
}
