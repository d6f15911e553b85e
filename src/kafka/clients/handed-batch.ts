// Models: a producer's batch of records that were handed over one after the other.
// Leaves out: contents of records, but for those of internal topics.
// Source: org.apache.kafka.clients.producer.internals.ProducerBatch (tryAppend, thunks).

import type { Micros } from '../../sim/time.ts'
import { type CompressionType, packingOf } from '../compression.ts'
import { createdAt, type IdRange, sliceRanges } from '../id-ranges.ts'
import type { PartitionIndex } from '../ids.ts'
import type { ProducedBatch } from '../messages.ts'
import type { MemoryRecordsBuilder } from './memory-records-builder.ts'
import { ProducerBatch } from './producer-batch.ts'

/** Records of one size for one place, as their owner hands them over. */
export interface HandedRecords {
  /** Key, value and headers of one record, in bytes, before compression. */
  readonly payloadBytes: number
  /** Packed size / plain size of these records, whatever packs them. */
  readonly compressionRatio: number
  /** Which records, in order, with the times that they carry. */
  readonly ids: readonly IdRange[]
  /** What they say, one by one, where somebody reads it back. */
  readonly values?: readonly object[] | undefined
  /** Told to the owner with their fate. */
  readonly tag: object
}

/** Some of them, next to each other in one batch. */
export interface HandedSlice {
  readonly records: HandedRecords
  /** Records of the same hand-over before the first of these. */
  readonly skip: number
  readonly count: number
}

/**
 * Its records are not numbered on end, as those of a lane are: it keeps which they are, and whose.
 */
export class HandedBatch extends ProducerBatch {
  readonly slices: HandedSlice[] = []
  private readonly type: CompressionType

  /**
   * @param first id of its first record
   * @param created when the batch was opened: linger and delivery.timeout.ms count from here
   */
  constructor(
    partition: PartitionIndex,
    first: number,
    builder: MemoryRecordsBuilder,
    created: Micros,
    type: CompressionType,
  ) {
    super(partition, first, builder, -1, created)
    this.type = type
  }

  /**
   * Appends as many as have room of the `max` records that follow the first `skip` of a hand-over,
   * with the times that they carry, and closes where the next has none.
   * @returns how many
   */
  take(records: HandedRecords, skip: number, max: number): number {
    const { payloadBytes, compressionRatio } = records
    let taken = 0
    for (const range of sliceRanges(records.ids, skip, max)) {
      const at = (n: number) => createdAt(range, n)
      const run = { payloadBytes, compressionRatio, createdAt: at }
      taken += this.fill(run, range.count)
      if (this.closed) break
    }
    if (taken > 0) this.slices.push({ records, skip, count: taken })
    return taken
  }

  /** With its ids as ranges where they do not follow one another, and the times that they carry. */
  override onWire(): ProducedBatch {
    const ids = this.slices.flatMap(({ records, skip, count }) =>
      sliceRanges(records.ids, skip, count),
    )
    const { createdFirst, createdLast } = timesOf(ids)
    // Records of several producers share the batch: it is as small as they are on the whole.
    const packing = packingOf(this.type, this.builder.ratio)
    const ranges = ids.length > 1 ? ids : undefined
    return this.wireOf(createdFirst, createdLast, packing, ranges, this.values())
  }

  private values(): readonly object[] | undefined {
    if (this.slices.every(({ records }) => records.values === undefined)) return undefined
    return this.slices.flatMap(
      ({ records, skip, count }) => records.values?.slice(skip, skip + count) ?? [],
    )
  }
}

/** The times of a batch in the log: that of its first record, and the latest. */
function timesOf(ids: readonly IdRange[]): { createdFirst: number; createdLast: number } {
  const createdFirst = ids[0]?.createdFirst ?? 0
  let createdLast = createdFirst
  for (const range of ids) createdLast = Math.max(createdLast, range.createdLast)
  return { createdFirst, createdLast }
}
