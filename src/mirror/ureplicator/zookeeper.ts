// Models: a ZooKeeper service in one place: a tree on its disk, sessions that end when nothing is
// heard of their client, ephemeral nodes that end with them, and watchers that hear of changes.
// Leaves out: the ensemble, whose election a client sees as a short loss of its connection, and
// whose majority one process stands for here.
// Source: org.apache.zookeeper.server: SessionTrackerImpl, DataTree, ZooKeeperServer.

import type { Wire } from '../../sim/connection.ts'
import type { Durable } from '../../sim/disk.ts'
import { invariant, unreachable } from '../../sim/invariant.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import { type Micros, millis, SECOND } from '../../sim/time.ts'
import { sendTo } from '../service-connection.ts'
import {
  type SessionId,
  type ZooKeeperAnswer,
  type ZooKeeperOperation,
  ZooKeeperReply,
  ZooKeeperRequest,
} from './zookeeper-messages.ts'

/** Sessions end at multiples of this: tickTime of zoo_sample.cfg. */
const TICK: Micros = 2 * SECOND

interface Node {
  readonly data: string
  /** The session that an ephemeral node ends with. */
  readonly owner: SessionId | null
}

/** What lies on the service's disk: written before anybody is told of it, so that a crash and a
 * power cut leave it as it is. */
export class ZooKeeperTree implements Durable {
  readonly nodes = new Map<string, Node>()
  /** Timeouts of the sessions that have not ended. */
  readonly sessions = new Map<SessionId, Micros>()
  #lastSession: SessionId = 0

  /** Ids ascend and are never given twice. */
  newSession(timeout: Micros): SessionId {
    this.#lastSession++
    this.sessions.set(this.#lastSession, timeout)
    return this.#lastSession
  }

  /** Loses nothing: what was answered has been flushed. */
  powerLoss(): void {}

  /** Session ids go on: nobody may take a new session for one of an earlier life. */
  wipe(): void {
    this.nodes.clear()
    this.sessions.clear()
  }
}

const NOTHING: ReadonlyMap<string, string> = new Map()
const DONE: ZooKeeperAnswer = { isDone: true, nodes: NOTHING }
const NOT_DONE: ZooKeeperAnswer = { isDone: false, nodes: NOTHING }

/**
 * The clock that counts is this one: a session ends when the service has not heard of it, and not
 * when its client thinks so. Ends fall on ticks, so that a worker's death is seen after its timeout
 * and up to a tick more.
 *
 * A change is told to watchers at once, and to its author when the disk has it.
 */
export class ZooKeeperServer {
  readonly #process: Process
  readonly #tree: ZooKeeperTree
  /** When each session ends unless its client is heard. */
  readonly #expiries = new Map<SessionId, Micros>()
  /** Connections that stand, as far as it knows, and the session of each. */
  readonly #clients = new Map<Wire, SessionId>()
  /** Prefixes of paths: here they last, where ZooKeeper's own are used up by one change. */
  readonly #watches = new Map<SessionId, Set<string>>()

  /** Build one at each boot of its process. */
  constructor(process: Process, network: Network, tree: ZooKeeperTree) {
    this.#process = process
    this.#tree = tree
    // A server that comes back gives every session its whole time again: its clients could not
    // reach it, and none of them is to lose its nodes for that.
    for (const session of tree.sessions.keys()) this.#heard(session)
    network.listen(process, () => ({
      onOpen() {},
      onMessage: (socket, message) => {
        if (message instanceof ZooKeeperRequest) this.#handle(socket, message)
      },
      onClose: (socket) => this.#clients.delete(socket),
    }))
    this.#sweep()
  }

  /** Looks for sessions whose time is over, tick by tick. */
  #sweep(): void {
    const { now } = this.#process
    for (const [session, expiry] of this.#expiries) if (expiry <= now) this.#end(session)
    this.#process.timer(() => this.#sweep()).arm(TICK - (now % TICK))
  }

