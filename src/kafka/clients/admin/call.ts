// Models: one request of an administrator's client with its tries, its deadline and its node.
// Leaves out: version downgrades, quotas.
// Source: KafkaAdminClient.Call, KafkaAdminClient.NodeProvider.

import type { Micros } from '../../../sim/time.ts'
import type { KafkaError } from '../../errors.ts'
import type { NodeId } from '../../ids.ts'
import type { Request, Response } from '../../messages.ts'

/** REQUEST_TIMED_OUT where the time of the call was over, whatever had failed before. */
export type AdminError = KafkaError | 'ADMIN_CLOSED'

/**
 * How the owner of a client hears of the end: `error` is the first of all, NONE where there was
 * none; `value` holds what there is, also beside an error.
 */
export type AdminCallback<T> = (error: AdminError, value: T) => void

/** A broker by its id, any broker, the one for orders to the controller, or one for metadata. */
export type NodeChoice = NodeId | 'least-loaded' | 'controller' | 'for-metadata'

/** What a call is for. */
export interface CallWork {
  readonly node: NodeChoice
  readonly request: Request
  /** Takes the answer; any error but NONE is a failure of the call, which may be tried again. */
  answered(response: Response): KafkaError
  failed(error: AdminError): void
  /** Takes over after a lost connection; absent: the same call is tried again. */
  disconnected?(): void
}

/** One attempt after the other counts; the deadline, in µs of the run, is that of all together. */
export class Call {
  readonly work: CallWork
  readonly deadline: Micros
  tries: number
  nextTryAt: Micros
  /** Where it is to be sent, or was sent; null while nobody is chosen. */
  node: NodeId | null = null

  constructor(work: CallWork, deadline: Micros, tries = 0, nextTryAt: Micros = 0) {
    this.work = work
    this.deadline = deadline
    this.tries = tries
    this.nextTryAt = nextTryAt
  }
}
