import type { EventId, Scheduler } from './scheduler.ts'
import type { Micros } from './time.ts'

/** A message under way whose delivery may still be moved. */
interface Flight {
  readonly message: unknown
  readonly bytes: number
  /** When it would be there, were it not for those before it. */
  readonly arrival: Micros
  readonly event: EventId
}

/**
 * A message whose last segment was lost, and all that was sent behind it. TCP hands data over in
 * order, so those behind wait for the tail: when a later segment shows its loss before its timer
 * does, they all come earlier together.
 */
export class LostTail {
  /** Transmissions from the tail on: what the sender has acknowledgements to expect of. */
  transmissions = 0
  readonly #scheduler: Scheduler
  readonly #flights: Flight[] = []
  /** When the last message before the tail is there. */
  #floor: Micros = 0

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler
  }

  /** Whether what is sent now is sent behind a lost tail, or is one. */
  get isOpen(): boolean {
    return this.transmissions > 0
  }

  /** The next message added has lost its tail; one that was open is left to its timer. */
  begin(floor: Micros): void {
    this.end()
    this.#floor = floor
    this.transmissions = 1
  }

  /**
   * A message was sent: the one with the lost tail first, then those behind it. Only while open.
   */
  add(flight: Flight): void {
    this.#flights.push(flight)
  }

  /** It has arrived, or been rescued. */
  end(): void {
    this.#flights.length = 0
    this.transmissions = 0
  }

  /** Whether this message is the one whose tail was lost: its own arrival ends all of it. */
  isHead(message: unknown): boolean {
    return this.#flights[0]?.message === message
  }

  /** The earliest moment at which the tail may be handed over, if it is there at `at`. */
  after(at: Micros): Micros {
    return Math.max(at, this.#floor)
  }

  /**
   * The tail is there at `at`: it and those behind it are delivered anew.
   * @returns when the last of them is there
   */
  rescue(at: Micros, deliver: (at: Micros, message: unknown, bytes: number) => void): Micros {
    let last = at
    for (const [i, { message, bytes, arrival, event }] of this.#flights.entries()) {
      if (i > 0) last = Math.max(last, arrival)
      this.#scheduler.cancel(event)
      deliver(last, message, bytes)
    }
    this.end()
    return last
  }
}
