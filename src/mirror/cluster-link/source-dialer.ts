// Models: the source's side of a link that it dials: one standing connection from each of its
// brokers to each of the destination's, dialled anew for ever, and more when it is asked to.
// Leaves out: the link's pauses and its end at this side; a limit of connections.
// Source: Confluent's docs (source-initiated links: link.mode SOURCE, connection.mode OUTBOUND; the
// settings of this side are its own). What is not said is our reading: reverse-connections.ts.

import type { ServeSocket } from '../../kafka/broker/mirror-port.ts'
import type { NodeId } from '../../kafka/ids.ts'
import type {
  InitiateReverseConnectionRequest,
  ReverseConnectionRequest,
} from '../../kafka/mirror-messages.ts'
import { ConnectionState } from '../../kafka/network/connection-state.ts'
import { type BackoffSpec, JITTER_PERCENT } from '../../kafka/network/exponential-backoff.ts'
import { requestBytes } from '../../kafka/network/sizes.ts'
import type { Socket, SocketHandler } from '../../sim/connection.ts'
import { invariant } from '../../sim/invariant.ts'
import type { Network } from '../../sim/network.ts'
import type { Process, Timer } from '../../sim/process.ts'
import type { Random } from '../../sim/random.ts'
import { MS } from '../../sim/time.ts'
import type { ClusterPort } from '../cluster-port.ts'
import type { LinkConfig } from './link-config.ts'
import { SourceClient } from './source-client.ts'

/** What a dialer is given of its broker. */
export interface DialerParts {
  readonly process: Process
  readonly network: Network
  readonly nodeId: NodeId
  readonly serve: ServeSocket
  /** The destination, which this side's bootstrap.servers name. */
  readonly destination: ClusterPort
  /** Of the link at the source. */
  readonly config: LinkConfig
}

/**
 * Why a source dials at all: a firewall lets connections out of its site and none in. TCP's
 * direction is all that is turned round; the requests are still the destination's, and the source
 * answers them as if they had come in.
 *
 * 1. Each broker here dials each broker there, and says for which link: a standing connection.
 * 2. A fetcher there wants a connection of its own, and asks for it on the standing one, with a
 *    ticket.
 * 3. The broker here dials once more and shows the ticket; the fetcher's request comes over it.
 *
 * So a fetcher's new connection costs a round trip more than an ordinary one, and while the
 * standing connection is down nothing can be opened. Every broker of the source has one dialer a
 * link, built with its process. Waits between attempts as the link's reconnect.backoff.ms and
 * .max.ms say.
 */
export class SourceDialer {
  readonly link: string
  readonly #parts: DialerParts
  readonly #random: Random
  /** Asks the destination who its brokers are: an ordinary connection, as an admin client has. */
  readonly #client: SourceClient
  /** By metadata.max.age.ms, to hear of brokers that are new there. */
  readonly #look: Timer
  /** By broker of the destination. Connections with tickets end by themselves, and are not kept. */
  readonly #standing = new Map<NodeId, Dialled>()

  constructor(parts: DialerParts) {
    const { process, network, destination, config } = parts
    this.link = config.name
    this.#parts = parts
    this.#random = process.random(`dialer/${config.name}`)
    this.#client = new SourceClient(process, network, destination, config, () => {})
    this.#look = process.timer(() => this.#findBrokers())
    this.#look.arm(0)
  }

  /** The destination wants one more connection for itself. */
  dialFor({ destination, ticket }: InitiateReverseConnectionRequest): void {
    this.#dialled(destination, ticket).dial()
  }

  /** Standing connections are closed and not dialled again. */
  stop(): void {
    this.#look.cancel()
    for (const dialled of this.#standing.values()) dialled.stop()
    this.#client.close()
  }

  /** A broker once heard of is dialled for ever: it may be back before metadata tells. */
  #findBrokers(): void {
    const { settings } = this.#parts.config
    this.#look.arm(settings['metadata.max.age.ms'] * MS)
    const lookSoon = () => this.#look.arm(settings['retry.backoff.max.ms'] * MS)
    const asked = this.#client.ask(
      { api: 'Metadata', topics: [] },
      {
        onReply: (_, response) => {
          if (response?.api !== 'Metadata') lookSoon()
          else for (const { id } of response.brokers) this.#stand(id)
        },
      },
    )
    if (asked === null) lookSoon()
  }

  #stand(node: NodeId): void {
    if (this.#standing.has(node)) return
    const dialled = this.#dialled(node, null)
    this.#standing.set(node, dialled)
    dialled.dial()
  }

  #dialled(node: NodeId, ticket: number | null): Dialled {
    const source = this.#parts.nodeId
    const words = { api: 'ReverseConnection' as const, link: this.link, source, ticket }
    return new Dialled(this.#parts, node, words, this.#random)
  }
}

