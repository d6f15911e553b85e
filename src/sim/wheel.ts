import { doubled } from './doubled.ts'
import { EventOrder } from './event-order.ts'
import { copyEvent, DUE, EVENT_WIDTH, type Spot } from './event-words.ts'
import { invariant } from './invariant.ts'
import { LateEvents, NO_TIME } from './late-events.ts'
import { SlotBits } from './slot-bits.ts'
import type { Micros } from './time.ts'

export const EPOCH: Micros = NO_TIME

// Here and in the scheduler a constant of another file, and one that is exported, gets a name of
// the file's own where every event uses it: V8 folds these into its code, and looks those up anew.
const WIDTH = EVENT_WIDTH
const SPAN = NO_TIME
const TIME = DUE

/** Bits of the microseconds of a window, and of one where events are many: see `#refine`. */
const WIDE = 10
const NARROW = 8
const BLOCK_BITS = 20
const BLOCK = 1 << BLOCK_BITS
const MIDDLE_SLOTS = BLOCK >> NARROW
const COARSE = MIDDLE_SLOTS
const FAR_SLOT = COARSE + (SPAN >> BLOCK_BITS)
const SLOTS = FAR_SLOT + 1

/** A chunk: so many words of one list. */
const CHUNK = 512
const CHUNK_BITS = 9
const CHUNK_MASK = CHUNK - 1
/** Words from which on windows are narrow: an eighth of a million events. */
const MANY_WORDS = 0x8_0000
const WORDS_MAX = 0x1000_0000
const NOWHERE = -1
/** The slot that an event's time names. */
const BY_TIME = -2

/**
 * A hierarchical timing wheel over integer microseconds: slots of a window of 1,024 µs, 1,024 slots
 * of 2^20 µs, and one list for what lies beyond the current epoch of 2^30 µs.
 *
 * A slot is a list of chunks that hold the events themselves, not links to them. Appending to it
 * and reading it run through memory in order, which is what makes a million events cheap: links
 * would be one wait for memory after the other. What is cancelled therefore stays in its place,
 * and the owner passes over it or sweeps.
 *
 * When the clock enters a window, its events are put in order where they lie: to take the next is
 * a step in an array of their spots, with nothing for the processor to guess. The few that are
 * scheduled into the window afterwards are kept beside it. The window's chunks are freed as a whole
 * when the clock leaves it. Once events are many, windows are narrow, so that one of them fits into
 * a processor's cache.
 *
 * A slot is a FIFO, the order is stable, an event only moves to a finer level before anything can
 * be scheduled there directly, and what comes late comes last: equal times fire in the order of
 * insertion with no sequence number stored.
 */
export class TimingWheel {
  /** The chunks. The first holds no event but one at offset 0, which is none and due never. */
  words = new Int32Array(CHUNK * 64)
  /** Low 30 bits of the current time. */
  clock = 0
  /** Start of the current epoch; the current time is `base + clock`. */
  base: Micros = 0
  /** The next event of the window, 0 where none is left, and the low bits of its time. */
  next: Spot = 0
  nextDue = SPAN

  /** First chunk and end of each slot's list; the end is 0 where the list is empty. */
  readonly #lists = new Int32Array(SLOTS * 2)
  readonly #used = new SlotBits(SLOTS)
  /** By chunk, the next one of its list. */
  #chunkAfter = new Int32Array(64)
  /** Epochs of the events of the far list, in its order. */
  #farBases: Micros[] = []
  #free = 0
  #unused = CHUNK

  /** Microseconds of the window that the clock is in, and bits of those of the next ones. */
  #window = 1 << WIDE
  #windowBits = WIDE
  #middleMask = (BLOCK >> WIDE) - 1
  /** The window's events in order, and where in it the next one stands; then what came late. */
  readonly #order = new EventOrder()
  #spots = this.#order.spots
  #position = 0
  readonly #late = new LateEvents()
  /** The window's chunks: first and last of their list, and the end of what is filled. */
  #windowFirst = 0
  #windowLast = 0
  #windowEnd: Spot = 0

