import { DUE, EVENT_WIDTH, type Spot } from './event-words.ts'
import { WINDOW_MAX } from './late-events.ts'

// Own names of what every event uses; see wheel.ts.
const WIDTH = EVENT_WIDTH
const TIME = DUE
/** How many events are few, and how many some: see `sort`. */
const FEW = 8
const SOME = 48

/** Puts a window's events in the order of their times without moving them. */
export class EventOrder {
  /** Spots in order, closed by a 0. */
  spots = new Int32Array(1_024)
  #collected = new Int32Array(1_024)
  #count = 0
  readonly #piles = new Int32Array(WINDOW_MAX)

  /** Forgets the spots of the window before. Their memory is used again. */
  begin(): void {
    this.#count = 0
  }

  /** Takes down the spots from `first` to before `end`, which lie side by side. */
  collect(first: Spot, end: Spot): void {
    if (this.#count + (end - first) / WIDTH >= this.spots.length) this.#widen()
    const collected = this.#collected
    let count = this.#count
    for (let at = first; at < end; at += WIDTH) collected[count++] = at
    this.#count = count
  }

  /**
   * Sorts what was collected, in a window of 2^`bits` µs; equal times keep their order. Many are
   * dealt into a pile for each microsecond. Fewer are dealt twice, by half the bits of their time
   * each, which takes less of piles. Some are dealt once by the upper half and then, like few at
   * once, put in order by insertion.
   */
  sort(words: Int32Array, bits: number): void {
    const count = this.#count
    const half = bits >> 1
    const halfMask = (1 << half) - 1
    if (2 * count >= 1 << bits) this.#deal(words, 0, (1 << bits) - 1)
    else if (count > SOME) {
      this.#deal(words, 0, halfMask)
      this.#turnOver()
      this.#deal(words, half, halfMask)
    } else if (count > FEW) {
      this.#deal(words, half, halfMask)
      this.#insert(words, this.spots)
    } else this.#insert(words, this.#collected)
    this.spots[count] = 0
  }

  /** A stable counting sort by those bits of the time. */
  #deal(words: Int32Array, shift: number, mask: number): void {
    const [piles, collected, spots, count] = [this.#piles, this.#collected, this.spots, this.#count]
    for (let pile = 0; pile <= mask; pile++) piles[pile] = 0
    for (let i = 0; i < count; i++) {
      const pile = (words[collected[i] | TIME] >> shift) & mask
      piles[pile] = piles[pile] + 1
    }
    let start = 0
    for (let pile = 0; pile <= mask; pile++) {
      const height = piles[pile]
      piles[pile] = start
      start += height
    }
    for (let i = 0; i < count; i++) {
      const at = collected[i]
      const pile = (words[at | TIME] >> shift) & mask
      const place = piles[pile]
      spots[place] = at
      piles[pile] = place + 1
    }
  }

  /** What has been dealt is to be dealt again. */
  #turnOver(): void {
    const dealt = this.spots
    this.spots = this.#collected
    this.#collected = dealt
  }

  /** A stable insertion sort of `from`, which may be the spots themselves. */
  #insert(words: Int32Array, from: Int32Array): void {
    const [spots, count] = [this.spots, this.#count]
    for (let i = 0; i < count; i++) {
      const at = from[i]
      const due = words[at | TIME]
      let place = i
      for (; place > 0; place--) {
        const before = spots[place - 1]
        if (words[before | TIME] <= due) break
        spots[place] = before
      }
      spots[place] = at
    }
  }

  #widen(): void {
    const wider = new Int32Array(this.spots.length * 2)
    wider.set(this.#collected)
    this.#collected = wider
    this.spots = new Int32Array(wider.length)
  }
}
