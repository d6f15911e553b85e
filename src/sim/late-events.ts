import { DUE, NEXT, type Spot } from './event-words.ts'
import { SlotBits } from './slot-bits.ts'

/** The most microseconds that a window may have: one group of the bits. */
export const WINDOW_MAX = 1_024
/** Later than any time of an epoch. */
export const NO_TIME = 0x4000_0000

// Own names of what every event uses; see wheel.ts.
const NONE = NO_TIME
const SLOTS = WINDOW_MAX
const TIME = DUE
const AFTER = NEXT
const MASK = SLOTS - 1

/**
 * What was scheduled into a window after the clock had entered it, chained by microsecond where
 * it lies. Few they are, as a rule, but any number costs each of them the same.
 */
export class LateEvents {
  /** Low bits of the time of the first; NO_TIME for none. */
  due = NONE
  /** By microsecond, first and last event; the last is 0 where there is none. */
  readonly #ends = new Int32Array(WINDOW_MAX * 2)
  readonly #bits = new SlotBits(WINDOW_MAX)

  /** The first of the first microsecond, which there must be. */
  get first(): Spot {
    return this.#ends[(this.due & MASK) * 2]
  }

  add(words: Int32Array, at: Spot): void {
    const due = words[at | TIME]
    const slot = due & MASK
    const ends = this.#ends
    const last = slot * 2 + 1
    const before: Spot = ends[last]
    ends[last] = at
    words[at | AFTER] = 0
    if (before !== 0) words[before | AFTER] = at
    else {
      ends[last - 1] = at
      this.#bits.mark(slot)
      if (due < this.due) this.due = due
    }
  }

  /** Takes the first. */
  shift(words: Int32Array): void {
    const slot = this.due & MASK
    const next: Spot = words[this.#ends[slot * 2] | AFTER]
    this.#ends[slot * 2] = next
    if (next !== 0) return
    this.#ends[slot * 2 + 1] = 0
    this.#bits.clear(slot)
    const following = this.#bits.first(slot, SLOTS)
    this.due = following < 0 ? NONE : this.due - slot + following
  }
}
