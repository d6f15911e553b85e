import type { SendWindow } from './send-window.ts'
import { INITIAL_WINDOW } from './tcp.ts'
import type { Micros } from './time.ts'

/** 2/ln 2: the rate doubles each round trip while the path's own is not known. */
const STARTUP_GAIN = 2.885
/** Once the rate is known it is probed: a round trip of more, one of less, six as it is. */
const CYCLE_GAINS = [1.25, 0.75, 1, 1, 1, 1, 1, 1] as const
/** The window is this many times what the path holds, once its rate is known. */
const CRUISE_WINDOW_GAIN = 2
/** Linux paces a little below the rate that it found. */
const PACING_MARGIN = 0.99
/** Segments that leave before anything is paced. */
const UNPACED_SEGMENTS = 10
/** A rate counts for so many round trips. */
const RATE_ROUNDS = 10
/** The path is full when three rounds brought less than a quarter more. */
const FULL_ROUNDS = 3
const FULL_GROWTH = 1.25
const SEGMENTS_MIN = 4
/** What leaves at once: as much as the rate gives in 1,024 µs, two segments at least. */
const BURST: Micros = 1_024
const BURST_SEGMENTS_MIN = 2
const BURST_BYTES_MAX = 65_536

/** How fast data went from its sending to its acknowledgement. */
export interface RateSample {
  /** All bytes delivered when it was sent, and when that had been reached. */
  readonly prior: number
  readonly priorAt: Micros
  /** The program had no more to send at the time, so that the path may carry more than this. */
  readonly isAppLimited: boolean
}

/**
 * BBR (version 1, Linux's tcp_bbr.c): the sender measures at which rate its data arrives and sends
 * no faster, so that a flight is spread over time instead of leaving at once. A program that sends
 * in answers, each smaller than the window, never shows BBR a full path: it stays in start-up.
 *
 * Left out: the probing for a shorter round trip (200 ms with four segments every 10 s), and the
 * estimate of a policer's rate.
 */
export class Bbr implements SendWindow {
  bytes: number
  readonly #segmentBytes: number
  #roundTrip: Micros
  /** Bytes a microsecond at which data leaves. */
  #pacing: number
  #sent = 0
  /** When the pacer lets the next burst out. */
  #freeAt: Micros = 0
  #delivered = 0
  #deliveredAt: Micros = 0
  /** Delivered bytes up to which the program is what limited the rate. */
  #appLimitedUntil = -1
  /** Best rate of each of the last rounds, by round. */
  readonly #rates = new Float64Array(RATE_ROUNDS)
  #rate = 0
  #round = 0
  #roundEnds = 0
  #ratedRound = 0
  #fullRate = 0
  #fullRounds = 0
  #phase = 0
  #phaseStart: Micros = 0

  constructor(segmentBytes: number, roundTrip: Micros) {
    this.#segmentBytes = segmentBytes
    this.#roundTrip = Math.max(1, roundTrip)
    this.bytes = INITIAL_WINDOW * segmentBytes
    this.#pacing = (STARTUP_GAIN * this.bytes) / this.#roundTrip
  }

  /**
   * Always: BBR's window follows from what was delivered, whether or not a sender has filled it.
   */
  isLimiting(): boolean {
    return true
  }

