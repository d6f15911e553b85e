import type { RecordSource } from '../kafka/clients/record-source.ts'
import type { Micros } from '../sim/time.ts'
import { NEVER } from '../sim/time.ts'

/** An application that calls send() as fast as the producer lets it: the buffer sets the pace. */
export class FloodSource implements RecordSource {
  readonly payloadBytes: number
  private readonly from: Micros
  private readonly until: Micros
  private left: number
  private lastAsked: Micros

  /** @param recordsMax ends the load after so many records; Infinity for none. */
  constructor(
    payloadBytes: number,
    from: Micros,
    until: Micros,
    recordsMax = Number.POSITIVE_INFINITY,
  ) {
    this.payloadBytes = payloadBytes
    this.from = from
    this.until = until
    this.left = recordsMax
    this.lastAsked = from
  }

  /** All that is left, as long as the load lasts. */
  available(now: Micros): number {
    if (now < this.from || now >= this.until) return 0
    this.lastAsked = now
    return this.left
  }

  /** When it was last asked: a record is made when there is room for it. */
  arrivalOf(n: number): Micros {
    return n >= this.left || this.lastAsked >= this.until ? NEVER : this.lastAsked
  }

  /** Only a count of records ends it before its time. */
  take(n: number): void {
    this.left -= n
  }

  /** Waits for nobody. */
  done(): void {}
}
