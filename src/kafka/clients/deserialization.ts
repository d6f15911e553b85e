// Models: poll() makes records of bytes, and stands still where its deserializer asks somebody. A
// record of which none can be made ends the poll before it, and the next poll throws; whoever polls
// again tries that record again.
// Leaves out: an application that seeks past such a record, or that the exception ends.
// Source: consumer.internals.CompletedFetch.fetchRecords, FetchCollector.collectFetch.

import { lastOf } from '../../sim/last-of.ts'
import type { Offset, PartitionIndex } from '../ids.ts'
import type { RecordBatch } from '../messages.ts'
import type { Deserializer } from './serializer.ts'

/** Bytes that were fetched and not handed over. */
export interface Unread {
  readonly partition: PartitionIndex
  readonly offset: Offset
  readonly batches: readonly RecordBatch[]
}

export interface DeserializationPorts {
  readonly deserializer: Deserializer
  /** poll() stands still from now on; it goes on at `onAnswered`. */
  readonly onAsking: () => void
  readonly onAnswered: () => void
  /** poll() throws. */
  readonly onFailed: (partition: PartitionIndex, offset: Offset) => void
}

interface Place {
  readonly partition: PartitionIndex
  readonly offset: Offset
}

/**
 * Keeps poll() from handing over what it cannot read yet; one question at a time, for all
 * partitions.
 */
export class Deserialization {
  readonly #ports: DeserializationPorts
  #isAsking = false
  #failed: Place | null = null

  constructor(ports: DeserializationPorts) {
    this.#ports = ports
  }

  /**
   * How many of these, in their order and `max` at most, one poll can hand over; null while it
   * stands still, or has thrown and asks again.
   */
  room(unread: Iterable<Unread>, max: number): number | null {
    if (this.#isAsking) return null
    let left = max
    for (const { partition, offset, batches } of unread) {
      const last = lastOf(batches)
      if (left === 0 || last === undefined) break
      const end = Math.min(last.baseOffset + last.count, offset + left)
      const at = this.#ports.deserializer.readableTo(batches, offset, end)
      const isStuck = at < end
      left -= at - offset
      if (isStuck) return this.#stopAt({ partition, offset: at }, batches, max - left)
    }
    return max
  }

  #stopAt(place: Place, batches: readonly RecordBatch[], before: number): number | null {
    const failed = this.#failed
    const hasFailed = failed?.partition === place.partition && failed.offset === place.offset
    if (hasFailed && before > 0) return before
    this.#failed = null
    if (hasFailed) this.#ports.onFailed(place.partition, place.offset)
    this.#isAsking = true
    this.#ports.onAsking()
    this.#ports.deserializer.prepare(batches, place.offset, (end) => {
      this.#isAsking = false
      if (end === 'failed') this.#failed = place
      this.#ports.onAnswered()
    })
    return null
  }
}
