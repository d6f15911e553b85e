// Models: a broker's incremental fetch sessions: who may go on in one, and who begins another.
// Leaves out: sessions of consumers (only their bytes are counted), the cache's limit and eviction.
// Source: kafka.server.FetchManager, FetchSession, CachedPartition; KIP-227.

import { IndexMap } from '../../sim/index-map.ts'
import { invariant } from '../../sim/invariant.ts'
import type { Checked } from '../../sim/state-checks.ts'
import type { KafkaError } from '../errors.ts'
import {
  type FetchSessionId,
  FINAL_SESSION_EPOCH,
  INITIAL_SESSION_EPOCH,
  NO_FETCH_SESSION,
  type PartitionIndex,
} from '../ids.ts'
import type { FetchPartitionResponse, FetchRequest } from '../messages.ts'
import { FetchSession, SessionIndex } from './fetch-session.ts'

/**
 * The sessions of one broker process.
 *
 * 1. A fetcher's connection is cut. It gives the connection up and asks anew, which closes its
 *    session.
 * 2. The cut heals, and what the old connection had still to deliver arrives.
 * 3. It names a session that is no more, and is refused: without that, an old fetch offset would
 *    set the follower back, and what is told on the dead connection would count as told.
 */
export class FetchSessions implements Checked {
  readonly #sessions = new IndexMap<FetchSessionId, FetchSession>()
  readonly #index = new SessionIndex()
  #lastId: FetchSessionId = NO_FETCH_SESSION

  get size(): number {
    return this.#sessions.size
  }

  /**
   * A request arrived: closes the session that it ends, or goes on in the one that it names.
   * @returns why it is refused, or NONE
   */
  admit(request: FetchRequest): KafkaError {
    const { sessionId, sessionEpoch } = request
    if (sessionEpoch === INITIAL_SESSION_EPOCH || sessionEpoch === FINAL_SESSION_EPOCH) {
      this.#sessions.get(sessionId)?.end()
      this.#sessions.delete(sessionId)
      return 'NONE'
    }
    const session = this.#sessions.get(sessionId)
    if (session === undefined) return 'FETCH_SESSION_ID_NOT_FOUND'
    if (session.epoch !== sessionEpoch) return 'INVALID_FETCH_SESSION_EPOCH'
    session.goOn(request)
    return 'NONE'
  }

  /** The session in which a request that was admitted is answered; null for one without. */
  of(request: FetchRequest): FetchSession | null {
    return this.#sessions.get(request.sessionId) ?? null
  }

  /** Those in which the partition is fetched. */
  listing(index: PartitionIndex): readonly FetchSession[] {
    return this.#index.of(index)
  }

  /** The partition has changed: fetches in a session look at it again. */
  rouse(index: PartitionIndex): void {
    const sessions = this.#index.of(index)
    for (let i = 0; i < sessions.length; i++) sessions[i]?.rouse(index)
  }

  /**
   * The answer goes out.
   * @returns the session in which the sender goes on; NO_FETCH_SESSION for none
   */
  answered(request: FetchRequest, answers: readonly FetchPartitionResponse[]): FetchSessionId {
    if (request.sessionEpoch === INITIAL_SESSION_EPOCH) return this.#create(request, answers)
    const session = this.#sessions.get(request.sessionId)
    if (session === undefined) return NO_FETCH_SESSION
    const { sessionEpoch } = request
    invariant(session.epoch === sessionEpoch + 1, 'a session has one request under way', {
      sessionId: session.id,
      sessionEpoch,
      next: session.epoch,
    })
    session.tell(answers)
    return session.id
  }

  /** Each session is found by its id and is whole. @throws InvariantViolation */
  assertWhole(): void {
    for (const session of this.#sessions.values()) {
      const { id } = session
      const isFound = this.#sessions.get(id) === session && id <= this.#lastId
      invariant(isFound, 'a session is found by its id', { id })
      session.assertWhole()
    }
  }

  #create(request: FetchRequest, answers: readonly FetchPartitionResponse[]): FetchSessionId {
    const session = new FetchSession(++this.#lastId, request, answers, this.#index)
    this.#sessions.set(session.id, session)
    return session.id
  }

  /** All that are open. */
  [Symbol.iterator](): Iterator<FetchSession> {
    return this.#sessions.values()
  }
}
