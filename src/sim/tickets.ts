/** Names what an event carries beside its words: a payload, and the right to be cancelled. */
export type Ticket = number & { readonly __unit?: 'ticket' }

/** The ticket of an event that has neither a payload nor anyone who may cancel it. */
export const NO_TICKET: Ticket = 0
export const TICKETS_MAX = 0x400_0000
const STAMP_MASK = 0x3ff_ffff

/**
 * Tickets of events that have not fired. Most recently used first, so that few events use few
 * cache lines however many there have been.
 */
export class Tickets {
  /**
   * Which use of each ticket is the current one: an event with an older stamp was cancelled, and a
   * ticket that was used up is given out again under the next.
   */
  stamps = new Int32Array(256)
  readonly #payloads: unknown[] = [undefined]
  #unused = new Int32Array(256)
  #unusedCount = 0
  #issued = 1

  /** A ticket for this payload, valid until it is used. */
  issue(payload: unknown): Ticket {
    const ticket: Ticket = this.#unusedCount > 0 ? this.#unused[--this.#unusedCount] : this.#fresh()
    this.#payloads[ticket] = payload
    return ticket
  }

  /** Ends a ticket's validity. @returns its payload */
  use(ticket: Ticket): unknown {
    const payload = this.#payloads[ticket]
    this.#payloads[ticket] = undefined
    this.stamps[ticket] = (this.stamps[ticket] + 1) & STAMP_MASK
    this.#unused[this.#unusedCount++] = ticket
    return payload
  }

  #fresh(): Ticket {
    if (this.#issued === this.stamps.length) {
      this.stamps = doubled(this.stamps)
      this.#unused = doubled(this.#unused)
    }
    return this.#issued++
  }
}

function doubled(words: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(words.length * 2)
  larger.set(words)
  return larger
}
