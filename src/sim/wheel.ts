import { copyEvent, EVENT_WIDTH, type Spot } from './event-words.ts'
import { invariant } from './invariant.ts'
import type { Micros } from './time.ts'

export const EPOCH: Micros = 0x4000_0000

// Here and in the scheduler a constant of another file, and one that is exported, gets a name of
// the file's own where every event uses it: V8 folds these into its code, and looks those up anew.
const WIDTH = EVENT_WIDTH
const SPAN = EPOCH

/** An event's first word: low 30 bits of the time; once that is near, the next of the same time. */
const DUE = 0
const SLOTS = 1_024
const LEVELS = 3
const FAR_SLOT = SLOTS * LEVELS

/** A chunk: the offset of the next one of its list, then, up to its end, 18 events. */
const CHUNK = 128
const CHUNK_MASK = CHUNK - 1
const FIRST = CHUNK - WIDTH * Math.floor((CHUNK - 1) / WIDTH)
/** Chunks of a coarse slot that fit well into a processor's cache: a quarter of a megabyte. */
const CHUNKS_CACHED = 512
const WORDS_MAX = 0x2000_0000
const NOWHERE = -1
/** The slot that an event's time names. */
const BY_TIME = -2

/**
 * A hierarchical timing wheel over integer microseconds: three levels of 1,024 slots of 1 µs,
 * 2^10 µs and 2^20 µs, and one list for what lies beyond the current epoch of 2^30 µs.
 *
 * A coarse slot is a list of chunks that hold the events themselves, not links to them. Appending
 * to it and reading it run through memory in order, which is what makes a million events cheap:
 * links would be one wait for memory after the other. What is cancelled therefore stays in its
 * place, and the owner passes over it or sweeps.
 *
 * A slot of the finest level, one microsecond, chains its events where they lie: in the chunks of
 * the coarse slot that the clock has entered, and in those filled since. Together they are the
 * window, freed as a whole when the clock leaves it. Where there are too many of them for the
 * processor's cache, each microsecond gets chunks of its own instead, freed once they are read.
 *
 * A slot is a FIFO, and an event only moves to a finer level before anything can be scheduled
 * there directly: equal times fire in the order of insertion with no sequence number stored.
 */
export class TimingWheel {
  /** The chunks. The first is never used, so that offset 0 means none. */
  words = new Int32Array(CHUNK * 64)
  /** Low 30 bits of the current time. */
  clock = 0
  /** Start of the current epoch; the current time is `base + clock`. */
  base: Micros = 0
  /** The next event that is due now; 0 where there is none. */
  due: Spot = 0
  /**
   * First chunk and end of each coarse list, first and last event of each fine one; the end, or
   * last event, is 0 where the list is empty.
   */
  readonly #lists = new Int32Array((FAR_SLOT + 1) * 2)
  readonly #bits = new Int32Array(LEVELS * 32 + 1)
  readonly #summary = new Int32Array(LEVELS + 1)
  /** Epochs of the events of the far list, in its order. */
  #farBases: Micros[] = []
  #free = 0
  #unused = CHUNK
  /** The window's chunks: first and last of their list, and the end of what is filled. */
  #windowFirst = 0
  #windowLast = 0
  #windowEnd: Spot = 0
  #isCrowded = false

  /** Room for an event `delay` > 0 microseconds from now, its time written. */
  insert(delay: Micros): Spot {
    const due = this.clock + delay
    if (due < SPAN) return this.#place(due)
    const low = due % SPAN
    this.#farBases.push(this.base + due - low)
    return this.#append(FAR_SLOT, low)
  }

  /** Goes on to the next event that is due now. */
  pass(): void {
    const { due } = this
    const next: Spot = this.words[due + DUE]
    if (this.#isCrowded && ((due ^ next) & ~CHUNK_MASK) !== 0) this.#giveBack(due & ~CHUNK_MASK)
    this.due = next
  }

  /**
   * Moves the clock to the next event at or before `until`, when nothing is due now.
   * @returns false, with the clock where it was or at a slot's start, when there is none
   */
  seek(until: Micros): boolean {
    for (;;) {
      const limit = until - this.base
      const fine = this.#firstOccupied(0, this.clock & 1023)
      if (fine >= 0) {
        const due = (this.clock & ~1023) | fine
        if (due > limit) return false
        this.clock = due
        this.due = this.#lists[fine * 2]
        this.#lists[fine * 2 + 1] = 0
        this.#clear(fine)
        return true
      }
      if (!this.#descend(limit, until)) return false
    }
  }

  /** Moves the clock to `time`; nothing may be pending before it. */
  advance(time: Micros): void {
    const due = time - this.base
    if (due >= SPAN) {
      this.#enterEpoch(time)
      return
    }
    const distance = due ^ this.clock
    this.clock = due
    if (distance < SLOTS) return
    this.#leaveWindow()
    if (distance >= 1_048_576) this.#cascade(2_048 + (due >> 20))
    else this.#enterWindow(1_024 + ((due >> 10) & 1023))
  }

  /** Drops the events for which `isStale` holds, except the window's. @returns how many */
  sweep(isStale: (words: Int32Array, at: Spot) => boolean): number {
    let dropped = 0
    for (let slot = SLOTS; slot <= FAR_SLOT; slot++) {
      const bases = slot === FAR_SLOT ? this.#farBases : []
      if (slot === FAR_SLOT) this.#farBases = []
      this.#rewrite(slot, (at, index) => {
        if (isStale(this.words, at)) {
          dropped++
          return NOWHERE
        }
        if (slot === FAR_SLOT) this.#farBases.push(bases[index])
        return slot
      })
    }
    return dropped
  }

