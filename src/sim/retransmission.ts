import { JIFFY, kernelTimer } from './kernel-timer.ts'
import { backedOff, RETRIES_MAX, tailProbe } from './tcp.ts'
import { type Micros, NEVER } from './time.ts'

/** More segments out than one, whatever their number. */
const SEVERAL = 2

/**
 * When a sender tries again to bring over what nobody acknowledges:
 *
 * 1. a tail-loss probe: after the time-out where a single segment is out; where there are more, two
 *    round trips after the last was sent, though not after the time-out of the first;
 * 2. the time-out runs anew from that probe;
 * 3. from then on each wait is twice the one before.
 *
 * So after a cut a single segment is tried after 0.25, 0.5, 1, 2, 4, 8, 16, 32 s and a bit.
 */
export class Retransmission {
  #retries = 0
  /** When the oldest segment times out; NEVER where no probe waits. */
  #timeout: Micros = NEVER

  /** The moment of the probe for data whose timer was armed at `armedAt`. */
  first(armedAt: Micros, srtt: Micros, rto: Micros, segmentsOut: number): Micros {
    this.#timeout = armedAt + rto
    return kernelTimer(armedAt, tailProbe(srtt, rto, segmentsOut))
  }

  /** The moment of the probe now that another segment was sent; null where none waits. */
  postponed(now: Micros, srtt: Micros): Micros | null {
    if (this.#timeout === NEVER) return null
    return kernelTimer(now, tailProbe(srtt, Math.max(0, this.#timeout - now), SEVERAL))
  }

  /** The moment of the attempt after the one `now`; null if the connection is given up. */
  next(now: Micros, rto: Micros): Micros | null {
    this.#timeout = NEVER
    if (this.#retries > RETRIES_MAX) return null
    // The kernel keeps the time-out in whole ticks, and doubles those.
    return kernelTimer(now, backedOff(Math.ceil(rto / JIFFY) * JIFFY, this.#retries++))
  }

  /** The path carries again: the retries so far are forgotten, and no probe waits. */
  reset(): void {
    this.#retries = 0
    this.#timeout = NEVER
  }
}
