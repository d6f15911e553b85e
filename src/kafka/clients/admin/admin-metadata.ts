// Models: what an administrator's client knows of the cluster: its brokers, and who is asked first.
// Leaves out: authentication errors, bootstrap.controllers.
// Source: org.apache.kafka.clients.admin.internals.AdminMetadataManager.

import type { Micros } from '../../../sim/time.ts'
import { NEVER } from '../../../sim/time.ts'
import { NO_NODE, type NodeId } from '../../ids.ts'
import type { MetadataResponse } from '../../messages.ts'
import { bootstrapId } from '../metadata.ts'
import type { AdminConfig } from './admin-config.ts'

/** Pending: a request is out, and another would tell no more. */
type State = 'quiescent' | 'update-requested' | 'update-pending'

/** No topics: every call that is about topics asks for itself. */
export class AdminMetadata {
  /** Brokers of the last answer, or bootstrap ids. */
  nodes: readonly NodeId[]
  /** To whom orders for the controller go: any broker that was alive. */
  controller: NodeId = NO_NODE
  /** Whether real ids are known. */
  isReady = false
  readonly #config: AdminConfig
  readonly #bootstrap: readonly NodeId[]
  #state: State = 'quiescent'
  #lastUpdate: Micros = Number.NEGATIVE_INFINITY
  #lastAttempt: Micros = Number.NEGATIVE_INFINITY
  /** When the attempts began that have brought nothing yet. */
  #attemptsSince: Micros | null = null

  constructor(config: AdminConfig, bootstrapNodes: readonly NodeId[]) {
    this.#config = config
    this.#bootstrap = bootstrapNodes.map((_, i) => bootstrapId(i))
    this.nodes = this.#bootstrap
  }

  /** Wanted as soon as the back-off allows; a request that is out already will do. */
  requestUpdate(): void {
    if (this.#state === 'quiescent') this.#state = 'update-requested'
  }

  /** When to ask again; NEVER while a request is under way. */
  nextFetchAt(): Micros {
    const allowed = this.#lastAttempt + this.#config.retryBackoffMs * 1_000
    switch (this.#state) {
      case 'quiescent':
        return Math.max(allowed, this.#lastUpdate + this.#config.metadataMaxAgeMs * 1_000)
      case 'update-requested':
        return allowed
      case 'update-pending':
        return NEVER
    }
  }

  /** A request is made; what counts towards rebootstrap is the first since the last answer. */
  begin(now: Micros): void {
    this.#state = 'update-pending'
    this.#lastAttempt = now
    this.#attemptsSince ??= now
  }

  /** A broker that is still starting up knows no brokers: what was known before stays. */
  update({ brokers, controllerId }: MetadataResponse, now: Micros): void {
    this.#state = 'quiescent'
    this.#lastUpdate = now
    this.#attemptsSince = null
    if (brokers.length === 0) return
    this.nodes = brokers.map(({ id }) => id)
    this.controller = controllerId
    this.isReady = true
  }

  /** Those who wait for news will ask for the next attempt. */
  failed(): void {
    this.#state = 'quiescent'
  }

  /** Forgets the brokers where none can be asked, or none has answered for too long. */
  rebootstrapIf(isNoneAvailable: boolean, now: Micros): void {
    const { rebootstrap, rebootstrapTriggerMs } = this.#config
    if (!rebootstrap) return
    const since = this.#attemptsSince ?? now
    if (!isNoneAvailable && now - since <= rebootstrapTriggerMs * 1_000) return
    this.nodes = this.#bootstrap
    this.controller = NO_NODE
    this.isReady = false
    this.#state = 'quiescent'
    this.#attemptsSince = now
  }
}
