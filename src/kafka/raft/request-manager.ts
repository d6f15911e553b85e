// Models: one request in flight to each peer, its time-out, and the back-off after a failure.
// Leaves out: nothing; connections themselves are the client channel's.
// Source: org.apache.kafka.raft.RequestManager.

import { type Micros, NEVER } from '../../sim/time.ts'
import type { NodeId } from '../ids.ts'
import type { Request } from '../messages.ts'

/** What one peer is waited for; `until` is the end of the time-out or of the back-off. */
type Peer =
  | { readonly state: 'awaiting'; readonly request: Request; readonly until: Micros }
  | { readonly state: 'backing-off'; readonly until: Micros }

/**
 * One a quorum node, asked before each request of the raft thread. A peer without an entry is
 * ready. It keeps what is asked of whom apart from connections: a request into a black hole frees
 * its peer after controller.quorum.request.timeout.ms, while TCP goes on trying.
 */
export class RequestManager {
  readonly #peers = new Map<NodeId, Peer>()
  readonly #requestTimeout: Micros
  readonly #retryBackoff: Micros

  constructor(requestTimeout: Micros, retryBackoff: Micros) {
    this.#requestTimeout = requestTimeout
    this.#retryBackoff = retryBackoff
  }

  /**
   * Nothing in flight that could still be answered, no back-off: a time-out makes a peer ready,
   * too.
   */
  isReady(node: NodeId, now: Micros): boolean {
    const peer = this.#peers.get(node)
    if (peer === undefined) return true
    if (peer.until > now) return false
    this.#peers.delete(node)
    return true
  }

  /** Within retryBackoff µs after a failed request; a time-out alone begins none. */
  isBackingOff(node: NodeId, now: Micros): boolean {
    const peer = this.#peers.get(node)
    return peer?.state === 'backing-off' && peer.until > now
  }

  /** Sent, and requestTimeout µs are over. Once `isReady` has been asked, it is forgotten. */
  hasRequestTimedOut(node: NodeId, now: Micros): boolean {
    const peer = this.#peers.get(node)
    return peer?.state === 'awaiting' && peer.until <= now
  }

  /** To any peer, time-outs not counted: a node without a leader fetches from one at a time. */
  hasAnyInflight(now: Micros): boolean {
    for (const peer of this.#peers.values()) {
      if (peer.state === 'awaiting' && peer.until > now) return true
    }
    return false
  }

  /** When `node` is ready again; `now` if it is. */
  readyAt(node: NodeId, now: Micros): Micros {
    return Math.max(now, this.#peers.get(node)?.until ?? now)
  }

  /** The earliest time after `now` at which any peer's state changes. */
  nextChange(now: Micros): Micros {
    let next = NEVER
    for (const peer of this.#peers.values()) {
      if (peer.until > now) next = Math.min(next, peer.until)
    }
    return next
  }

  /**
   * Takes the place of whatever was in flight to this peer; an answer to that is not expected any
   * more.
   */
  onSent(node: NodeId, request: Request, now: Micros): void {
    this.#peers.set(node, { state: 'awaiting', request, until: now + this.#requestTimeout })
  }

  /** A response to a request that was sent before a reset is no longer of interest. */
  isExpected(node: NodeId, request: Request): boolean {
    const peer = this.#peers.get(node)
    return peer?.state === 'awaiting' && peer.request === request
  }

  /** An expected answer frees the peer at once, or after the back-off where it was of no use. */
  onResult(node: NodeId, request: Request, success: boolean, now: Micros): void {
    if (!this.isExpected(node, request)) return
    if (success) this.#peers.delete(node)
    else this.#peers.set(node, { state: 'backing-off', until: now + this.#retryBackoff })
  }

  /** The peer is ready at once; an answer still to come from it is ignored. */
  reset(node: NodeId): void {
    this.#peers.delete(node)
  }

  /** With every change of role: what was asked in the old one says nothing in the new one. */
  resetAll(): void {
    this.#peers.clear()
  }
}
