// Models: how long Flink waits before it runs a failed task again, and when it gives up.
// Leaves out: failure rates; a backoff that falls back after an hour without failures.
// Source: org.apache.flink.runtime.executiongraph.failover: FixedDelayRestartBackoffTimeStrategy,
// ExponentialDelayRestartBackoffTimeStrategy, NoRestartBackoffTimeStrategy; FLIP-364.

import type { Random } from '../../sim/random.ts'
import { type Micros, millis } from '../../sim/time.ts'

export type RestartStrategy =
  | { readonly type: 'none' }
  | { readonly type: 'fixed-delay'; readonly attempts: number; readonly delayMs: number }
  | {
      readonly type: 'exponential-delay'
      readonly initialMs: number
      readonly maxMs: number
      readonly multiplier: number
    }

/** restart-strategy.exponential-delay.jitter-factor */
const JITTER_FACTOR = 0.1

/**
 * Counts every failure since the job manager's start, of whichever subtask. Owned by the job
 * manager; a new life of it is patient again.
 */
export class RestartBackoff {
  readonly #strategy: RestartStrategy
  readonly #random: Random
  #failures = 0
  #backoffMs: number

  constructor(strategy: RestartStrategy, random: Random) {
    this.#strategy = strategy
    this.#random = random
    this.#backoffMs = strategy.type === 'exponential-delay' ? strategy.initialMs : 0
  }

  /** After one more failure; null: it is not tried again. */
  next(): Micros | null {
    const strategy = this.#strategy
    this.#failures++
    switch (strategy.type) {
      case 'none':
        return null
      case 'fixed-delay':
        return this.#failures > strategy.attempts ? null : millis(strategy.delayMs)
      case 'exponential-delay': {
        const jitter = Math.floor(this.#backoffMs * JITTER_FACTOR)
        const wait = this.#backoffMs + this.#random.int(-jitter, jitter)
        this.#backoffMs = Math.min(strategy.maxMs, this.#backoffMs * strategy.multiplier)
        return millis(Math.max(0, Math.min(strategy.maxMs, wait)))
      }
    }
  }
}
