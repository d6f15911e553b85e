// Models: how a broker hands a client's administrative request on to the active controller.
// Leaves out: versions that differ between broker and controller.
// Source: kafka.server.ForwardingManagerImpl; KIP-590.

import type {
  EnvelopeRequest,
  EnvelopeResponse,
  ForwardedRequest,
  ForwardedResponse,
} from '../admin-messages.ts'
import type { KafkaError } from '../errors.ts'
import type { Request, Response } from '../messages.ts'
import type { Client } from '../metadata/acls.ts'
import type { Reply, RpcCaller } from '../network/rpc.ts'
import type { ControllerChannel } from './controller-channel.ts'

/** The channel gives a forwarded request up after this time; no setting moves it. */
export const FORWARDING_RETRY_TIMEOUT_MS = 60_000

/**
 * Hands clients’ requests on to the controller: what a client meets there it never talks to
 * itself.
 */
export class ForwardingManager implements ControllerChannel {
  readonly #open: () => ControllerChannel
  #channel: ControllerChannel | null = null

  /** @param open makes the channel, which idles in Kafka until there is something to hand on */
  constructor(open: () => ControllerChannel) {
    this.#open = open
  }

  /** The client is answered when the controller answers, or with a time-out of the channel. */
  forward(request: ForwardedRequest, reply: Reply): void {
    const { principal, host = '' } = reply
    const client = principal === undefined ? undefined : { principal, host }
    this.hand(request, (response) => reply.send(response), client)
  }

  /** As `forward`, for the broker's own purposes. */
  hand(
    request: ForwardedRequest,
    onDone: (response: ForwardedResponse) => void,
    client?: Client,
  ): void {
    const envelope: EnvelopeRequest = { api: 'Envelope', request, client }
    const caller: RpcCaller = {
      onReply: (_request: Request, response: Response | null) => {
        onDone(opened(response) ?? errorAnswer(request, 'REQUEST_TIMED_OUT'))
      },
    }
    this.send(envelope, caller)
  }

  /** Into the same channel, for what needs no envelope: it is the broker that asks. */
  send(request: Request, caller: RpcCaller): void {
    this.#channel ??= this.#open()
    this.#channel.send(request, caller)
  }
}

function opened(response: Response | null): ForwardedResponse | null {
  return response?.api === 'Envelope' ? (response satisfies EnvelopeResponse).response : null
}

/** The error for everything that was asked for. */
function errorAnswer(request: ForwardedRequest, error: KafkaError): ForwardedResponse {
  if (!('topics' in request)) return { api: 'Admin', error, message: '' }
  const topics = request.topics.map(({ name }) => ({ name, error, message: '' }))
  return { api: request.api, topics }
}
