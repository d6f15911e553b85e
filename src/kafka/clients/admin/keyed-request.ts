// Models: a request about many things, each at the broker that has it: looked up, asked, retried.
// Leaves out: a cache of leaders across requests, releases without batched look-ups.
// Source: clients.admin.internals.AdminApiDriver, AdminApiHandler, AdminApiLookupStrategy.

import type { Micros } from '../../../sim/time.ts'
import type { KafkaError } from '../../errors.ts'
import type { NodeId } from '../../ids.ts'
import type { Request, Response } from '../../messages.ts'
import { backoff } from '../../network/exponential-backoff.ts'
import type { AdminCallback, AdminError, CallWork } from './call.ts'
import type { CallRunner } from './call-runner.ts'

/** What one look-up told; keys in neither map are looked up again. */
export interface Located<K> {
  readonly nodes: ReadonlyMap<K, NodeId>
  readonly failed: ReadonlyMap<K, KafkaError>
}

/** What one broker told; keys that are nowhere are asked about again, there. */
export interface Fulfilled<K, V> {
  readonly values: ReadonlyMap<K, V>
  readonly failed: ReadonlyMap<K, KafkaError>
  /** The broker is not the right one (any more). */
  readonly unmapped: readonly K[]
}

/** What differs between kinds of requests: how a key's broker is found, and what it is asked. */
export interface KeyedApi<K, V> {
  lookup(keys: readonly K[]): Request
  /** null where the answer is of the wrong kind. */
  located(keys: readonly K[], response: Response): Located<K> | null
  request(keys: readonly K[]): Request
  fulfilled(keys: readonly K[], response: Response): Fulfilled<K, V> | null
}

/** What is under way to one place, and when it may be asked next. */
interface Scope {
  isInFlight: boolean
  tries: number
  nextTryAt: Micros
}

/** Where a key stands: at the broker that should know it, or without one. */
type Place = NodeId | 'lookup'

/**
 * Keys move between being looked up and being asked about, until each has a value, an error for
 * good, or no time left; the caller hears of all of them at once.
 */
export class KeyedRequest<K, V> {
  readonly #api: KeyedApi<K, V>
  readonly #runner: CallRunner
  readonly #deadline: Micros
  readonly #onDone: AdminCallback<ReadonlyMap<K, V>>
  readonly #keys: readonly K[]
  /** Keys without an end; the request is over when there are none. */
  readonly #open = new Map<K, Place>()
  /** Tries and back-off count by place, not by key: keys share requests. */
  readonly #scopes = new Map<Place, Scope>()
  readonly #values = new Map<K, V>()
  readonly #errors = new Map<K, AdminError>()

  /** Starts at once; `onDone` hears of the end of all. */
  constructor(
    api: KeyedApi<K, V>,
    keys: readonly K[],
    runner: CallRunner,
    timeoutMs: number,
    onDone: AdminCallback<ReadonlyMap<K, V>>,
  ) {
    this.#api = api
    this.#keys = [...new Set(keys)]
    this.#runner = runner
    this.#deadline = runner.now + timeoutMs * 1_000
    this.#onDone = onDone
    for (const key of this.#keys) this.#open.set(key, 'lookup')
    this.#proceed()
  }

  /** One request at a time to each place that has open keys. */
  #proceed(): void {
    if (this.#open.size === 0) {
      const failed = this.#keys.find((key) => this.#errors.has(key))
      const error = failed === undefined ? 'NONE' : (this.#errors.get(failed) ?? 'NONE')
      this.#onDone(error, this.#values)
      return
    }
    const byPlace = new Map<Place, K[]>()
    for (const [key, place] of this.#open) {
      const keys = byPlace.get(place)
      if (keys === undefined) byPlace.set(place, [key])
      else keys.push(key)
    }
    const idle = [...byPlace].filter(([place]) => !this.#scopeOf(place).isInFlight)
    const calls = idle.map(([place, keys]) => {
      const scope = this.#scopeOf(place)
      scope.isInFlight = true
      return { work: this.#workFor(place, keys), tries: scope.tries++, at: scope.nextTryAt }
    })
    for (const { work, tries, at } of calls) this.#runner.call(work, this.#deadline, tries, at)
  }

  /** A lost connection sends the keys back to the look-up: their broker may be another now. */
  #workFor(place: Place, keys: readonly K[]): CallWork {
    const isLookup = place === 'lookup'
    return {
      node: isLookup ? 'least-loaded' : place,
      request: isLookup ? this.#api.lookup(keys) : this.#api.request(keys),
      answered: (response) => {
        const isUsed = isLookup ? this.#locate(keys, response) : this.#fulfil(keys, response)
        if (!isUsed) return 'UNKNOWN_SERVER_ERROR'
        this.#ended(place)
        this.#proceed()
        return 'NONE'
      },
      failed: (error) => {
        for (const key of keys) this.#fail(key, error)
        this.#ended(place)
        this.#proceed()
      },
      disconnected: () => {
        for (const key of keys) if (this.#open.has(key)) this.#open.set(key, 'lookup')
        this.#ended(place)
        this.#proceed()
      },
    }
  }

  /** Kept after its keys have gone: who comes back finds the back-off that ran. */
  #scopeOf(place: Place): Scope {
    const known = this.#scopes.get(place)
    if (known !== undefined) return known
    const scope = { isInFlight: false, tries: 0, nextTryAt: 0 }
    this.#scopes.set(place, scope)
    return scope
  }

  /** Look-ups are repeated without a wait. */
  #ended(place: Place): void {
    const scope = this.#scopeOf(place)
    const { now, backoff: spec, random } = this.#runner
    scope.isInFlight = false
    scope.nextTryAt = now
    if (place !== 'lookup') scope.nextTryAt += backoff(spec, Math.max(0, scope.tries - 1), random)
  }

  /** Keys that the answer does not name stay where they are, and are looked up again. */
  #locate(keys: readonly K[], response: Response): boolean {
    const located = this.#api.located(keys, response)
    if (located === null) return false
    for (const [key, node] of located.nodes) this.#open.set(key, node)
    for (const [key, error] of located.failed) this.#fail(key, error)
    return true
  }

  /** A broker may know some and send others away (NOT_COORDINATOR, NOT_LEADER). */
  #fulfil(keys: readonly K[], response: Response): boolean {
    const fulfilled = this.#api.fulfilled(keys, response)
    if (fulfilled === null) return false
    for (const [key, value] of fulfilled.values) {
      this.#values.set(key, value)
      this.#open.delete(key)
    }
    for (const [key, error] of fulfilled.failed) this.#fail(key, error)
    for (const key of fulfilled.unmapped) this.#open.set(key, 'lookup')
    return true
  }

  /** For good: the others go on, and the caller hears the first error in the order of keys. */
  #fail(key: K, error: AdminError): void {
    this.#open.delete(key)
    this.#errors.set(key, error)
  }
}
