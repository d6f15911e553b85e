// Models: a client of ZooKeeper: a session that is kept alive by pings, survives the loss of its
// connection, and is made anew where it has expired; calls wait until they are answered.
// Leaves out: a limit to how long a call waits (ZkClient’s operationRetryTimeout, off by default).
// Source: org.apache.zookeeper.ClientCnxn; org.I0Itec.zkclient.ZkClient.retryUntilConnected.

import { unreachable } from '../../sim/invariant.ts'
import type { Network } from '../../sim/network.ts'
import type { Process, Timer } from '../../sim/process.ts'
import { type Micros, millis, SECOND } from '../../sim/time.ts'
import { ServiceConnection } from '../service-connection.ts'
import {
  type SessionId,
  type ZooKeeperAnswer,
  type ZooKeeperOperation,
  ZooKeeperReply,
  ZooKeeperRequest,
} from './zookeeper-messages.ts'

/** ClientCnxn waits up to a second before it connects again. */
const RECONNECT_MAX: Micros = 1 * SECOND

/** What was asked, to be sent again on the next connection. */
interface Call {
  readonly operation: ZooKeeperOperation
  readonly onAnswer: (answer: ZooKeeperAnswer) => void
}

export interface ZooKeeperSessionOptions {
  readonly process: Process
  readonly network: Network
  readonly server: Process
  readonly sessionTimeoutMs: number
  /** The first session, or one in place of an expired one, whose ephemeral nodes are gone. */
  readonly onNewSession?: (session: SessionId) => void
}

/**
 * A session is more than a connection, and only the service can end it:
 *
 * 1. the client hears nothing for two thirds of the timeout, and gives the connection up;
 * 2. it connects again, with its session's id; if that is in time nothing has happened, and its
 *    ephemeral nodes stand as before;
 * 3. if it is late the service says so: the nodes are gone, and others have acted on that already.
 *
 * Between 2 and 3 the client cannot know: while it is cut off it goes on as if it had its session,
 * and a partition may be copied by two. A call may be sent twice: its answer may have been lost
 * with a connection.
 */
export class ZooKeeperSession {
  readonly #options: ZooKeeperSessionOptions
  readonly #connection: ServiceConnection<ZooKeeperRequest, ZooKeeperReply>
  /** Three pings a timeout, so that one may be late. */
  readonly #pingTimer: Timer
  /** Two thirds of the timeout, so that a third is left to find the service again. */
  readonly #silenceTimer: Timer
  /** By number: asked and not answered, in the order of asking. */
  readonly #calls = new Map<number, Call>()
  readonly #watches = new Map<string, () => void>()
  #session: SessionId | null = null
  /** It has its session on the connection that stands. */
  #isConnected = false
  /** Answers bear the number of their call: they may come after others were asked. */
  #lastXid = 0

  /** Build one in each incarnation of its process; it connects at once. */
  constructor(options: ZooKeeperSessionOptions) {
    const { process, network, server } = options
    this.#options = options
    this.#pingTimer = process.timer(() => this.#ping())
    this.#silenceTimer = process.timer(() => this.#connection.drop())
    const random = process.random('zookeeper')
    this.#connection = new ServiceConnection<ZooKeeperRequest, ZooKeeperReply>(
      {
        ...{ process, network, server },
        isMessage: (message) => message instanceof ZooKeeperReply,
        connectTimeout: millis(options.sessionTimeoutMs),
        retryAfter: () => random.int(0, RECONNECT_MAX),
      },
      {
        onUp: () => this.#onUp(),
        onMessage: (reply) => this.#onReply(reply),
        onDown: () => this.#onDown(),
      },
    )
  }

  /** The session as far as it is known here: it may have expired already. */
  get session(): SessionId | null {
    return this.#session
  }

  /** Waits for as long as the service cannot be reached. */
  ask(operation: ZooKeeperOperation, onAnswer: (answer: ZooKeeperAnswer) => void): void {
    const xid = ++this.#lastXid
    const call = { operation, onAnswer }
    this.#calls.set(xid, call)
    if (this.#isConnected) this.#send(xid, call)
  }

  /** Calls back with every change below `prefix`, and after each reconnection. */
  watch(prefix: string, onChange: () => void): void {
    this.#watches.set(prefix, onChange)
    if (this.#isConnected) {
      this.#connection.send(new ZooKeeperRequest({ kind: 'watch', prefix }))
      onChange()
    }
  }

  /** Ends the session in order: its ephemeral nodes go at once. */
  close(): void {
    this.#connection.send(new ZooKeeperRequest({ kind: 'close' }))
    this.#calls.clear()
    this.#onDown()
    this.#connection.close()
  }

  // ---- the connection ---------------------------------------------------------------------------

  #onUp(): void {
    const { sessionTimeoutMs: timeoutMs } = this.#options
    this.#listen()
    const session = this.#session
    this.#connection.send(new ZooKeeperRequest({ kind: 'connect', session, timeoutMs }))
  }

  #onDown(): void {
    this.#isConnected = false
    this.#pingTimer.cancel()
    this.#silenceTimer.cancel()
  }

  /** Two thirds of the timeout without a word: somewhere else it may still be saved. */
  #listen(): void {
    this.#silenceTimer.arm(millis((this.#options.sessionTimeoutMs * 2) / 3))
  }

  #ping(): void {
    this.#connection.send(new ZooKeeperRequest({ kind: 'ping' }))
    this.#pingTimer.arm(millis(this.#options.sessionTimeoutMs / 3))
  }

  #onReply({ body }: ZooKeeperReply): void {
    this.#listen()
    switch (body.kind) {
      case 'connected':
        this.#onConnected(body.session)
        return
      case 'expired':
        this.#isConnected = false
        // A new one is asked for on the same connection.
        this.#session = null
        this.#onUp()
        return
      case 'pong':
        return
      case 'changed':
        this.#watches.get(body.prefix)?.()
        return
      case 'answer': {
        const call = this.#calls.get(body.xid)
        this.#calls.delete(body.xid)
        call?.onAnswer(body.answer)
        return
      }
      default:
        unreachable(body)
    }
  }

  #onConnected(session: SessionId): void {
    const isNew = session !== this.#session
    this.#session = session
    this.#isConnected = true
    this.#ping()
    const waiting = [...this.#calls]
    for (const prefix of this.#watches.keys()) {
      this.#connection.send(new ZooKeeperRequest({ kind: 'watch', prefix }))
    }
    for (const [xid, call] of waiting) this.#send(xid, call)
    if (isNew) this.#options.onNewSession?.(session)
    for (const onChange of [...this.#watches.values()]) onChange()
  }

  #send(xid: number, { operation }: Call): void {
    this.#connection.send(new ZooKeeperRequest({ kind: 'ask', xid, operation }))
  }
}
