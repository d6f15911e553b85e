// Models: how a client asks a registry: one URL after the other, each as often as it is worth it.
// Leaves out: connections kept for the next question, url.randomize.
// Source: client.rest.RestService.httpRequest, client.rest.RetryExecutor (full jitter),
// client.rest.utils.UrlList of confluentinc/schema-registry (8.x).

import { ask, type CallFailure } from '../mirror/single-call.ts'
import { invariant } from '../sim/invariant.ts'
import type { Network } from '../sim/network.ts'
import type { Process, Timer } from '../sim/process.ts'
import type { Random } from '../sim/random.ts'
import { type Micros, MS, millis } from '../sim/time.ts'
import {
  isRetriable,
  type RegisteredSchema,
  RegistryCall,
  type RegistryError,
  RegistryReply,
  type RegistryRequest,
  SCHEMA_BYTES,
} from './messages.ts'

export interface RestServiceConfig {
  readonly connectTimeoutMs: number
  readonly readTimeoutMs: number
  /** At one URL, after the first try. */
  readonly maxRetries: number
  readonly retriesWaitMs: number
  readonly retriesMaxWaitMs: number
}

export interface RestServiceOptions {
  readonly process: Process
  readonly network: Network
  /** schema.registry.url, in order. */
  readonly urls: readonly string[]
  readonly find: (url: string) => Process | null
  readonly config: RestServiceConfig
}

/** Why there is no schema: what the last URL that was tried said, or did not say. */
export interface RestFailure {
  readonly url: string
  readonly error: RegistryError | CallFailure
}

export type OnSchema = (schema: RegisteredSchema | null, failure: RestFailure | null) => void

/**
 * Only time-outs, broken connections and retriable errors of a registry are tried again and
 * elsewhere; any other error ends the question at once.
 */
export class RestService {
  readonly #options: RestServiceOptions
  readonly #random: Random
  readonly #timer: Timer
  /** The URL that worked last, or the one after that which failed last. */
  #current = 0
  #isAsking = false
  #again: () => void = () => {}

  /** Build one in each incarnation of its process. */
  constructor(options: RestServiceOptions) {
    invariant(options.urls.length > 0, 'schema.registry.url names somebody')
    this.#options = options
    this.#random = options.process.random('schema-registry-client')
    this.#timer = options.process.timer(() => this.#again())
  }

  /** One question at a time: its thread stands still until the answer. */
  request(request: RegistryRequest, onEnd: OnSchema): void {
    invariant(!this.#isAsking, 'a thread that asks a registry does nothing else')
    this.#isAsking = true
    this.#tryUrls(request, this.#options.urls.length, (schema, failure) => {
      this.#isAsking = false
      onEnd(schema, failure)
    })
  }

  #tryUrls(request: RegistryRequest, left: number, onEnd: OnSchema): void {
    const { urls } = this.#options
    const url = urls[this.#current] ?? ''
    this.#tryUrl(url, request, 0, (schema, failure) => {
      if (failure === null || !isWorthTrying(failure)) {
        onEnd(schema, failure)
        return
      }
      this.#current = (this.#current + 1) % urls.length
      if (left === 1) onEnd(null, failure)
      else this.#tryUrls(request, left - 1, onEnd)
    })
  }

  #tryUrl(url: string, request: RegistryRequest, tried: number, onEnd: OnSchema): void {
    const { process, network, find, config } = this.#options
    const server = find(url)
    invariant(server !== null, 'a URL of the scenario has a process', { url })
    const connectTimeout = millis(config.connectTimeoutMs)
    const readTimeout = millis(config.readTimeoutMs)
    const message = new RegistryCall(request)
    const question = { process, network, server, connectTimeout, readTimeout, message }
    ask({ ...question, bytes: SCHEMA_BYTES }, (reply, lost) => {
      const error = reply instanceof RegistryReply ? reply.error : lost
      if (error === null && reply instanceof RegistryReply) {
        onEnd(reply.schema, null)
        return
      }
      const failure: RestFailure = { url, error: error ?? 'connection refused or reset' }
      if (tried >= config.maxRetries || !isWorthTrying(failure)) onEnd(null, failure)
      else this.#later(tried, () => this.#tryUrl(url, request, tried + 1, onEnd))
    })
  }

  #later(tried: number, again: () => void): void {
    this.#again = again
    this.#timer.arm(this.#waitAfter(tried))
  }

  /** From 1 ms to as long as the exponential wait would be. */
  #waitAfter(tried: number): Micros {
    const { retriesWaitMs, retriesMaxWaitMs } = this.#options.config
    let ceiling = Math.min(retriesWaitMs, retriesMaxWaitMs)
    for (let i = 0; i < tried; i++) ceiling = Math.min(2 * ceiling, retriesMaxWaitMs)
    return ceiling === 0 ? 0 : this.#random.int(1, ceiling) * MS
  }
}

function isWorthTrying({ error }: RestFailure): boolean {
  switch (error) {
    case 'connect timed out':
    case 'read timed out':
    case 'connection refused or reset':
      return true
    default:
      return isRetriable(error)
  }
}
