import { doubled } from './doubled.ts'

/**
 * The digest of a run: a hash over (time, handler's name, a, b) of every event of the world, in
 * order: each message with its receiver and its bytes, connections, retransmissions, boots, faults.
 * What a process does for itself between two of them, its work and its timers, is not counted: it
 * shows in what is sent, and when. So a timer that is armed in another way changes no digest.
 */
export class WorldDigest {
  readonly #words = new Int32Array([0x2545f491, 0x9e3779b9 | 0])
  /** What each handler adds: by its name, however many were registered before it. */
  #tags = new Int32Array(256)

  /** To be told of each handler, in the order of their numbers. */
  name(handler: number, name: string): void {
    if (handler === this.#tags.length) this.#tags = doubled(this.#tags)
    this.#tags[handler] = hashOf(name)
  }

  /** Takes in one event; `clock` are the low 30 bits of its time. */
  fold(clock: number, handler: number, a: number, b: number): void {
    const words = this.#words
    const h = (Math.imul(words[0] ^ clock, 0x2c1b3c6d) + this.#tags[handler]) | 0
    const g = (Math.imul(words[1] ^ (a + h), 0x297a2d39) + b) | 0
    words[0] = h ^ (g >>> 15)
    words[1] = g
  }

  /** 16 hex digits. */
  toString(): string {
    const [h, g] = this.#words
    const words = [h ^ (h >>> 16), g ^ (h >>> 7)]
    return words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
  }
}

function hashOf(name: string): number {
  let hash = 0x811c9dc5 | 0
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x0100_0193)
  return hash
}
