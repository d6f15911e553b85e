// Models: the seam between an actor and the wire, where a test can hold every message.
// Leaves out: nothing; the wire itself is client-channel.ts and request-channel.ts.
// Source: org.apache.kafka.clients.KafkaClient, kafka.network.RequestChannel.

import type { Socket, SocketHandler } from '../../sim/connection.ts'
import type { Micros } from '../../sim/time.ts'
import type { NodeId } from '../ids.ts'
import type { Request, Response } from '../messages.ts'
import type { ReverseConnectionRequest } from '../mirror-messages.ts'

/** Why there is no response. `timed-out`: the request's limit; `setup-timed-out`: no connection. */
export type RpcFailure = 'disconnected' | 'refused' | 'timed-out' | 'setup-timed-out'

/**
 * Whoever sends requests of kind `Q`. `onReply` is called exactly once for each request sent,
 * unless the process died in between, and gets that very request back: it identifies the call.
 * Either `response` or `failure` is null.
 */
export interface RpcCaller<Q extends Request = Request> {
  readonly onReply: (
    request: Q,
    response: Response | null,
    failure: RpcFailure | null,
    node: NodeId,
  ) => void
}

/** For a request whose answer changes nothing. */
export const IGNORED: RpcCaller = { onReply: () => {} }

/** Sends requests to nodes by id; opens connections as needed. */
export interface RpcClient {
  /** Queues `request` for `node`; `timeoutMs` runs from now, and anew from when it leaves. */
  send<Q extends Request>(node: NodeId, request: Q, timeoutMs: number, caller: RpcCaller<Q>): void
  /** Closes the connection to `node`, failing what is in flight as `disconnected`. */
  disconnect(node: NodeId): void
  /** End of the back-off before the next attempt to connect; null where none is due. */
  retryAt?(node: NodeId): Micros | null
  /** A thread of its own that sleeps looks at its clock, as it does before each request. */
  wake?(): void
}

/** Answer to one received request. Sending unmutes the connection. */
export interface Reply {
  /** Who asks, by the connection; absent: a node of the cluster, or an operator at its keyboard. */
  readonly principal?: string | undefined
  /** The machine at the other end of the connection; absent with the principal. */
  readonly host?: string | undefined
  /** null closes the connection without an answer (acks=0 error). */
  send(response: Response | null): void
  /** For acks=0: handled, nothing to answer, next request may be served. */
  done(): void
}

/** Serves requests, one at a time a connection. */
export interface RequestHandler {
  handle(request: Request, reply: Reply): void
  /** A peer that has dialled wants to be asked. @returns who asks; null: nobody does */
  onReversed?(request: ReverseConnectionRequest, socket: Socket): SocketHandler | null
}
