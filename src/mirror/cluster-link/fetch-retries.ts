// Models: how often and how long a fetch is tried again that the source answers with an error.
// Leaves out: nothing; silence is no error, and is asked into for ever.
// Source: Confluent's docs (cluster.link.retry.timeout.ms); KIP-1279
// (mirror.failed.retry.initial.backoff.ms, .max.backoff.ms, .max.attempts).

import {
  type BackoffRandom,
  type BackoffSpec,
  backoff,
} from '../../kafka/network/exponential-backoff.ts'
import type { Micros } from '../../sim/time.ts'

/** By time, with the same wait in between; or by attempts, with waits that double. */
export type RetryRule =
  | { readonly kind: 'time'; readonly limit: Micros; readonly wait: Micros }
  | { readonly kind: 'attempts'; readonly max: number; readonly waits: BackoffSpec }

/** A run of failures. */
export interface Failing {
  readonly count: number
  readonly since: Micros
}

/** @returns how long to wait before the next try; null: it is given up */
export function retryAfter(
  rule: RetryRule,
  { count, since }: Failing,
  now: Micros,
  random: BackoffRandom,
): Micros | null {
  if (rule.kind === 'time') return now - since >= rule.limit ? null : rule.wait
  return count >= rule.max ? null : backoff(rule.waits, count, random)
}

/** Beyond what it was given up. */
export function retryLimit(rule: RetryRule): string {
  if (rule.kind === 'time') return 'for longer than cluster.link.retry.timeout.ms'
  return `in ${rule.max} attempts (mirror.failed.retry.max.attempts)`
}