  constructor() {
    this.words[TIME] = SPAN
  }

  /** Room for an event `delay` > 0 microseconds from now, its time written. */
  insert(delay: Micros): Spot {
    if (this.#unused > MANY_WORDS && this.#windowBits === WIDE) this.#refine()
    const due = this.clock + delay
    if (due < SPAN) return this.#place(due)
    const low = due % SPAN
    this.#farBases.push(this.base + due - low)
    return this.#append(FAR_SLOT, low)
  }

  /** Goes on from the window's next event, which there must be, to the one after it. */
  pass(): void {
    const order = this.#spots
    const late = this.#late
    let early: Spot = order[this.#position]
    if (this.next === early) early = order[++this.#position]
    else late.shift()
    const due = this.words[early | TIME]
    if (due > late.due) {
      this.next = late.first
      this.nextDue = late.due
    } else {
      this.next = early
      this.nextDue = due
    }
  }

  /**
   * Moves the clock to the next event at or before `until`, when nothing is due now.
   * @returns false, with the clock where it was or at a slot's start, when there is none
   */
  seek(until: Micros): boolean {
    for (;;) {
      const limit = until - this.base
      const due = this.nextDue
      if (due < SPAN) {
        if (due > limit) return false
        this.clock = due
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
    if (distance < this.#window) return
    this.#leaveWindow()
    this.#window = 1 << this.#windowBits
    if (distance >= BLOCK) this.#cascade(COARSE + (due >> BLOCK_BITS))
    else this.#enterWindow((due >> this.#windowBits) & this.#middleMask)
  }

  /** Drops the events for which `isStale` holds, except the window's. */
  sweep(isStale: (words: Int32Array, at: Spot) => boolean): void {
    let slot = this.#used.first(0, FAR_SLOT)
    const kept = (at: Spot) => (isStale(this.words, at) ? NOWHERE : slot)
    while (slot >= 0) {
      this.#rewrite(slot, kept)
      slot = slot + 1 < FAR_SLOT ? this.#used.first(slot + 1, FAR_SLOT) : -1
    }
    const bases = this.#farBases
    this.#farBases = []
    this.#rewrite(FAR_SLOT, (at, index) => {
      if (isStale(this.words, at)) return NOWHERE
      this.#farBases.push(bases[index])
      return FAR_SLOT
    })
  }

  /** Room in the slot of `due`: the level is where the time differs from the clock. */
  #place(due: number): Spot {
    const distance = due ^ this.clock
    if (distance < this.#window) return this.#placeInWindow(due)
    if (distance >= BLOCK) return this.#append(COARSE + (due >> BLOCK_BITS), due)
    return this.#append((due >> this.#windowBits) & this.#middleMask, due)
  }

  /** Room for what is scheduled into a window that the clock is in. */
  #placeInWindow(due: number): Spot {
    let at = this.#windowEnd
    if ((at & CHUNK_MASK) === 0) {
      at = this.#takeChunk()
      this.#keepInWindow(at, at)
    }
    this.#windowEnd = at + WIDTH
    this.words[at | TIME] = due
    this.#late.add(due, at)
    if (due < this.nextDue) {
      this.next = at
      this.nextDue = due
    }
    return at
  }

  /**
   * From now on windows are narrow. From the last slot to the first, as each is spread over those
   * that begin at four times its index.
   */
  #refine(): void {
    this.#windowBits = NARROW
    this.#middleMask = MIDDLE_SLOTS - 1
    for (let slot = (BLOCK >> WIDE) - 1; slot >= 0; slot--) {
      this.#rewrite(slot, (at) => (this.words[at | TIME] >> NARROW) & this.#middleMask)
    }
  }

  /** The chunks of a slot become the window's: its events are put in order, not moved. */
  #enterWindow(slot: number): void {
    const end: Spot = this.#lists[slot * 2 + 1]
    if (end === 0) return
    const first = this.#detach(slot)
    const last = (end - 1) & ~CHUNK_MASK
    const order = this.#order
    order.begin()
    for (let chunk = first; chunk !== last; chunk = this.#chunkAfter[chunk >> CHUNK_BITS]) {
      order.collect(chunk, chunk + CHUNK)
    }
    order.collect(last, end)
    this.#keepInWindow(first, last)
    order.sort(this.words, this.#windowBits)
    this.#spots = order.spots
    this.#position = 0
    this.next = this.#spots[0]
    this.nextDue = this.words[this.next | TIME]
  }

  #keepInWindow(first: Spot, last: Spot): void {
    this.#chunkAfter[last >> CHUNK_BITS] = this.#windowFirst
    if (this.#windowFirst === 0) this.#windowLast = last
    this.#windowFirst = first
  }

  /** Frees the chunks of a window in which nothing is left. */
  #leaveWindow(): void {
    this.#windowEnd = 0
    if (this.#windowFirst === 0) return
    this.#chunkAfter[this.#windowLast >> CHUNK_BITS] = this.#free
    this.#free = this.#windowFirst
    this.#windowFirst = 0
  }

  #append(slot: number, due: number): Spot {
    const lists = this.#lists
    const tail = slot * 2 + 1
    let at: Spot = lists[tail]
    if ((at & CHUNK_MASK) === 0) at = this.#extend(slot, at)
    lists[tail] = at + WIDTH
    this.words[at | TIME] = due
    return at
  }

  /** A new chunk for a list that is empty or whose last one is full; its first spot. */
  #extend(slot: number, end: Spot): Spot {
    const chunk = this.#takeChunk()
    if (end === 0) {
      this.#lists[slot * 2] = chunk
      this.#used.mark(slot)
    } else {
      this.#chunkAfter[(end >> CHUNK_BITS) - 1] = chunk
    }
    return chunk
  }

