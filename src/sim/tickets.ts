import { doubled } from './doubled.ts'

/**
 * Names what an event has beside its words: a handler, a life, a payload, and the right to be
 * cancelled.
 */
export type Ticket = number & { readonly __unit?: 'ticket' }

export const TICKETS_MAX = 0x400_0000
/** In place of a handler: the event was cancelled, and its words are still about. */
export const CANCELLED = -1
const STAMP_MASK = 0x3ff_ffff

/**
 * Tickets of events whose words are about. Most recently used first, so that few events use few
 * cache lines however many there have been.
 */
export class Tickets {
  /** Which use of each ticket is the current one: one that ended is given out under the next. */
  stamps = new Int32Array(256)
  handlers = new Int32Array(256)
  lives = new Int32Array(256)
  readonly #payloads: unknown[] = [undefined]
  #unused = new Int32Array(256)
  #unusedCount = 0
  #issued = 1

  /** Gives out the ticket that was returned last, or a new one. The owner returns it by `use`. */
  issue(life: number, handler: number, payload: unknown): Ticket {
    const ticket: Ticket = this.#unusedCount > 0 ? this.#unused[--this.#unusedCount] : this.#fresh()
    this.handlers[ticket] = handler
    this.lives[ticket] = life
    this.#payloads[ticket] = payload
    return ticket
  }

  /** Ends this use of a ticket: the words that name it are gone. @returns its payload */
  use(ticket: Ticket): unknown {
    const payload = this.#payloads[ticket]
    this.#payloads[ticket] = undefined
    this.stamps[ticket] = (this.stamps[ticket] + 1) & STAMP_MASK
    this.#unused[this.#unusedCount++] = ticket
    return payload
  }

  /** Its event will not fire, nor can it be cancelled again; `use` gives it back later. */
  cancel(ticket: Ticket): void {
    this.handlers[ticket] = CANCELLED
    this.#payloads[ticket] = undefined
    this.stamps[ticket] = (this.stamps[ticket] + 1) & STAMP_MASK
  }

  #fresh(): Ticket {
    if (this.#issued === this.stamps.length) {
      this.stamps = doubled(this.stamps)
      this.handlers = doubled(this.handlers)
      this.lives = doubled(this.lives)
      this.#unused = doubled(this.#unused)
    }
    return this.#issued++
  }
}
