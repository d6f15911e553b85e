import { doubled } from './doubled.ts'
import type { Spot } from './event-words.ts'
import { SlotBits } from './slot-bits.ts'

/** The most microseconds that a window may have: one group of the bits. */
export const WINDOW_MAX = 1_024
/** Later than any time of an epoch. */
export const NO_TIME = 0x4000_0000

// Own names of what every event uses; see wheel.ts.
const NONE = NO_TIME
const SLOTS = WINDOW_MAX
const MASK = SLOTS - 1

/**
 * What was scheduled into a window after the clock had entered it, chained by microsecond. Few
 * they are, as a rule, but any number costs each of them the same.
 */
export class LateEvents {
  /** Low bits of the time of the first; NO_TIME for none. */
  due = NONE
  /** By microsecond, first and last link; the last is 0 where there is none. */
  readonly #ends = new Int32Array(WINDOW_MAX * 2)
  readonly #bits = new SlotBits(WINDOW_MAX)
  /** By link, the spot of its event, and the link after it; those not in use are a chain too. */
  #spots = new Int32Array(64)
  #after = new Int32Array(64)
  #free = 0
  #used = 1

  /** The first of the first microsecond, which there must be. */
  get first(): Spot {
    return this.#spots[this.#ends[(this.due & MASK) * 2]]
  }

  /**
   * Chains an event behind those of its microsecond. `due` is the low 30 bits of its time, which
   * must lie within the present window.
   */
  add(due: number, at: Spot): void {
    const link = this.#takeLink()
    this.#spots[link] = at
    this.#after[link] = 0
    const slot = due & MASK
    const ends = this.#ends
    const last = slot * 2 + 1
    const before = ends[last]
    ends[last] = link
    if (before !== 0) this.#after[before] = link
    else {
      ends[last - 1] = link
      this.#bits.mark(slot)
      if (due < this.due) this.due = due
    }
  }

  /** Takes the first. */
  shift(): void {
    const slot = this.due & MASK
    const ends = this.#ends
    const link = ends[slot * 2]
    const next = this.#after[link]
    this.#after[link] = this.#free
    this.#free = link
    ends[slot * 2] = next
    if (next !== 0) return
    ends[slot * 2 + 1] = 0
    this.#bits.clear(slot)
    const following = this.#bits.first(slot, SLOTS)
    this.due = following < 0 ? NONE : this.due - slot + following
  }

  #takeLink(): number {
    const link = this.#free
    if (link !== 0) {
      this.#free = this.#after[link]
      return link
    }
    if (this.#used === this.#spots.length) {
      this.#spots = doubled(this.#spots)
      this.#after = doubled(this.#after)
    }
    return this.#used++
  }
}