  #takeChunk(): Spot {
    const chunk = this.#free
    if (chunk === 0) return this.#newChunk()
    this.#free = this.#chunkAfter[chunk >> CHUNK_BITS]
    return chunk
  }

  #giveBack(chunk: Spot): void {
    this.#chunkAfter[chunk >> CHUNK_BITS] = this.#free
    this.#free = chunk
  }

  #newChunk(): Spot {
    const chunk = this.#unused
    this.#unused += CHUNK
    if (chunk === this.words.length) {
      invariant(chunk < WORDS_MAX, 'the wheel holds at most 2^26 events', { words: chunk })
      this.words = doubled(this.words)
      this.#chunkAfter = doubled(this.#chunkAfter)
    }
    return chunk
  }

  /** Empties a list that is in use. @returns the first of its events */
  #detach(slot: number): Spot {
    this.#lists[slot * 2 + 1] = 0
    this.#used.clear(slot)
    return this.#lists[slot * 2]
  }

  /** The event after `at` in a list that ends at `end`, 0 for none; frees chunks behind it. */
  #after(at: Spot, end: Spot): Spot {
    const chunk = at & ~CHUNK_MASK
    let next = at + WIDTH
    const isLast = next === end
    if (!isLast && (next & CHUNK_MASK) !== 0) return next
    next = isLast ? 0 : this.#chunkAfter[chunk >> CHUNK_BITS]
    this.#giveBack(chunk)
    return next
  }

  /** Enters the next slot that holds something, so that its events reach finer levels. */
  #descend(limit: number, until: Micros): boolean {
    const middle = this.#used.first((this.clock >> this.#windowBits) & this.#middleMask, COARSE)
    if (middle >= 0) {
      return this.#enter((this.clock & -BLOCK) | (middle << this.#windowBits), limit)
    }
    const coarse = this.#used.first(COARSE + (this.clock >> BLOCK_BITS), FAR_SLOT)
    if (coarse >= 0) return this.#enter((coarse - COARSE) << BLOCK_BITS, limit)
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
      const spot = this.#place(this.words[at | TIME])
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
      const due = this.words[at | TIME]
      const spot = to === BY_TIME ? this.#place(due) : this.#append(to, due)
      copyEvent(this.words, at, this.words, spot)
    }
  }
}
