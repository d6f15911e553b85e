// Models: a broker's incremental fetch sessions: who may go on in one, and what each was told.
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
  NO_OFFSET,
  type Offset,
  type PartitionIndex,
} from '../ids.ts'
import type { FetchPartitionResponse, FetchRequest } from '../messages.ts'

/** What a session told of one partition last. */
interface ToldPartition {
  highWatermark: Offset
  logStartOffset: Offset
  /** Epoch of the last request that listed it: a partition that one leaves out is forgotten. */
  listedIn: number
}

/** One fetcher's conversation with this broker. */
export class FetchSession implements Checked {
  readonly id: FetchSessionId
  /** Of the request that comes next. */
  epoch = INITIAL_SESSION_EPOCH + 1
  readonly #told = new IndexMap<PartitionIndex, ToldPartition>()

  constructor(id: FetchSessionId) {
    this.id = id
  }

  /** The next request of the session: its partitions are those of the session from now on. */
  goOn(request: FetchRequest): void {
    const { partitions } = request
    for (let i = 0; i < partitions.length; i++) {
      const index = partitions[i]?.partition
      if (index === undefined) continue
      const told = this.#told.get(index)
      if (told?.listedIn === this.epoch - 1) told.listedIn = this.epoch
      else this.#list(index, NO_OFFSET, NO_OFFSET, this.epoch)
    }
    this.epoch++
  }

  #list(index: PartitionIndex, highWatermark: Offset, logStartOffset: Offset, epoch: number): void {
    this.#told.set(index, { highWatermark, logStartOffset, listedIn: epoch })
  }

  /**
   * Whether it was told other offsets than these; always of a partition that is new to the session
   * (CachedPartition.maybeUpdateResponseData).
   */
  isNews(index: PartitionIndex, highWatermark: Offset, logStartOffset: Offset): boolean {
    const told = this.#told.get(index)
    if (told === undefined) return true
    return told.highWatermark !== highWatermark || told.logStartOffset !== logStartOffset
  }

  /** An error is repeated until it is gone, and what follows it is news. */
  tell(answers: readonly FetchPartitionResponse[]): void {
    for (let i = 0; i < answers.length; i++) {
      const answer = answers[i]
      const told = answer === undefined ? undefined : this.#told.get(answer.partition)
      if (answer === undefined || told === undefined) continue
      told.highWatermark = answer.error === 'NONE' ? answer.highWatermark : NO_OFFSET
      told.logStartOffset = answer.logStartOffset
    }
  }

  /** The answer that opens a session names all its partitions. */
  open(answers: readonly FetchPartitionResponse[]): void {
    for (const { partition, highWatermark, logStartOffset } of answers) {
      this.#list(partition, highWatermark, logStartOffset, INITIAL_SESSION_EPOCH)
    }
  }

  /**
   * No partition was listed by a request to come, no log starts above its high watermark.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    const { id, epoch } = this
    for (const { highWatermark, logStartOffset, listedIn } of this.#told.values()) {
      invariant(listedIn < epoch, 'a partition was listed by a request that came', { id, listedIn })
      const isReadable = highWatermark === NO_OFFSET || logStartOffset <= highWatermark
      invariant(isReadable, 'a log was told to start below its high watermark', { id })
    }
  }
}

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

  /**
   * The answer goes out.
   * @returns the session in which the sender goes on; NO_FETCH_SESSION for none
   */
  answered(request: FetchRequest, answers: readonly FetchPartitionResponse[]): FetchSessionId {
    if (request.sessionEpoch === INITIAL_SESSION_EPOCH) return this.#create(answers)
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

  #create(answers: readonly FetchPartitionResponse[]): FetchSessionId {
    const session = new FetchSession(++this.#lastId)
    session.open(answers)
    this.#sessions.set(session.id, session)
    return session.id
  }
}
