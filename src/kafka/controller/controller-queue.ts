// Models: the controller's single-threaded event queue and the time that each event takes.
// Leaves out: deadlines of queued events.
// Source: org.apache.kafka.queue.KafkaEventQueue.

import type { ProcessContext, Timer } from '../../sim/process.ts'
import type { Micros } from '../../sim/time.ts'

/**
 * Serves one event after the other, each after its service time. A fence of a broker with thousands
 * of partitions is one event: heartbeats wait behind it, and other brokers' sessions run meanwhile.
 */
export class ControllerQueue<Event> {
  readonly #events: Event[] = []
  readonly #timer: Timer
  readonly #serviceTime: Micros

  constructor(context: ProcessContext, serviceTime: Micros, handle: (event: Event) => void) {
    this.#serviceTime = serviceTime
    this.#timer = context.timer(() => {
      const event = this.#events.shift()
      if (this.#events.length > 0) this.#timer.arm(this.#serviceTime)
      if (event !== undefined) handle(event)
    })
  }

  /** Events that wait; the one that is being handled has left. */
  get length(): number {
    return this.#events.length
  }

  /** Served behind all others, no sooner than one service time from now. */
  append(event: Event): void {
    this.#events.push(event)
    if (!this.#timer.armed) this.#timer.arm(this.#serviceTime)
  }
}
