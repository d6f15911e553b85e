// Models: the one call that workers make to each other: a worker that runs a connector sends what
// its tasks are told to the leader, which alone may write it down.
// Leaves out: every other endpoint, signatures, TLS; a pool of server threads.
// Source: connect.runtime.rest.RestClient, InternalConnectResource.putTaskConfigs; KIP-507.

import type { Socket, SocketHandler } from '../../sim/connection.ts'
import { invariant } from '../../sim/invariant.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import { SECOND } from '../../sim/time.ts'

/** rest.advertised.host.name and port: here the name of the process stands for both. */
export type WorkerUrl = string

/** Finds the process behind a URL; null where there is none. */
export type WorkerDirectory = (url: WorkerUrl) => Process | null

/** PUT of task configurations. */
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

/** Jetty's client gives up on a connection, and on an answer. */
const CONNECT_TIMEOUT = 15 * SECOND
const IDLE_TIMEOUT = 30 * SECOND
const HEADER_BYTES = 400

/** The port of a process. Build one in each incarnation of it. */
export class RestServer {
  readonly #resources = new Map<string, TakeTaskConfigs>()

  constructor(process: Process, network: Network) {
    const resources = this.#resources
    const handler: SocketHandler = {
      onOpen() {},
      onMessage(socket: Socket, message: unknown) {
        invariant(message instanceof SentCall, 'workers say nothing else to each other')
        const { path, call } = message
        const answer = (isTaken: boolean) => socket.send(isTaken, HEADER_BYTES)
        const take = resources.get(path)
        if (take === undefined) answer(false)
        else take(call, answer)
      },
      onClose() {},
    }
    network.listen(process, () => handler)
  }

  serve(path: string, take: TakeTaskConfigs): void {
    this.#resources.set(path, take)
  }
}

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
    let isOver = false
    const end = (isTaken: boolean) => {
      if (isOver) return
      isOver = true
      timer.cancel()
      socket.close()
      onAnswer(isTaken)
    }
    const timer = this.#process.timer(() => end(false))
    timer.arm(CONNECT_TIMEOUT)
    const socket = this.#network.connect(this.#process, server, {
      onOpen: (own) => {
        timer.arm(IDLE_TIMEOUT)
        own.send(new SentCall(this.#path, call), HEADER_BYTES + JSON.stringify(call).length)
      },
      onMessage: (_socket, answer) => end(answer === true),
      onClose: () => end(false),
    })
  }
}
