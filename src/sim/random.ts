import seedrandom from 'seedrandom'
import { invariant } from './invariant.ts'

const TWO_32 = 4_294_967_296
const TWO_53 = 9_007_199_254_740_992
const PPM = 1_000_000
const WARM_UP_ROUNDS = 15

/**
 * One stream of chance: sfc32, a small fast counting generator with 128 bits of state.
 * Every distribution uses integer steps or + - * / only, because the transcendental functions
 * differ between JavaScript engines and a run must not.
 */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter: number

  constructor(a: number, b: number, c: number, d: number) {
    this.#a = a | 0
    this.#b = b | 0
    this.#c = c | 0
    this.#counter = d | 0
    for (let i = 0; i < WARM_UP_ROUNDS; i++) this.uint32()
  }

  /** 0 .. 2^32 - 1. */
  uint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** An integer from lo to hi, both included, each exactly as likely as the others. */
  int(lo: number, hi: number): number {
    const range = hi - lo + 1
    invariant(range >= 1 && range <= TWO_53, 'a random range must hold 1 to 2^53 integers', {
      lo,
      hi,
    })
    if (range <= TWO_32) {
      const limit = TWO_32 - (TWO_32 % range)
      let x = this.uint32()
      while (x >= limit) x = this.uint32()
      return lo + (x % range)
    }
    const limit = TWO_53 - (TWO_53 % range)
    let x = this.#uint53()
    while (x >= limit) x = this.#uint53()
    return lo + (x % range)
  }

  /** [0, 1) with 53 random bits. */
  float(): number {
    return this.#uint53() / TWO_53
  }

  /** True `ppm` times in a million. Certain outcomes draw nothing. */
  chancePpm(ppm: number): boolean {
    if (ppm <= 0) return false
    if (ppm >= PPM) return true
    return this.uint32() * PPM < ppm * TWO_32
  }

  /** Exponential with this mean, rounded to a whole number. */
  exponential(mean: number): number {
    return Math.floor(this.#unitExponential() * mean + 0.5)
  }

  /** Normal with this mean and standard deviation, rounded to a whole number. */
  normal(mean: number, stddev: number): number {
    return Math.floor(mean + this.#unitNormal() * stddev + 0.5)
  }

  /** One element, each as likely as the others. */
  pick<T>(xs: readonly T[]): T {
    invariant(xs.length > 0, 'cannot pick from an empty list')
    return xs[this.int(0, xs.length - 1)]
  }

  /** A shuffled copy (Fisher-Yates); the argument stays as it is. */
  shuffle<T>(xs: readonly T[]): T[] {
    const out = xs.slice()
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.int(0, i)
      const held = out[i]
      out[i] = out[j]
      out[j] = held
    }
    return out
  }

  #uint53(): number {
    const high = this.uint32() >>> 11
    return high * TWO_32 + this.uint32()
  }

  /**
   * Von Neumann's comparison method, exact without a logarithm. A falling run u1 > u2 > … that
   * breaks at an even position is rejected with probability exp(-u1); each rejection adds one
   * to the whole part.
   */
  #unitExponential(): number {
    for (let whole = 0; ; whole++) {
      const first = this.float()
      let previous = first
      let runLength = 1
      for (;;) {
        const next = this.float()
        if (next >= previous) break
        previous = next
        runLength++
      }
      if (runLength % 2 === 1) return whole + first
    }
  }

  /** Half-normal by rejection from an exponential (exact), then a sign. */
  #unitNormal(): number {
    for (;;) {
      const x = this.#unitExponential()
      const gap = x - 1
      if (this.#unitExponential() > (gap * gap) / 2) return this.uint32() % 2 === 0 ? x : -x
    }
  }
}

/**
 * The root of all chance in a run. A fork depends on the seed and its name alone, so a draw
 * added in one place, or a fork taken earlier, shifts no other stream.
 */
export class RandomSource {
  readonly #words: readonly [number, number, number, number]

  constructor(seed: string) {
    // ARC4 repeats its key, so without its length '1' and '11' would be the same seed.
    const expand = seedrandom(`${seed.length}:${seed}`)
    this.#words = [expand.int32(), expand.int32(), expand.int32(), expand.int32()]
  }

  /** The stream of this name; call once and keep it, a second call starts it anew. */
  fork(name: string): Random {
    const [a, b, c, d] = this.#words
    return new Random(
      hashName(name, a ^ 0x243f6a88),
      hashName(name, b ^ 0x05a308d3),
      hashName(name, c ^ 0x13198a2e),
      hashName(name, d ^ 0x03707344),
    )
  }
}

/** Murmur-like 32-bit hash over UTF-16 units: every bit of the name reaches every bit out. */
function hashName(name: string, seed: number): number {
  let h = seed
  for (let i = 0; i < name.length; i++) {
    h = Math.imul(h ^ name.charCodeAt(i), 0x5bd1e995)
    h ^= h >>> 15
  }
  h = Math.imul(h ^ name.length, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}