  /** Room in the slot of `due`: the level is where the time differs from the clock. */
  #place(due: number): Spot {
    const distance = due ^ this.clock
    if (distance < SLOTS) return this.#placeInWindow(due & 1023)
    if (distance >= 1_048_576) return this.#append(2_048 + (due >> 20), due)
    return this.#append(1_024 + ((due >> 10) & 1023), due)
  }

  #placeInWindow(slot: number): Spot {
    let at = this.#windowEnd
    if (this.#isCrowded) {
      const last: Spot = this.#lists[slot * 2 + 1]
      at = last === 0 ? 0 : last + WIDTH
    }
    if ((at & CHUNK_MASK) === 0) {
      const chunk = this.#takeChunk()
      if (!this.#isCrowded) this.#keepInWindow(chunk, chunk)
      at = chunk + FIRST
    }
    this.#windowEnd = at + WIDTH
    this.#chain(slot, at)
    return at
  }

  /** Adds an event of the window to the chain of its microsecond. */
  #chain(slot: number, at: Spot): void {
    const lists = this.#lists
    const last = slot * 2 + 1
    const before: Spot = lists[last]
    lists[last] = at
    this.words[at + DUE] = 0
    if (before !== 0) this.words[before + DUE] = at
    else {
      lists[last - 1] = at
      this.#mark(slot)
    }
  }

  /** The chunks of a coarse slot become the window's: its events are chained, not moved. */
  #enterWindow(slot: number): void {
    const end: Spot = this.#lists[slot * 2 + 1]
    if (end === 0) return
    if (this.#isCrowd(slot, end)) {
      this.#isCrowded = true
      this.#cascade(slot)
      return
    }
    const first = this.#detach(slot)
    for (let at = first; at !== 0; ) {
      const next = this.#follow(at, end)
      this.#chain(this.words[at + DUE] & 1023, at)
      at = next
    }
    this.#keepInWindow(first - FIRST, (end - 1) & ~CHUNK_MASK)
  }

  #isCrowd(slot: number, end: Spot): boolean {
    const last = (end - 1) & ~CHUNK_MASK
    let chunk = this.#lists[slot * 2]
    for (let count = 1; chunk !== last; count++) {
      if (count === CHUNKS_CACHED) return true
      chunk = this.words[chunk]
    }
    return false
  }

  #keepInWindow(first: number, last: number): void {
    this.words[last] = this.#windowFirst
    if (this.#windowFirst === 0) this.#windowLast = last
    this.#windowFirst = first
  }

  /** Frees the chunks of a window in which nothing is left. */
  #leaveWindow(): void {
    this.#isCrowded = false
    this.#windowEnd = 0
    if (this.#windowFirst === 0) return
    this.words[this.#windowLast] = this.#free
    this.#free = this.#windowFirst
    this.#windowFirst = 0
  }

  #append(slot: number, due: number): Spot {
    const lists = this.#lists
    const tail = slot * 2 + 1
    let at: Spot = lists[tail]
    if ((at & CHUNK_MASK) === 0) at = this.#extend(slot, at)
    lists[tail] = at + WIDTH
    this.words[at + DUE] = due
    return at
  }

  /** A new chunk for a list that is empty or whose last one is full; its first spot. */
  #extend(slot: number, end: Spot): Spot {
    const chunk = this.#takeChunk()
    if (end === 0) {
      this.#lists[slot * 2] = chunk
      this.#mark(slot)
    } else {
      this.words[end - CHUNK] = chunk
    }
    return chunk + FIRST
  }

  #takeChunk(): number {
    const chunk = this.#free
    if (chunk === 0) return this.#newChunk()
    this.#free = this.words[chunk]
    return chunk
  }

  #giveBack(chunk: number): void {
    this.words[chunk] = this.#free
    this.#free = chunk
  }

  #newChunk(): number {
    const chunk = this.#unused
    this.#unused += CHUNK
    if (chunk === this.words.length) {
      invariant(chunk < WORDS_MAX, 'the wheel holds at most 2^26 events', { words: chunk })
      const larger = new Int32Array(chunk * 2)
      larger.set(this.words)
      this.words = larger
    }
    return chunk
  }

  /** Empties a coarse list that is in use. @returns the first of its events */
  #detach(slot: number): Spot {
    this.#lists[slot * 2 + 1] = 0
    this.#clear(slot)
    return this.#lists[slot * 2] + FIRST
  }

  /** The event after `at` in a list that ends at `end`, 0 for none. */
  #follow(at: Spot, end: Spot): Spot {
    const next = at + WIDTH
    if (next === end) return 0
    if ((next & CHUNK_MASK) !== 0) return next
    return this.words[(next - 1) & ~CHUNK_MASK] + FIRST
  }

  /** `follow`, freeing chunks behind it. */
  #after(at: Spot, end: Spot): Spot {
    const next = this.#follow(at, end)
    if (((at ^ next) & ~CHUNK_MASK) !== 0) this.#giveBack(at & ~CHUNK_MASK)
    return next
  }

  /** Enters the next coarse slot that holds something, so that its events reach finer levels. */
  #descend(limit: number, until: Micros): boolean {
    const middle = this.#firstOccupied(1, (this.clock >> 10) & 1023)
    if (middle >= 0) return this.#enter((this.clock & ~0xf_ffff) | (middle << 10), limit)
    const coarse = this.#firstOccupied(2, this.clock >> 20)
    if (coarse >= 0) return this.#enter(coarse << 20, limit)
    let base = until + 1
    for (const far of this.#farBases) if (far < base) base = far
    if (base > until) return false
    this.#enterEpoch(base)
    return true
  }

  #enter(start: number, limit: number): boolean {
    if (start > limit) return false
    this.advance(this.base + start)
    return true
  }

  #enterEpoch(time: Micros): void {
    this.#leaveWindow()
    this.clock = time % SPAN
    this.base = time - this.clock
    const bases = this.#farBases
    this.#farBases = []
    this.#rewrite(FAR_SLOT, (_at, index) => {
      const base: Micros = bases[index]
      if (base === this.base) return BY_TIME
      this.#farBases.push(base)
      return FAR_SLOT
    })
  }

  /** Empties a slot of the coarsest level into the finer ones, first come first. */
  #cascade(slot: number): void {
    const end: Spot = this.#lists[slot * 2 + 1]
    if (end === 0) return
    for (let at = this.#detach(slot); at !== 0; at = this.#after(at, end)) {
      const spot = this.#place(this.words[at + DUE])
      copyEvent(this.words, at, this.words, spot)
    }
  }

  /** Writes a list anew, each event to the slot that `target` names, or nowhere. */
  #rewrite(slot: number, target: (at: Spot, index: number) => number): void {
    const end: Spot = this.#lists[slot * 2 + 1]
    if (end === 0) return
    let index = 0
    for (let at = this.#detach(slot); at !== 0; at = this.#after(at, end)) {
      const to = target(at, index++)
      if (to === NOWHERE) continue
      const due = this.words[at + DUE]
      const spot = to === BY_TIME ? this.#place(due) : this.#append(to, due)
      copyEvent(this.words, at, this.words, spot)
    }
  }

  #mark(slot: number): void {
    const word = slot >> 5
    this.#bits[word] = this.#bits[word] | (1 << (slot & 31))
    this.#summary[slot >> 10] = this.#summary[slot >> 10] | (1 << (word & 31))
  }

  #clear(slot: number): void {
    const word = slot >> 5
    const rest = this.#bits[word] & ~(1 << (slot & 31))
    this.#bits[word] = rest
    if (rest === 0) {
      this.#summary[slot >> 10] = this.#summary[slot >> 10] & ~(1 << (word & 31))
    }
  }

  /** Index within the level of the first slot in use at or after `from`; -1 for none. */
  #firstOccupied(level: number, from: number): number {
    const word = from >> 5
    const here = this.#bits[(level << 5) + word] & (-1 << (from & 31))
    if (here !== 0) return (word << 5) + 31 - Math.clz32(here & -here)
    const later = this.#summary[level] & (-2 << word)
    if (later === 0) return -1
    const found = 31 - Math.clz32(later & -later)
    const bits = this.#bits[(level << 5) + found]
    return (found << 5) + 31 - Math.clz32(bits & -bits)
  }
}
