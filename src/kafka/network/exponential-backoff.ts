// Models: Kafka's doubling waits with jitter, used for retries, reconnects and connection set-up.
// Leaves out: nothing.
// Source: org.apache.kafka.common.utils.ExponentialBackoff (KIP-580, KIP-601).

import { type Micros, millis } from '../../sim/time.ts'

/** The two draws that a back-off needs, so that a test can fix them. */
export interface BackoffRandom {
  int(lo: number, hi: number): number
}

export interface BackoffSpec {
  readonly initial: Micros
  readonly max: Micros
  /** Share of the wait by which it varies either way, in percent. */
  readonly jitterPercent: number
}

/** Of all waits of a network client: before retries, before reconnects, for a connection. */
export const JITTER_PERCENT = 20

/** What a client reads of its configuration for its waits before another try. */
export interface RetryBackoffConfig {
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
}

/** The waits that retry.backoff.ms and retry.backoff.max.ms ask for. */
export function retryBackoff(config: RetryBackoffConfig): BackoffSpec {
  return {
    initial: millis(config.retryBackoffMs),
    max: millis(config.retryBackoffMaxMs),
    jitterPercent: JITTER_PERCENT,
  }
}

/**
 * Wait before attempt number `attempts` + 1, in micros. The term grows to `max`, then the jitter is
 * applied, then the result is cut at `max` again: at the ceiling the jitter only shortens. Where
 * there is nothing to grow to, all waits are as long as `max` and nothing varies them.
 */
export function backoff(spec: BackoffSpec, attempts: number, random: BackoffRandom): Micros {
  if (spec.max <= spec.initial) return spec.max
  let term = spec.initial
  for (let i = 0; i < attempts && term < spec.max; i++) term *= 2
  term = Math.min(term, spec.max)
  if (term === 0 || spec.jitterPercent === 0) return term
  const spread = Math.floor((term * spec.jitterPercent) / 100)
  return Math.min(random.int(term - spread, term + spread), spec.max)
}
