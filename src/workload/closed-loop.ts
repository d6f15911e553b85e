import type { RecordSource } from '../kafka/clients/record-source.ts'
import type { Micros } from '../sim/time.ts'
import { NEVER } from '../sim/time.ts'

/**
 * An application that waits: at most `outstanding` records without an answer, the next one
 * `thinkTime` after an answer of either kind.
 */
export class ClosedLoopSource implements RecordSource {
  readonly payloadBytes: number
  private readonly until: Micros
  private readonly thinkTime: Micros
  /** When each free slot may send, earliest first. */
  private ready: Micros[]
  private left: number

  /** @param recordsMax ends the load after so many records; Infinity for none. */
  constructor(
    payloadBytes: number,
    from: Micros,
    until: Micros,
    outstanding: number,
    thinkTime: Micros,
    recordsMax = Number.POSITIVE_INFINITY,
  ) {
    this.payloadBytes = payloadBytes
    this.until = until
    this.thinkTime = thinkTime
    this.left = recordsMax
    this.ready = Array.from({ length: outstanding }, () => from)
  }

  /** Those whose thinking time is over, while the load lasts. */
  available(now: Micros): number {
    let count = 0
    for (const at of this.ready) {
      if (at > now || at >= this.until) break
      count++
    }
    return Math.min(count, this.left)
  }

  /** NEVER for a record that waits for an acknowledgement first. */
  arrivalOf(n: number): Micros {
    const at = this.ready[n]
    return at === undefined || at >= this.until || n >= this.left ? NEVER : at
  }

  /** As many must be acknowledged before the loop goes on. */
  take(n: number): void {
    this.ready = this.ready.slice(n)
    this.left -= n
  }

  /** Failed records free their place as acknowledged ones do. */
  done(count: number, now: Micros): void {
    for (let i = 0; i < count; i++) this.ready.push(now + this.thinkTime)
  }
}
