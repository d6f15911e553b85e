// Errors that say that a client may not do what it wants: no retry, no other leader helps.

import type { ProduceError } from '../../kafka/clients/producer-observer.ts'

const REFUSALS: readonly string[] = [
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
] satisfies readonly ProduceError[]

/** Whether an authorizer has refused something. */
export function isRefusal(error: string): boolean {
  return REFUSALS.includes(error)
}
