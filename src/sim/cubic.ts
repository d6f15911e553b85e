import type { SendWindow } from './send-window.ts'
import { INITIAL_WINDOW } from './tcp.ts'
import type { Micros } from './time.ts'

/** What is left of the window after a loss seen by duplicate acknowledgements, in 1/1024. */
const BACKOFF_IN_1024 = 717

/**
 * Linux's default: slow start, then growth by about a segment a round trip; a loss shrinks the
 * window by CUBIC's share. The cubic curve itself is left out.
 */
export class Cubic implements SendWindow {
  bytes: number
  readonly #segmentBytes: number
  /** The smaller of send and receive buffer. */
  readonly #windowMax: number
  #ssthresh: number

  constructor(segmentBytes: number, windowMax: number) {
    this.#segmentBytes = segmentBytes
    this.#windowMax = windowMax
    this.bytes = INITIAL_WINDOW * segmentBytes
    this.#ssthresh = windowMax
  }

  /**
   * More than half of the window out counts as using it, as in slow start (tcp_is_cwnd_limited).
   */
  isLimiting(bytesOut: number): boolean {
    return bytesOut * 2 > this.bytes
  }

  /**
   * Below the threshold by as much as was acknowledged, so it doubles each round trip; above it by
   * about a segment a round trip. Never beyond the buffers.
   */
  grow(acked: number): void {
    if (this.bytes >= this.#windowMax) return
    if (this.bytes < this.#ssthresh) this.bytes += acked
    else this.bytes += Math.max(1, Math.floor((this.#segmentBytes * acked) / this.bytes))
  }

  /** Linux halves the window for each time-out of idleness, down to the initial one. */
  restartAfterIdle(idle: Micros, rto: Micros): void {
    const floor = INITIAL_WINDOW * this.#segmentBytes
    for (let left = idle - rto; left > 0 && this.bytes > floor; left -= rto) {
      this.bytes = Math.max(floor, Math.floor(this.bytes / 2))
    }
  }

  /**
   * A loss by duplicate acknowledgements leaves 70 %, one by a time-out a single segment, from
   * which slow start goes up to those 70 %; never less than two segments otherwise.
   */
  collapse(byTimeout: boolean): void {
    const kept = Math.floor((Math.min(this.bytes, this.#windowMax) * BACKOFF_IN_1024) / 1_024)
    this.#ssthresh = Math.max(2 * this.#segmentBytes, kept)
    this.bytes = byTimeout ? this.#segmentBytes : this.#ssthresh
  }

  /** A queue that overflows drops segments: for CUBIC the same as a loss. */
  yieldToQueue(): void {
    this.collapse(false)
  }
}
