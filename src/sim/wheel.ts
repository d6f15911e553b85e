import type { Micros } from './time.ts'

/** Offset of an event in `TimingWheel.nodes`; the first ones are the slots themselves. */
export type Node = number & { readonly __unit?: 'node' }

/** Words of an event: half a cache line, so that one miss brings all of it. */
export const NODE_WIDTH = 8
export const NEXT = 0
export const PREV = 1
/** Low 30 bits of the time. Words from here on are free for the owner of the wheel. */
export const DUE = 2
export const OWNER_WORD = 3

export const EPOCH: Micros = 0x4000_0000
const EPOCH_MASK = EPOCH - 1
const SLOTS = 1_024
const LEVELS = 3
const FAR_SLOT = SLOTS * LEVELS
/** The first node that is an event and not a slot. */
export const FIRST_NODE: Node = (FAR_SLOT + 2) * 2

/**
 * A hierarchical timing wheel over integer microseconds: three levels of 1,024 slots of 1 µs,
 * 2^10 µs and 2^20 µs, and one list for what lies beyond the current epoch of 2^30 µs.
 *
 * Each slot is a circular doubly linked list through `nodes`, its sentinel (two words) included,
 * so that append and unlink need no branch. A slot is a FIFO, and an event only moves to a finer
 * level before anything can be scheduled there directly: equal times fire in the order of
 * insertion with no sequence number stored.
 */
export class TimingWheel {
  /** Two words a slot, then NODE_WIDTH words an event. */
  nodes: Int32Array
  /** Low 30 bits of the current time. */
  clock = 0
  /** Start of the current epoch; the current time is `base + clock`. */
  base: Micros = 0
  readonly #bits = new Int32Array(LEVELS * 32 + 1)
  readonly #words = new Int32Array(LEVELS + 1)
  readonly #farBases = new Map<Node, Micros>()

  constructor(capacity: number) {
    this.nodes = new Int32Array(FIRST_NODE + capacity * NODE_WIDTH)
    for (let slot = 0; slot <= FAR_SLOT; slot++) {
      const sentinel = slot * 2
      this.nodes[sentinel + NEXT] = sentinel
      this.nodes[sentinel + PREV] = sentinel
    }
  }

  /** Room for this many events; nodes keep their offsets. */
  grow(capacity: number): void {
    const larger = new Int32Array(FIRST_NODE + capacity * NODE_WIDTH)
    larger.set(this.nodes)
    this.nodes = larger
  }

  /** The first event due now, or a slot's own node (< FIRST_NODE) where there is none. */
  headNow(): Node {
    return this.nodes[((this.clock & 1023) << 1) + NEXT] as Node
  }

  /** Adds a node `delay` > 0 microseconds from now. */
  insert(node: Node, delay: Micros): void {
    const due = this.clock + delay
    if (due < EPOCH) this.place(node, due)
    else this.#placeFar(node, due)
  }

  /** Puts a node of this epoch into the level where it differs from the clock. */
  place(node: Node, due: number): void {
    const nodes = this.nodes
    nodes[node + DUE] = due
    const distance = due ^ this.clock
    let slot = due & 1023
    if (distance >= 1_048_576) slot = 2_048 + (due >> 20)
    else if (distance >= 1_024) slot = 1_024 + ((due >> 10) & 1023)
    const sentinel = slot << 1
    const tail = nodes[sentinel + PREV] as Node
    nodes[node + NEXT] = sentinel
    nodes[node + PREV] = tail
    nodes[tail + NEXT] = node
    nodes[sentinel + PREV] = node
    if (tail === sentinel) this.#mark(slot)
  }

  /** Takes the first event of the current slot, which there must be. */
  takeHead(node: Node): void {
    const nodes = this.nodes
    const sentinel = (this.clock & 1023) << 1
    const next = nodes[node + NEXT] as Node
    nodes[sentinel + NEXT] = next
    nodes[next + PREV] = sentinel
    if (next === sentinel) this.#clear(sentinel >> 1)
  }

  unlink(node: Node): void {
    const nodes = this.nodes
    const next = nodes[node + NEXT] as Node
    const prev = nodes[node + PREV] as Node
    nodes[prev + NEXT] = next
    nodes[next + PREV] = prev
    if (next === prev) this.#clear(next >> 1)
  }

