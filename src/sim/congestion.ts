import { Bbr } from './bbr.ts'
import { Cubic } from './cubic.ts'
import type { Random } from './random.ts'
import type { CongestionControl, SendWindow } from './send-window.ts'
import { backedOff, fastRecovery, retransmissionTimeout, tailProbe } from './tcp.ts'
import type { Micros } from './time.ts'

/**
 * What a sender believes about its path: how much may be out, how long a round trip takes, and
 * what a loss costs.
 */
export class Congestion {
  /** Smoothed round trip. */
  srtt: Micros
  /** Set where the sender paces what it sends. */
  readonly bbr: Bbr | null
  readonly #control: SendWindow
  /** The smaller of send and receive buffer. */
  readonly #windowMax: number
  #rttvar: Micros = 0
  #yieldedAt: Micros = 0

  constructor(control: CongestionControl, segmentBytes: number, windowMax: number, rtt: Micros) {
    this.#windowMax = Math.max(windowMax, segmentBytes)
    this.bbr = control === 'bbr' ? new Bbr(segmentBytes, rtt) : null
    this.#control = this.bbr ?? new Cubic(segmentBytes, this.#windowMax)
    this.srtt = rtt
  }

  /** Bytes that may be out at a time. */
  get window(): number {
    return Math.min(this.#control.bytes, this.#windowMax)
  }

  /** Retransmission time-out in µs, not backed off, by the round trips measured so far. */
  get rto(): Micros {
    return retransmissionTimeout(this.srtt, this.#rttvar)
  }

  /** Whether so many bytes out make the window the limit, so that it may grow. */
  isLimiting(bytesOut: number): boolean {
    return this.#control.isLimiting(bytesOut)
  }

  /**
   * A round trip was measured, in µs: an eighth of the difference goes into the mean, a quarter
   * into the deviation that the time-out is made of (RFC 6298).
   */
  sampleRtt(sample: Micros): void {
    const error = sample - this.srtt
    this.srtt += Math.floor(error / 8)
    this.#rttvar += Math.floor((Math.abs(error) - this.#rttvar) / 4)
    this.bbr?.sampleRtt(sample)
  }

  /** Bytes that were sent at the limit are acknowledged. */
  grow(acked: number): void {
    this.#control.grow(acked)
  }

  /**
   * Nothing was out for `idle` µs before what is sent now: an old window says little of the path
   * (tcp_slow_start_after_idle).
   */
  restartAfterIdle(idle: Micros): void {
    this.#control.restartAfterIdle(idle, this.rto)
  }

  /** A loss was seen; by a time-out, only one segment may go out at first. */
  collapse(byTimeout: boolean): void {
    this.#control.collapse(byTimeout)
  }

  /** A queue on the way overflowed: the window shrinks, at most once a round trip. */
  yieldToQueue(now: Micros): void {
    if (now - this.#yieldedAt < this.srtt) return
    this.#yieldedAt = now
    this.#control.yieldToQueue()
  }

  /**
   * Draws which of these segments are lost and how late that makes the whole.
   * @param othersOut whether acknowledgements of earlier data are still to come
   * @returns microseconds, negative where the last segment was lost
   */
  drawLoss(random: Random, lossPpm: number, segments: number, othersOut: boolean): Micros {
    let anyLost = false
    let tailLost = 0
    let arrivedLater = 0
    for (let i = 0; i < segments; i++) {
      if (random.chancePpm(lossPpm)) {
        anyLost = true
        tailLost++
      } else {
        if (anyLost) arrivedLater++
        tailLost = 0
      }
    }
    if (!anyLost) return 0
    const acksToCome = othersOut || tailLost < segments
    let late = tailLost > 0 ? this.#tailRecovery(tailLost, acksToCome) : 0
    if (arrivedLater > 0) late = Math.max(late, fastRecovery(this.srtt, arrivedLater))
    const rto = this.rto
    for (let tries = 1; random.chancePpm(lossPpm); tries++) late += backedOff(rto, tries)
    this.collapse(late >= rto)
    return tailLost > 0 ? -late : late
  }

  /**
   * The end of what was sent is lost, so no later segment tells of it. Acknowledgements of
   * earlier ones restart the timer; a probe repeats the last segment alone, and only its
   * acknowledgement shows that others before it are missing too.
   */
  #tailRecovery(tailLost: number, acksToCome: boolean): Micros {
    const rearmed = acksToCome ? this.srtt : 0
    const probe = tailProbe(this.srtt, this.rto, tailLost)
    return rearmed + probe + (tailLost > 1 ? this.srtt : 0)
  }
}