  /** SessionTrackerImpl.roundToInterval: its end is the tick after its timeout. */
  #heard(session: SessionId): void {
    const timeout = this.#tree.sessions.get(session)
    invariant(timeout !== undefined, 'only a session that lives is heard', { session })
    const end = this.#process.now + timeout
    this.#expiries.set(session, (Math.floor(end / TICK) + 1) * TICK)
  }

  /** Expired or closed: its ephemeral nodes go, and whoever watches them hears of it. */
  #end(session: SessionId): void {
    this.#expiries.delete(session)
    this.#watches.delete(session)
    this.#tree.sessions.delete(session)
    for (const [path, { owner }] of this.#tree.nodes) if (owner === session) this.#delete(path)
  }

  #handle(socket: Wire, { body }: ZooKeeperRequest): void {
    if (body.kind === 'connect') {
      this.#connect(socket, body.session, body.timeoutMs)
      return
    }
    // A client may be heard on a connection whose session has ended meanwhile: it must begin anew.
    const session = this.#clients.get(socket)
    if (session === undefined || !this.#tree.sessions.has(session)) {
      sendTo(socket, new ZooKeeperReply({ kind: 'expired' }))
      return
    }
    this.#heard(session)
    switch (body.kind) {
      case 'ping':
        sendTo(socket, new ZooKeeperReply({ kind: 'pong' }))
        return
      case 'watch':
        this.#watchesOf(session).add(body.prefix)
        return
      case 'close':
        this.#end(session)
        return
      case 'ask': {
        const { xid, operation } = body
        // The answer leaves when the change lies on the disk.
        const answer = this.#apply(session, operation)
        const isRead = operation.kind === 'read'
        const delay = isRead ? 0 : this.#process.host.disk.fsync()
        const reply = new ZooKeeperReply({ kind: 'answer', xid, answer })
        if (delay === 0) sendTo(socket, reply)
        else this.#process.timer(() => sendTo(socket, reply)).arm(delay)
        return
      }
      default:
        unreachable(body)
    }
  }

  #connect(socket: Wire, asked: SessionId | null, timeoutMs: number): void {
    if (asked !== null && !this.#tree.sessions.has(asked)) {
      sendTo(socket, new ZooKeeperReply({ kind: 'expired' }))
      return
    }
    const session = asked ?? this.#tree.newSession(millis(timeoutMs))
    this.#clients.set(socket, session)
    this.#heard(session)
    sendTo(socket, new ZooKeeperReply({ kind: 'connected', session }))
  }

  #watchesOf(session: SessionId): Set<string> {
    const known = this.#watches.get(session) ?? new Set()
    this.#watches.set(session, known)
    return known
  }

  // ---- the tree ---------------------------------------------------------------------------------

  #apply(session: SessionId, operation: ZooKeeperOperation): ZooKeeperAnswer {
    const { nodes } = this.#tree
    switch (operation.kind) {
      case 'create':
      case 'create-ephemeral': {
        const owner = operation.kind === 'create' ? null : session
        const known = nodes.get(operation.path)
        // Asked again after a lost answer, the session’s own node counts as created.
        if (known !== undefined) return known.owner === session ? DONE : NOT_DONE
        this.#write(operation.path, { data: operation.data, owner })
        return DONE
      }
      case 'set':
        this.#write(operation.path, { data: operation.data, owner: null })
        return DONE
      case 'delete':
        this.#delete(operation.path)
        return DONE
      case 'read': {
        const found = [...nodes].filter(([path]) => path.startsWith(operation.prefix))
        return { isDone: true, nodes: new Map(found.map(([path, { data }]) => [path, data])) }
      }
    }
  }

  #write(path: string, node: Node): void {
    this.#tree.nodes.set(path, node)
    this.#changed(path)
  }

  #delete(path: string): void {
    if (this.#tree.nodes.delete(path)) this.#changed(path)
  }

  #changed(path: string): void {
    for (const [socket, session] of this.#clients) {
      for (const prefix of this.#watches.get(session) ?? []) {
        if (!path.startsWith(prefix)) continue
        sendTo(socket, new ZooKeeperReply({ kind: 'changed', prefix }))
      }
    }
  }
}