  /** Also forgets the epoch of a node that may lie beyond the current one. */
  cancel(node: Node): void {
    this.unlink(node)
    if (this.#farBases.size > 0) this.#farBases.delete(node)
  }

  /**
   * Moves the clock to the next event at or before `until`.
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
        return true
      }
      if (!this.#descend(limit, until)) return false
    }
  }

  /** Moves the clock to `time`; nothing may be pending before it. */
  advance(time: Micros): void {
    const due = time - this.base
    if (due >= EPOCH) {
      this.#enterEpoch(time)
      return
    }
    const distance = due ^ this.clock
    this.clock = due
    if (distance >= 1_048_576) this.#cascade(2_048 + (due >> 20))
    else if (distance >= 1_024) this.#cascade(1_024 + ((due >> 10) & 1023))
  }

  /** Enters the next coarse slot that holds something, so that its events reach finer levels. */
  #descend(limit: number, until: Micros): boolean {
    const middle = this.#firstOccupied(1, (this.clock >> 10) & 1023)
    if (middle >= 0) return this.#enter((this.clock & ~0xf_ffff) | (middle << 10), limit)
    const coarse = this.#firstOccupied(2, this.clock >> 20)
    if (coarse >= 0) return this.#enter(coarse << 20, limit)
    let base = until + 1
    for (const far of this.#farBases.values()) if (far < base) base = far
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
    this.clock = time % EPOCH
    this.base = time - this.clock
    const nodes = this.nodes
    const sentinel = FAR_SLOT << 1
    let node = nodes[sentinel + NEXT] as Node
    while (node !== sentinel) {
      const next = nodes[node + NEXT] as Node
      if (this.#farBases.get(node) === this.base) {
        this.cancel(node)
        this.place(node, nodes[node + DUE] as number)
      }
      node = next
    }
  }

  #placeFar(node: Node, due: number): void {
    const nodes = this.nodes
    const low = due % EPOCH
    const sentinel = FAR_SLOT << 1
    const tail = nodes[sentinel + PREV] as Node
    nodes[node + DUE] = low & EPOCH_MASK
    nodes[node + NEXT] = sentinel
    nodes[node + PREV] = tail
    nodes[tail + NEXT] = node
    nodes[sentinel + PREV] = node
    this.#farBases.set(node, this.base + due - low)
  }

  /** Empties a coarse slot into the finer levels, first come first. */
  #cascade(slot: number): void {
    const nodes = this.nodes
    const sentinel = slot << 1
    let node = nodes[sentinel + NEXT] as Node
    if (node === sentinel) return
    nodes[sentinel + NEXT] = sentinel
    nodes[sentinel + PREV] = sentinel
    this.#clear(slot)
    while (node !== sentinel) {
      const next = nodes[node + NEXT] as Node
      this.place(node, nodes[node + DUE] as number)
      node = next
    }
  }

  #mark(slot: number): void {
    const word = slot >> 5
    this.#bits[word] = (this.#bits[word] as number) | (1 << (slot & 31))
    this.#words[slot >> 10] = (this.#words[slot >> 10] as number) | (1 << (word & 31))
  }

  #clear(slot: number): void {
    const word = slot >> 5
    const rest = (this.#bits[word] as number) & ~(1 << (slot & 31))
    this.#bits[word] = rest
    if (rest === 0) {
      this.#words[slot >> 10] = (this.#words[slot >> 10] as number) & ~(1 << (word & 31))
    }
  }

  /** Index within the level of the first slot in use at or after `from`; -1 for none. */
  #firstOccupied(level: number, from: number): number {
    const word = from >> 5
    const here = (this.#bits[(level << 5) + word] as number) & (-1 << (from & 31))
    if (here !== 0) return (word << 5) + 31 - Math.clz32(here & -here)
    const later = (this.#words[level] as number) & (-2 << word)
    if (later === 0) return -1
    const found = 31 - Math.clz32(later & -later)
    const bits = this.#bits[(level << 5) + found] as number
    return (found << 5) + 31 - Math.clz32(bits & -bits)
  }
}
