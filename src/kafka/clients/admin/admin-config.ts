// Models: the settings of an administrator's client that the model follows, with their defaults.
// Leaves out: security, metrics, bootstrap.controllers (KIP-919).
// Source: org.apache.kafka.clients.admin.AdminClientConfig (4.1).

import type { RetryBackoffConfig } from '../../network/exponential-backoff.ts'

export interface AdminConfig extends RetryBackoffConfig {
  /** default.api.timeout.ms: how long a call may take, all its tries together. */
  readonly apiTimeoutMs: number
  readonly requestTimeoutMs: number
  /** Of one call; its time is over long before so many. */
  readonly retries: number
  /** So old the list of brokers may become while nothing fails. */
  readonly metadataMaxAgeMs: number
  /** Client releases from 4.0 start again from the bootstrap addresses when no node is left. */
  readonly rebootstrap: boolean
  /** Also when no metadata came for so long. */
  readonly rebootstrapTriggerMs: number
}

export const ADMIN_DEFAULTS: AdminConfig = {
  apiTimeoutMs: 60_000,
  requestTimeoutMs: 30_000,
  retries: 2_147_483_647,
  retryBackoffMs: 100,
  retryBackoffMaxMs: 1_000,
  metadataMaxAgeMs: 300_000,
  rebootstrap: true,
  rebootstrapTriggerMs: 300_000,
}
