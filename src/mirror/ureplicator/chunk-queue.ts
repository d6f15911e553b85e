// Models: the queue between threads that fetch and a thread that sends: so many chunks, then
// whoever fetches stands in put().
// Leaves out: nothing.
// Source: LinkedBlockingQueue of FetchedDataChunk, in uReplicator's WorkerInstance.

import { invariant } from '../../sim/invariant.ts'
import type { SourceSlice } from '../source-slice.ts'
import type { HelixPartition } from './helix.ts'

/** What one poll has returned of one partition. */
export interface FetchedDataChunk {
  readonly partition: HelixPartition
  readonly slices: readonly SourceSlice[]
}

interface Waiting {
  readonly chunk: FetchedDataChunk
  readonly then: () => void
}

/**
 * Those who stand in put() get room in the order in which they came. It bounds what a worker holds
 * in memory: chunks, and not bytes, so that a target that is away costs capacity × poll size.
 */
export class ChunkQueue {
  readonly #capacity: number
  readonly #chunks: FetchedDataChunk[] = []
  readonly #puts: Waiting[] = []
  #onChunk: (() => void) | null = null

  constructor(capacity: number) {
    this.#capacity = Math.max(1, capacity)
  }

  /** `then`: there was room for it. */
  put(chunk: FetchedDataChunk, then: () => void): void {
    if (this.#chunks.length >= this.#capacity) {
      this.#puts.push({ chunk, then })
      return
    }
    this.#chunks.push(chunk)
    this.#tell()
    then()
  }

  /** The oldest one; null: it is empty. */
  take(): FetchedDataChunk | null {
    const chunk = this.#chunks.shift() ?? null
    const waiting = chunk === null ? undefined : this.#puts.shift()
    if (waiting !== undefined) {
      this.#chunks.push(waiting.chunk)
      waiting.then()
    }
    invariant(this.#chunks.length <= this.#capacity, 'a queue holds no more than it may')
    return chunk
  }

  /** Calls back once, as soon as something is there to take. */
  whenAny(then: () => void): void {
    this.#onChunk = then
    if (this.#chunks.length > 0) this.#tell()
  }

  #tell(): void {
    const told = this.#onChunk
    this.#onChunk = null
    told?.()
  }
}
