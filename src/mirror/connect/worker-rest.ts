// Models: the one call that workers make to each other: a worker that runs a connector sends what
// its tasks are told to the leader, which alone may write it down.
// Leaves out: every other endpoint, signatures, TLS; a pool of server threads.
// Source: connect.runtime.rest.RestClient, InternalConnectResource.putTaskConfigs; KIP-507.

import { invariant } from '../../sim/invariant.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import { answering, ask } from '../single-call.ts'
import { CONNECT_TIMEOUTS } from './connect-timeouts.ts'

/**
 * rest.advertised.host.name and port: here the name of the process stands for both. A worker tells
 * it when it joins, and learns the leader's with its assignment.
 */
export type WorkerUrl = string

/** Finds the process behind a URL; null where there is none. */
export type WorkerDirectory = (url: WorkerUrl) => Process | null

/**
 * PUT of task configurations. A connector runs on any worker, and knows of new topics first there;
 * only the leader may write them down. Where workers make no calls (MirrorMaker by itself before
 * KIP-710, and after it by default) a connector away from the leader finds topics and nobody copies
 * them.
 */
export interface TaskConfigsCall {
  readonly connector: string
  readonly configs: readonly unknown[]
}

/** Writes them down if it may; `answer` hears whether it did. */
export type TakeTaskConfigs = (call: TaskConfigsCall, answer: (isTaken: boolean) => void) => void

/** A call on its way; a process may serve several herders, each under a path of its own. */
class SentCall {
  readonly path: string
  readonly call: TaskConfigsCall

  constructor(path: string, call: TaskConfigsCall) {
    this.path = path
    this.call = call
  }
}

/** The port of a process. Build one in each incarnation of it. */
export class RestServer {
  readonly #resources = new Map<string, TakeTaskConfigs>()

  constructor(process: Process, network: Network) {
    const resources = this.#resources
    const handler = answering((message, answer) => {
      invariant(message instanceof SentCall, 'workers say nothing else to each other')
      const { path, call } = message
      const tell = (isTaken: boolean) => answer(isTaken, 0)
      const take = resources.get(path)
      if (take === undefined) tell(false)
      else take(call, tell)
    })
    network.listen(process, () => handler)
  }

  /** A path served before is served by the new one. */
  serve(path: string, take: TakeTaskConfigs): void {
    this.#resources.set(path, take)
  }
}

/**
 * A worker that cannot be reached within 15 s, or does not answer for 30 s, has not taken the call.
 */
export class WorkerRest {
  readonly url: WorkerUrl
  readonly #process: Process
  readonly #network: Network
  readonly #directory: WorkerDirectory
  readonly #server: RestServer
  readonly #path: string

  /** Build one in each incarnation of `process`; all workers of a group have the same path. */
  constructor(
    process: Process,
    network: Network,
    directory: WorkerDirectory,
    server: RestServer = new RestServer(process, network),
    path = '',
  ) {
    this.url = process.name
    this.#server = server
    this.#path = path
    this.#process = process
    this.#network = network
    this.#directory = directory
  }

  /** Serves calls from now on. */
  listen(take: TakeTaskConfigs): void {
    this.#server.serve(this.#path, take)
  }

  /** Calls back once: whether the worker behind `url` has taken them. A connection a call. */
  putTaskConfigs(
    url: WorkerUrl,
    call: TaskConfigsCall,
    onAnswer: (isTaken: boolean) => void,
  ): void {
    const server = this.#directory(url)
    if (server === null) {
      onAnswer(false)
      return
    }
    ask(
      {
        ...{ process: this.#process, network: this.#network, server },
        ...{ connectTimeout: CONNECT_TIMEOUTS.restConnect, readTimeout: CONNECT_TIMEOUTS.restIdle },
        message: new SentCall(this.#path, call),
        bytes: JSON.stringify(call).length,
      },
      (answer) => onAnswer(answer === true),
    )
  }
}