/**
 * A connection that is opened here and served here: the first message goes out, all others come
 * in. One without a ticket stands, and is dialled anew whenever it ends. One with a ticket is
 * dialled once: whoever wanted it hears nothing, times out and asks again with another ticket.
 */
class Dialled implements SocketHandler {
  readonly #parts: DialerParts
  readonly #node: NodeId
  readonly #words: ReverseConnectionRequest
  readonly #state: ConnectionState
  /**
   * Disconnected: when to dial again. Connecting: the set-up's limit. Open: the longest silence.
   */
  readonly #timer: Timer
  #socket: Socket | null = null
  /** The broker's own network threads, which take requests from it as from any client. */
  #served: SocketHandler | null = null

  constructor(parts: DialerParts, node: NodeId, words: ReverseConnectionRequest, random: Random) {
    const { process, config } = parts
    const { settings } = config
    this.#parts = parts
    this.#node = node
    this.#words = words
    const reconnect = waits(settings['reconnect.backoff.ms'], settings['reconnect.backoff.max.ms'])
    const setup = waits(
      settings['socket.connection.setup.timeout.ms'],
      settings['socket.connection.setup.timeout.max.ms'],
    )
    this.#state = new ConnectionState(reconnect, setup, random)
    this.#timer = process.timer(() => this.#onTimer())
  }

  dial(): void {
    invariant(this.#socket === null, 'one connection is dialled at a time', { node: this.#node })
    const { process, network, destination } = this.#parts
    const server = destination.directory.processOf(this.#node)
    this.#state.connecting(process.now)
    // A broker without a process has no address: the set-up then runs into its limit like a cut.
    if (server !== null) this.#socket = network.connect(process, server, this)
    this.#timer.arm(this.#state.setupTimeout)
  }

  stop(): void {
    this.#timer.cancel()
    this.#socket?.close()
    this.#socket = null
  }

  onOpen(): void {
    const socket = this.#socket
    if (socket === null) return
    this.#state.ready()
    // Who dials says why, before the other end has asked anything: it could not know otherwise.
    socket.send(this.#words, requestBytes(this.#words))
    this.#served = this.#parts.serve(socket)
    this.#heard()
  }

  onMessage(socket: Socket, message: unknown, bytes: number): void {
    this.#heard()
    this.#served?.onMessage(socket, message, bytes)
  }

  onClose(socket: Socket, reason: 'reset' | 'refused' | 'closed'): void {
    this.#served?.onClose(socket, reason)
    this.#lost()
  }

  /** The destination asks on a standing connection at least so often. */
  #heard(): void {
    const { availabilityCheck, requestTimeoutMs } = this.#parts.config
    // A fetcher's connection may be quiet for as long as its client likes; only the standing one is
    // known to be asked, and so its silence tells that the other end is gone.
    if (this.#words.ticket !== null) this.#timer.cancel()
    else this.#timer.arm(availabilityCheck + requestTimeoutMs * MS)
  }

  #onTimer(): void {
    if (this.#state.phase === 'disconnected') this.dial()
    else {
      this.#socket?.abort()
      this.#lost()
    }
  }

  /** By a reset, by the other end, or by the own limit. */
  #lost(): void {
    this.#socket = null
    this.#served = null
    this.#timer.cancel()
    const { now } = this.#parts.process
    this.#state.disconnected(now)
    if (this.#words.ticket === null) this.#timer.arm(Math.max(0, this.#state.retryAt() - now))
  }
}

function waits(initial: number, max: number): BackoffSpec {
  return { initial: initial * MS, max: max * MS, jitterPercent: JITTER_PERCENT }
}
