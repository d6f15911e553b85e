import type { Spot } from './event-words.ts'

/** An event takes a power of two of words here, so that the ring closes without a remainder. */
const STRIDE = 4

/** A queue of events, first in first out: a ring of a power of two, doubled when it is full. */
export class EventRing {
  words = new Int32Array(STRIDE * 64)
  #head = 0
  #tail = 0

  get isEmpty(): boolean {
    return this.#head === this.#tail
  }

  /** Room for one more at the end; its words are the caller's to write. */
  push(): Spot {
    const next = (this.#tail + STRIDE) & (this.words.length - 1)
    if (next === this.#head) return this.#pushGrowing()
    const spot = this.#tail
    this.#tail = next
    return spot
  }

  /** Takes the oldest, which there must be; its words last until the next `push`. */
  shift(): Spot {
    const spot = this.#head
    this.#head = (spot + STRIDE) & (this.words.length - 1)
    return spot
  }

  #pushGrowing(): Spot {
    const old = this.words
    this.words = new Int32Array(old.length * 2)
    this.words.set(old.subarray(this.#head))
    this.words.set(old.subarray(0, this.#head), old.length - this.#head)
    this.#head = 0
    this.#tail = old.length
    return old.length - STRIDE
  }
}
