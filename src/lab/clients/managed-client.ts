// A client's process as its operator sees it: where it works, whether it runs, how it ends.

import type { Process } from '../../sim/process.ts'
import type { Micros } from '../../sim/time.ts'
import { watchEnd } from '../watch.ts'

/** Where a client works from its next start on. */
export interface ClientSeat {
  readonly cluster: string
  readonly topics: readonly string[]
  /** Clusters and endpoints whose addresses it is given. */
  readonly bootstrap: readonly string[]
}

/** Outlives its process: what is set here counts from the next start on. */
export class ManagedClient {
  readonly name: string
  seat: ClientSeat
  /** The application's own orderly end. */
  close: () => void = () => this.process.exit()
  #isServed = false
  /** Where it has arrived last; null before the first time. */
  #workedIn: string | null = null
  /** Its present end was ordered: a step of a runbook, and no failure. */
  isOrdered = false
  readonly process: Process

  constructor(name: string, process: Process, seat: ClientSeat) {
    this.name = name
    this.process = process
    this.seat = seat
  }

  /** A broker has served it since its last start. */
  get isServed(): boolean {
    return this.#isServed
  }

  /** The cluster that it comes from, now that it starts in another one; null where it stays. */
  cameFrom(cluster: string, home: string): string | null {
    const before = this.#workedIn ?? home
    return before === cluster ? null : before
  }

  /** It has done what it does on its way there; a start that ends before that is no arrival. */
  arrived(cluster: string): void {
    this.#workedIn = cluster
  }

  /**
   * Its process has begun: nobody has served it yet, and its next end is a failure unless ordered.
   */
  booted(): void {
    this.#isServed = false
    this.isOrdered = false
  }

  /** A broker has acknowledged its records, or handed it some. */
  served(): void {
    this.#isServed = true
  }

  /** Paused counts as running. */
  get isRunning(): boolean {
    return this.process.state !== 'stopped'
  }

  /**
   * Ends the process: in order, and by force when that takes longer than `grace`; 0: at once.
   * @param later the world's clock, which goes on when the process is gone
   */
  stop(
    grace: Micros,
    later: (delay: Micros, callback: () => void) => void,
    onStopped: () => void,
  ): void {
    if (!this.isRunning) {
      onStopped()
      return
    }
    const { incarnation } = this.process
    this.isOrdered = true
    watchEnd(this.process, () => later(0, onStopped))
    if (grace === 0) {
      this.process.crash()
      return
    }
    later(grace, () => {
      if (this.process.incarnation === incarnation) this.process.crash()
    })
    this.close()
  }
}