  /**
   * In start-up every acknowledged byte widens the window; later no further than what the path
   * holds (bbr_set_cwnd). Never below four segments.
   */
  grow(acked: number): void {
    const target = this.#target()
    if (this.#isFull) this.bytes = Math.min(this.bytes + acked, target)
    else if (this.bytes < target) this.bytes += acked
    this.bytes = Math.max(this.bytes, SEGMENTS_MIN * this.#segmentBytes)
  }

  /** Nothing: Linux restarts no window of a control that paces; `programWrites` does that part. */
  restartAfterIdle(): void {}

  /** A loss alone tells BBR nothing; after a time-out it begins again with one segment. */
  collapse(byTimeout: boolean): void {
    if (!byTimeout) return
    this.bytes = this.#segmentBytes
    this.#fullRate = 0
  }

  /** Nothing: a full queue is a loss, and BBR's rate does not follow losses. */
  yieldToQueue(): void {}

  /** Keeps the shortest round trip ever seen, in µs: that of the path without a queue. */
  sampleRtt(sample: Micros): void {
    if (sample > 0 && sample < this.#roundTrip) this.#roundTrip = sample
  }

  /**
   * When the last of these bytes leaves, given to the kernel now. Keeps the pacer's time. A small
   * write at the end goes with the last burst if that has to wait, else it waits by itself.
   */
  depart(now: Micros, bytes: number, writes: number): Micros {
    this.#sent += bytes
    if (this.#sent <= UNPACED_SEGMENTS * this.#segmentBytes) return now
    const start = Math.max(now, this.#freeAt)
    this.#freeAt = start + bytes / this.#pacing
    const burst = this.#burst()
    const before = Math.floor((bytes - 1) / burst) * burst
    const waits = before === 0 && writes > 1 ? bytes : before
    return Math.floor(start + waits / this.#pacing)
  }

  /** When the pacer lets something out again; at most now if at once. */
  get freeAt(): Micros {
    return Math.ceil(this.#freeAt)
  }

  /**
   * The program hands over data while all that it gave before has left. After a pause it leaves at
   * the rate that is known, without probing.
   */
  programWrites(bytesOut: number): void {
    this.#appLimitedUntil = this.#delivered + bytesOut
    if (bytesOut === 0 && this.#isFull) this.#setPacing(1)
  }

  /** What to remember of data that leaves now. */
  sampleAt(now: Micros, bytesOut: number): RateSample {
    if (bytesOut === 0) this.#deliveredAt = now
    return {
      prior: this.#delivered,
      priorAt: this.#deliveredAt,
      isAppLimited: this.#appLimitedUntil >= this.#delivered,
    }
  }

  /**
   * Data was acknowledged at `at`.
   * @param bytesOut what was out before
   */
  acknowledged(at: Micros, bytes: number, bytesOut: number, sample: RateSample): void {
    this.#delivered += bytes
    this.#deliveredAt = at
    if (this.#delivered > this.#appLimitedUntil) this.#appLimitedUntil = -1
    const isRoundStart = sample.prior >= this.#roundEnds
    if (isRoundStart) {
      this.#roundEnds = this.#delivered
      this.#round++
    }
    const elapsed = at - sample.priorAt
    if (elapsed < this.#roundTrip) return
    const rate = (this.#delivered - sample.prior) / elapsed
    if (!sample.isAppLimited || rate >= this.#rate) this.#keepRate(rate)
    if (isRoundStart && !sample.isAppLimited) this.#lookWhetherFull()
    if (this.#isFull) this.#cycle(at, bytesOut)
    this.#setPacing(this.#isFull ? CYCLE_GAINS[this.#phase] : STARTUP_GAIN)
  }

  get #isFull(): boolean {
    return this.#fullRounds >= FULL_ROUNDS
  }

  #keepRate(rate: number): void {
    const slot = this.#round % RATE_ROUNDS
    const skipped = Math.min(RATE_ROUNDS, this.#round - this.#ratedRound)
    for (let i = 0; i < skipped; i++) this.#rates[(slot - i + RATE_ROUNDS) % RATE_ROUNDS] = 0
    this.#ratedRound = this.#round
    this.#rates[slot] = Math.max(this.#rates[slot], rate)
    this.#rate = Math.max(...this.#rates)
  }

  #lookWhetherFull(): void {
    if (this.#isFull) return
    if (this.#rate >= this.#fullRate * FULL_GROWTH) {
      this.#fullRate = this.#rate
      this.#fullRounds = 0
    } else this.#fullRounds++
  }

  /** Probing for more goes on until more is out; for less, until no queue is left. */
  #cycle(at: Micros, bytesOut: number): void {
    const gain = CYCLE_GAINS[this.#phase]
    const isLong = at - this.#phaseStart > this.#roundTrip
    const held = this.#rate * this.#roundTrip
    const isDone =
      gain > 1 ? isLong && bytesOut >= gain * held : isLong || (gain < 1 && bytesOut <= held)
    if (!isDone) return
    this.#phase = (this.#phase + 1) % CYCLE_GAINS.length
    this.#phaseStart = at
  }

  /** In start-up the pace only rises. */
  #setPacing(gain: number): void {
    const pacing = gain * this.#rate * PACING_MARGIN
    if (this.#isFull || pacing > this.#pacing) this.#pacing = pacing
  }

  #burst(): number {
    const full = this.#segmentBytes
    const bytes = Math.min(this.#pacing * BURST, BURST_BYTES_MAX)
    return Math.max(BURST_SEGMENTS_MIN, Math.floor(bytes / full)) * full
  }

  #target(): number {
    const gain = this.#isFull ? CRUISE_WINDOW_GAIN : STARTUP_GAIN
    if (this.#rate === 0) return Number.POSITIVE_INFINITY
    return gain * this.#rate * this.#roundTrip + 3 * this.#burst()
  }
}
