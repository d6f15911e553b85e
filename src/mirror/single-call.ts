// Models: a question to a service and its answer, over a connection of their own.
// Leaves out: connections that are kept for the next question; TLS; a pool of server threads.
// Source: none of its own; Jetty's client in Connect and HttpURLConnection in Schema Registry's
// both wait so: for the connection first, then for the answer.

import type { SocketHandler, Wire } from '../sim/connection.ts'
import type { Network } from '../sim/network.ts'
import type { Process } from '../sim/process.ts'
import type { Micros } from '../sim/time.ts'

/** Request line and headers of HTTP, or status and headers of an answer. */
const HTTP_HEADER_BYTES = 400

export interface Question {
  readonly process: Process
  readonly network: Network
  readonly server: Process
  /** Until the connection is given up, and until the answer is. */
  readonly connectTimeout: Micros
  readonly readTimeout: Micros
  readonly message: unknown
  readonly bytes: number
}

/** Why there is no answer. */
export type CallFailure = 'connect timed out' | 'read timed out' | 'connection refused or reset'

/**
 * Calls back once, unless the process ends: with the answer, or with why there is none. A call that
 * timed out may have been served: who asks again must bear that.
 */
export function ask(
  { process, network, server, connectTimeout, readTimeout, message, bytes }: Question,
  onEnd: (answer: unknown, failure: CallFailure | null) => void,
): void {
  let isOver = false
  let isOpen = false
  const end = (answer: unknown, failure: CallFailure | null) => {
    if (isOver) return
    isOver = true
    timer.cancel()
    socket.close()
    onEnd(answer, failure)
  }
  const timer = process.timer(() => end(null, isOpen ? 'read timed out' : 'connect timed out'))
  timer.arm(connectTimeout)
  const socket = network.connect(process, server, {
    onOpen: (own) => {
      isOpen = true
      timer.arm(readTimeout)
      own.send(message, HTTP_HEADER_BYTES + bytes)
    },
    onMessage: (_socket, answer) => end(answer, null),
    onClose: () => end(null, 'connection refused or reset'),
  })
}

/** Serves the questions of every connection; one that closes meanwhile gets no answer. */
export function answering(
  onQuestion: (message: unknown, answer: (message: unknown, bytes: number) => void) => void,
): SocketHandler {
  return {
    onOpen() {},
    onMessage(socket: Wire, message: unknown) {
      onQuestion(message, (answer, bytes) => {
        if (socket.open) socket.send(answer, HTTP_HEADER_BYTES + bytes)
      })
    },
    onClose() {},
  }
}
