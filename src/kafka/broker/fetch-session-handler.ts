// Models: a fetcher's side of its session: which request of which session the next fetch is.
// Leaves out: the lists of partitions added and forgotten; every fetch lists what it asks for.
// Source: org.apache.kafka.clients.FetchSessionHandler; KIP-227.

import {
  type FetchSessionId,
  FINAL_SESSION_EPOCH,
  INITIAL_SESSION_EPOCH,
  NO_FETCH_SESSION,
} from '../ids.ts'
import type { FetchResponse } from '../messages.ts'

/**
 * Epoch 0 asks for a session, each answer raises it, -1 stands alone; an error or a lost answer
 * begins again, and names the old session so that the broker forgets it.
 */
export class FetchSessionHandler {
  /** Of the next fetch. */
  sessionId: FetchSessionId = NO_FETCH_SESSION
  sessionEpoch: number
  readonly #first: number

  /** @param usesSessions false before KIP-227: then every fetch stands alone */
  constructor(usesSessions: boolean) {
    this.#first = usesSessions ? INITIAL_SESSION_EPOCH : FINAL_SESSION_EPOCH
    this.sessionEpoch = this.#first
  }

  /** @returns whether the answer tells anything of partitions */
  onResponse(response: FetchResponse): boolean {
    if (response.error === 'FETCH_SESSION_ID_NOT_FOUND') this.#begin(NO_FETCH_SESSION)
    else if (response.error !== 'NONE') this.#begin(this.sessionId)
    else if (response.sessionId === NO_FETCH_SESSION) this.#begin(NO_FETCH_SESSION)
    else {
      this.sessionId = response.sessionId
      this.sessionEpoch++
    }
    return response.error === 'NONE'
  }

  /** Nobody knows what became of the last fetch: the next ends its session and opens another. */
  onFailure(): void {
    this.#begin(this.sessionId)
  }

  #begin(ended: FetchSessionId): void {
    this.sessionId = ended
    this.sessionEpoch = this.#first
  }
}
