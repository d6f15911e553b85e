// Models: how a consumer finds the broker that coordinates its group, and loses sight of it.
// Leaves out: nothing; a refused look-up is tried again like any other that failed.
// Source: AbstractCoordinator.ensureCoordinatorReady, lookupCoordinator, markCoordinatorUnknown; of
// consumers under KIP-848 CoordinatorRequestManager, RequestState.

import { invariant } from '../../../sim/invariant.ts'
import type { Random } from '../../../sim/random.ts'
import { type Micros, NEVER } from '../../../sim/time.ts'
import type { KafkaError } from '../../errors.ts'
import type { FindCoordinatorRequest } from '../../group-messages.ts'
import type { GroupId, NodeId } from '../../ids.ts'
import type { Request, Response } from '../../messages.ts'
import type { KafkaClient } from '../../network/client-channel.ts'
import {
  type BackoffSpec,
  backoff,
  type RetryBackoffConfig,
  retryBackoff,
} from '../../network/exponential-backoff.ts'
import type { RpcCaller } from '../../network/rpc.ts'
import type { ClientMetadata } from '../metadata.ts'
import { leastLoadedNode } from '../metadata-updater.ts'
import type { GroupProtocol } from './group-settings.ts'

/** The coordinator has a connection of its own, beside the one for fetches. */
const COORDINATOR_IDS: NodeId = 2_147_483_647
const COORDINATOR_IDS_MIN: NodeId = 1_073_741_824

/** Id of the connection to `node` as coordinator. */
export function coordinatorId(node: NodeId): NodeId {
  return COORDINATOR_IDS - node
}

/** The broker behind a coordinator's id, or the id itself where it is a plain one. */
export function resolveCoordinator(node: NodeId): NodeId {
  return node >= COORDINATOR_IDS_MIN ? COORDINATOR_IDS - node : node
}

export interface LookupConfig extends RetryBackoffConfig {
  readonly group: GroupId
  readonly requestTimeoutMs: number
  /** Absent: classic. */
  readonly protocol?: GroupProtocol
}

/**
 * Any broker can tell, by its metadata, which may lag: whoever it names may answer NOT_COORDINATOR,
 * and the look-up begins again.
 */
export class CoordinatorLookup implements RpcCaller {
  /** Connection id of the coordinator; null while unknown. */
  coordinator: NodeId | null = null
  /** Whoever must know that one was found. */
  onFound: (() => void) | null = null
  /** Whoever must know that the group is not for this client. */
  onRefused: ((error: KafkaError) => void) | null = null
  readonly #config: LookupConfig
  readonly #client: KafkaClient
  readonly #metadata: ClientMetadata
  readonly #random: Random
  readonly #wake: () => void
  readonly #backoff: BackoffSpec
  #isAsking = false
  #attempts = 0
  #retryAt: Micros = 0
  /** A failed look-up waits for newer metadata: this version is not it. */
  #staleVersion = -1

  constructor(
    config: LookupConfig,
    client: KafkaClient,
    metadata: ClientMetadata,
    random: Random,
    wake: () => void,
  ) {
    this.#config = config
    this.#client = client
    this.#metadata = metadata
    this.#random = random
    this.#wake = wake
    this.#backoff = retryBackoff(config)
  }

  /** A thread of its own that waits for nothing but its back-off, which a success begins too. */
  get #isPaced(): boolean {
    return this.#config.protocol === 'consumer'
  }

  /** Asks for the coordinator where it is unknown. @returns when to look again */
  ensure(now: Micros): Micros {
    if (this.coordinator !== null || this.#isAsking) return NEVER
    if (now < this.#retryAt) return this.#retryAt
    if (!this.#isPaced && this.#metadata.version === this.#staleVersion) return NEVER
    const { node } = leastLoadedNode(this.#metadata.nodes, this.#client, this.#random)
    if (node === null) {
      this.#later(now)
      return this.#retryAt
    }
    this.#isAsking = true
    const request: FindCoordinatorRequest = { api: 'FindCoordinator', group: this.#config.group }
    this.#client.send(node, request, this.#config.requestTimeoutMs, this)
    return NEVER
  }

  /**
   * Connects to whoever was named. Any error, and no answer, is followed by a back-off before the
   * next look-up, in classic consumers by newer metadata too.
   */
  onReply(_request: Request, response: Response | null): void {
    invariant(this.#isAsking, 'a coordinator is looked for before it is found')
    this.#isAsking = false
    if (response?.api === 'FindCoordinator' && response.error === 'NONE') {
      // Another connection than that of fetches, on purpose: a long poll would hold heartbeats up.
      this.#found(coordinatorId(response.coordinator))
    } else {
      const error = response?.api === 'FindCoordinator' ? response.error : null
      if (error === 'GROUP_AUTHORIZATION_FAILED') this.onRefused?.(error)
      this.#later(this.#client.now)
      this.#staleVersion = this.#metadata.version
      this.#metadata.requestUpdate()
    }
    this.#wake()
  }

  #found(coordinator: NodeId): void {
    const { now } = this.#client
    this.#client.ready(coordinator)
    if (!this.#isPaced && (this.#client.retryAt(coordinator) ?? 0) > now) {
      // Its connection has failed just now: it is not taken for one, and looked up again.
      this.#later(now)
      return
    }
    this.coordinator = coordinator
    this.#attempts = 0
    if (this.#isPaced) this.#retryAt = now + backoff(this.#backoff, 0, this.#random)
    this.onFound?.()
  }

  #later(now: Micros): void {
    this.#retryAt = now + backoff(this.#backoff, this.#attempts++, this.#random)
  }

  /**
   * The coordinator does not answer, or says that it is none. What else waits for it on that
   * connection has failed.
   * @param isDisconnected its connection is gone already
   */
  markUnknown(isDisconnected: boolean): void {
    const { coordinator } = this
    if (coordinator === null) return
    this.coordinator = null
    if (!isDisconnected) this.#client.disconnect(coordinator)
    this.#wake()
  }

  /**
   * If it was the coordinator's connection, or one to it that failed, it is looked up again, in
   * classic consumers at once: whoever is asked may know another by now. Named again within the
   * back-off of that connection it is left alone for a back-off (`#found`).
   */
  onConnectionLost(node: NodeId): void {
    if (node === this.coordinator) this.markUnknown(true)
  }
}
