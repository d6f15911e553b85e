import type { RateSample } from './bbr.ts'
import { type Micros, NEVER } from './time.ts'

/** What one direction of a connection has out: bytes and when their acknowledgement returns. */
export class AckRing {
  #times = new Float64Array(8)
  /** Negative where the window was the limit when they were sent. */
  #sizes = new Int32Array(8)
  /** What a paced sender remembers of each; null where nothing is paced. */
  #samples: RateSample[] | null = null
  #head = 0
  #tail = 0
  /** Unacknowledged bytes. */
  bytes = 0
  /** Bytes that `takeAcked` took last. */
  taken = 0
  /** Whether the window was the limit when those were sent. */
  takenLimited = false
  /** What was remembered when those were sent. */
  takenSample: RateSample | null = null
  /** When the newest acknowledgement so far came. */
  lastAck: Micros = 0

  get isEmpty(): boolean {
    return this.#head === this.#tail
  }

  /** Whether what is out was sent at once. */
  get isSingle(): boolean {
    return this.#tail === ((this.#head + 1) & (this.#times.length - 1))
  }

  /** When the oldest is acknowledged; NEVER where that is not in sight. */
  get nextAck(): Micros {
    return this.isEmpty ? NEVER : this.#times[this.#head]
  }

  /**
   * Notes bytes that leave now. `ackTime` is when their acknowledgement is back, NEVER where it
   * cannot be said; `limited`: the window was the limit; `sample`: null where nothing is paced.
   */
  push(ackTime: Micros, bytes: number, limited: boolean, sample: RateSample | null): void {
    if (sample !== null) {
      this.#samples ??= []
      this.#samples.push(sample)
    }
    this.#times[this.#tail] = ackTime
    this.#sizes[this.#tail] = limited ? -bytes : bytes
    this.bytes += bytes
    this.#tail = (this.#tail + 1) & (this.#times.length - 1)
    if (this.#tail === this.#head) this.#grow()
  }

  /** Takes the oldest if it is acknowledged by now; `taken` and `takenLimited` tell of it. */
  takeAcked(now: Micros): boolean {
    if (this.isEmpty || this.#times[this.#head] > now) return false
    const size = this.#sizes[this.#head]
    this.lastAck = this.#times[this.#head]
    this.#head = (this.#head + 1) & (this.#times.length - 1)
    this.takenLimited = size < 0
    this.taken = size < 0 ? -size : size
    this.bytes -= this.taken
    if (this.#samples !== null) this.takenSample = this.#samples.shift() ?? null
    return true
  }

  /** The newest `count` are acknowledged by then, earlier than it seemed. */
  hasten(ackTime: Micros, count: number): void {
    for (let i = 0, at = this.#tail; i < count && at !== this.#head; i++) {
      at = (at - 1) & (this.#times.length - 1)
      const time = this.#times[at]
      if (time !== NEVER && time > ackTime) this.#times[at] = ackTime
    }
  }

  /** An acknowledgement was lost, so those behind it do not return either. */
  block(): void {
    if (!this.isEmpty) this.#times[this.#head] = NEVER
  }

  /**
   * Nothing is out any more, and nothing of it counts as acknowledged: after a cut all is sent
   * again.
   */
  clear(): void {
    this.#head = this.#tail
    this.#samples = null
    this.takenSample = null
    this.bytes = 0
  }

  #grow(): void {
    const length = this.#times.length
    const times = new Float64Array(length * 2)
    const sizes = new Int32Array(length * 2)
    for (let i = 0; i < length; i++) {
      const at = (this.#head + i) & (length - 1)
      times[i] = this.#times[at]
      sizes[i] = this.#sizes[at]
    }
    this.#times = times
    this.#sizes = sizes
    this.#head = 0
    this.#tail = length
  }
}
