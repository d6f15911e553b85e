/** A queue of integers, first in first out: power-of-two ring, doubled when it is full. */
export class IntRing {
  #items = new Int32Array(256)
  #head = 0
  #tail = 0

  get isEmpty(): boolean {
    return this.#head === this.#tail
  }

  push(item: number): void {
    this.#items[this.#tail] = item
    this.#tail = (this.#tail + 1) & (this.#items.length - 1)
    if (this.#tail === this.#head) this.#grow()
  }

  /** Takes the oldest, which there must be. */
  shift(): number {
    const item = this.#items[this.#head] as number
    this.#head = (this.#head + 1) & (this.#items.length - 1)
    return item
  }

  #grow(): void {
    const old = this.#items
    const larger = new Int32Array(old.length * 2)
    larger.set(old.subarray(this.#head))
    larger.set(old.subarray(0, this.#head), old.length - this.#head)
    this.#items = larger
    this.#head = 0
    this.#tail = old.length
  }
}
