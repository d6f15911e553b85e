/** Which slots are in use, a bit each, and above them a bit for each word of bits that has one. */
export class SlotBits {
  readonly #bits: Int32Array
  readonly #summary: Int32Array

  constructor(slots: number) {
    this.#bits = new Int32Array((slots + 31) >> 5)
    this.#summary = new Int32Array((slots + 1_023) >> 10)
  }

  /** Marks a slot as in use; marking it again changes nothing. */
  mark(slot: number): void {
    const word = slot >> 5
    this.#bits[word] = this.#bits[word] | (1 << (slot & 31))
    this.#summary[slot >> 10] = this.#summary[slot >> 10] | (1 << (word & 31))
  }

  /** Marks a slot as empty, and its word above once no other slot of the word is in use. */
  clear(slot: number): void {
    const word = slot >> 5
    const rest = this.#bits[word] & ~(1 << (slot & 31))
    this.#bits[word] = rest
    if (rest === 0) {
      this.#summary[slot >> 10] = this.#summary[slot >> 10] & ~(1 << (word & 31))
    }
  }

  /** The first in use at or after `from` and below `end`, a multiple of 1,024; -1 for none. */
  first(from: number, end: number): number {
    const word = from >> 5
    const here = this.#bits[word] & (-1 << (from & 31))
    if (here !== 0) return (word << 5) + lowestBit(here)
    let group = word >> 5
    let later = this.#summary[group] & (-2 << (word & 31))
    while (later === 0) {
      if (++group === end >> 10) return -1
      later = this.#summary[group]
    }
    const found = (group << 5) + lowestBit(later)
    return (found << 5) + lowestBit(this.#bits[found])
  }
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits)
}
