import { QUEUE_MAX } from './tcp.ts'
import { type Micros, SECOND } from './time.ts'

/**
 * A queue before a wire: what is given to it leaves in that order, at the wire's bandwidth. One may
 * be shared, by links that pass the same router or by paths that pass the same machine.
 */
export class Wire {
  /** Bits a second; 0 is unlimited. */
  bandwidthBps: number
  /** The longest wait that its queue holds; a longer one makes it drop, and senders yield. */
  readonly queueMax: Micros
  /** When it has sent all that was given to it; a fraction of a microsecond is kept. */
  #freeAt = 0

  constructor(bandwidthBps: number, queueMax: Micros = QUEUE_MAX) {
    this.bandwidthBps = bandwidthBps
    this.queueMax = queueMax
  }

  /** True while more waits than the queue can hold. */
  isCongested(now: Micros): boolean {
    return this.#freeAt - now > this.queueMax
  }

  /**
   * Queues so many bytes now.
   * @param cap narrows the wire for these bytes; 0 does not
   * @returns the time at which the last of them has left
   */
  send(now: Micros, bytes: number, cap = 0): Micros {
    const bandwidth = narrower(this.bandwidthBps, cap)
    if (bandwidth === 0) return now
    const start = this.#freeAt > now ? this.#freeAt : now
    this.#freeAt = start + (bytes * 8 * SECOND) / bandwidth
    return Math.floor(this.#freeAt)
  }
}

function narrower(a: number, b: number): number {
  if (a === 0) return b
  return b === 0 ? a : Math.min(a, b)
}
