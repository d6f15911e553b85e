import { invariant } from './invariant.ts'
import type { Random } from './random.ts'
import { type Micros, millis, SECOND } from './time.ts'

/** Something whose bytes lie on a disk: it knows what it flushed and what not. */
export interface Durable {
  /** The operating system or the power went: an arbitrary suffix past the flush point is gone. */
  powerLoss(random: Random): void
  /** The disk itself went: everything is gone. */
  wipe(): void
}

/** Speed of a disk. */
export interface DiskSpec {
  /** Sequential throughput to the medium. */
  bytesPerSecond: number
  /** A flush of nothing. */
  fsyncLatency: Micros
  /** Added to each flush, uniform from 0 to this. */
  fsyncJitter: Micros
  /** Unwritten bytes above which a write waits for the medium. */
  dirtyBytesMax: number
}

const DISK_DEFAULTS: DiskSpec = {
  bytesPerSecond: 500_000_000,
  fsyncLatency: millis(1),
  fsyncJitter: millis(0.5),
  dirtyBytesMax: 256 * 1_024 * 1_024,
}

/** What a slow disk adds; factors multiply, latencies add, over all that are in force. */
export interface DiskSlowness {
  /** Divides the throughput and multiplies the flush latency. */
  factor?: number
  /** Added to each write and each flush. */
  latency?: Micros
}

/** Something that the disk keeps waiting: a timer, as a rule. */
export interface DiskWait {
  /** When the disk lets it go on, as things are. */
  readonly deadline: Micros
  /** Lets it go on after `delay` instead. */
  arm(delay: Micros): void
}

/** Waits that may be known before those that are over are swept for the first time. */
const WAITS_MIN = 64

/**
 * One disk of a host: a page cache that a process crash leaves alone, a queue to the medium with
 * a sequential throughput, and flushes. Delays are returned, never slept: the caller schedules,
 * and names what waits, because what a slow disk has begun gets done sooner when it is fast again.
 */
export class Disk {
  spec: DiskSpec
  readonly #random: Random
  readonly #now: () => Micros
  readonly #durables: Durable[] = []
  readonly #slowness: DiskSlowness[] = []
  #mediumFreeAt = 0
  /** Begun while the disk was slow, with the deadline that the disk had set. */
  readonly #waits = new Map<DiskWait, Micros>()
  #waitsMax = WAITS_MIN

  constructor(now: () => Micros, random: Random, spec: Partial<DiskSpec> = {}) {
    this.#now = now
    this.#random = random
    this.spec = { ...DISK_DEFAULTS, ...spec }
    const { bytesPerSecond } = this.spec
    invariant(bytesPerSecond > 0, 'a disk takes what it is given in time', { bytesPerSecond })
  }

  /** From now on `durable` shares the fate of this disk. */
  register(durable: Durable): void {
    this.#durables.push(durable)
  }

  /**
   * Hands bytes to the page cache, which writes them out behind.
   * @returns the delay until the write call returns: 0 unless too much is unwritten
   */
  write(bytes: number): Micros {
    const queued = this.#queue(bytes)
    const free = (this.spec.dirtyBytesMax * SECOND) / this.#throughput()
    return Math.max(0, Math.floor(queued - free)) + this.#addedLatency()
  }

  /**
   * Flushes: all that was written before, and these further bytes.
   * @returns the delay until it is durable
   */
  fsync(bytes = 0): Micros {
    const queued = this.#queue(bytes)
    const jitter = this.spec.fsyncJitter
    const drawn = jitter > 0 ? this.#random.int(0, jitter) : 0
    const latency = (this.spec.fsyncLatency + drawn) * this.#factor()
    return Math.floor(queued + latency) + this.#addedLatency()
  }

  /** Makes the disk slower until the returned function is called. */
  slow(by: DiskSlowness): () => void {
    const { factor = 1, latency = 0 } = by
    invariant(factor > 0 && latency >= 0, 'a slow disk takes time', { factor, latency })
    this.#slowness.push(by)
    return () => {
      const at = this.#slowness.indexOf(by)
      if (at < 0) return
      const slow = this.#factor()
      this.#slowness.splice(at, 1)
      this.#hurry(this.#factor() / slow)
    }
  }

  /** `wait` goes on when the delay is over that this disk has just named. */
  keepsWaiting(wait: DiskWait): void {
    if (this.#slowness.length === 0) return
    if (this.#waits.size >= this.#waitsMax) this.#sweep()
    this.#waits.set(wait, wait.deadline)
  }

  /** The operating system crashed or the power went. The caller crashes the processes. */
  powerLoss(): void {
    this.#mediumFreeAt = 0
    for (const durable of this.#durables) durable.powerLoss(this.#random)
  }

  /** The disk is replaced by an empty one. */
  lose(): void {
    this.#mediumFreeAt = 0
    for (const durable of this.#durables) durable.wipe()
  }

  /** Microseconds from now until the medium has these bytes too. */
  #queue(bytes: number): number {
    const now = this.#now()
    const start = Math.max(this.#mediumFreeAt, now)
    this.#mediumFreeAt = start + (bytes * SECOND) / this.#throughput()
    return this.#mediumFreeAt - now
  }

  /** What is left to do takes `ratio` of the time that it would have taken. */
  #hurry(ratio: number): void {
    const now = this.#now()
    const sooner = (at: Micros) => Math.floor(Math.max(0, at - now) * ratio)
    this.#mediumFreeAt = now + sooner(this.#mediumFreeAt)
    this.#sweep()
    for (const [wait, deadline] of this.#waits) {
      wait.arm(sooner(deadline))
      this.#waits.set(wait, wait.deadline)
    }
  }

  /** Forgets what is over, or waits for something else by now. */
  #sweep(): void {
    for (const [wait, deadline] of this.#waits) {
      if (deadline <= this.#now() || wait.deadline !== deadline) this.#waits.delete(wait)
    }
    this.#waitsMax = Math.max(WAITS_MIN, this.#waits.size * 2)
  }

  #throughput(): number {
    return this.spec.bytesPerSecond / this.#factor()
  }

  #factor(): number {
    let factor = 1
    for (const by of this.#slowness) factor *= by.factor ?? 1
    return factor
  }

  #addedLatency(): Micros {
    let latency = 0
    for (const by of this.#slowness) latency += by.latency ?? 0
    return latency
  }
}
