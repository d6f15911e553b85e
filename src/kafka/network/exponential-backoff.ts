// Models: Kafka's doubling waits with jitter, used for retries, reconnects and connection set-up.
// Leaves out: nothing.
// Source: org.apache.kafka.common.utils.ExponentialBackoff (KIP-580, KIP-601).

import type { Micros } from '../../sim/time.ts'

/** The two draws that a back-off needs, so that a test can fix them. */
export interface BackoffRandom {
  int(lo: number, hi: number): number
}

export interface BackoffSpec {
  readonly initial: Micros
  readonly max: Micros
  /** Share of the wait by which it varies either way, in percent; Kafka's clients use 20. */
  readonly jitterPercent: number
}

/**
 * Wait before attempt number `attempts` + 1, in micros. The term grows to `max`, then the jitter is
 * applied, then the result is cut at `max` again: at the ceiling the jitter only shortens.
 */
export function backoff(spec: BackoffSpec, attempts: number, random: BackoffRandom): Micros {
  let term = Math.min(spec.initial, spec.max)
  for (let i = 0; i < attempts && term < spec.max; i++) term *= 2
  term = Math.min(term, spec.max)
  if (term === 0 || spec.jitterPercent === 0) return term
  const spread = Math.floor((term * spec.jitterPercent) / 100)
  return Math.min(random.int(term - spread, term + spread), spec.max)
}
