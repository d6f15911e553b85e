// Models: a producer's batch of records that were handed over one after the other.
// Leaves out: contents of records, but for those of internal topics.
// Source: org.apache.kafka.clients.producer.internals.ProducerBatch (tryAppend, thunks).

import type { Micros } from '../../sim/time.ts'
import { type CompressionType, packingOf } from '../compression.ts'
import { type IdRange, sliceRanges } from '../id-ranges.ts'
import type { PartitionIndex } from '../ids.ts'
import type { ProducedBatch } from '../messages.ts'
import { BATCH_HEADER_BYTES, recordBytes as plainRecordBytes } from '../network/sizes.ts'
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

export class HandedBatch extends ProducerBatch {
  readonly slices: HandedSlice[] = []
  private size = 0
  private plain = 0
  /** Size of its records if they were packed, whether they are or not. */
  private packed = 0
  private readonly type: CompressionType

  /**
   * @param first id of its first record
   * @param recordBytes of that record, compressed: memory was taken for it
   * @param created when the batch was opened: linger and delivery.timeout.ms count from here
   */
  constructor(
    partition: PartitionIndex,
    first: number,
    recordBytes: number,
    created: Micros,
    type: CompressionType,
  ) {
    super(partition, first, recordBytes, -1, created)
    this.type = type
  }

  override get bytes(): number {
    return BATCH_HEADER_BYTES + Math.ceil(this.size)
  }

  /** Records of a size that still fit under batch.size; an empty batch always takes one. */
  roomFor(recordBytes: number, batchSizeBytes: number): number {
    if (this.closed) return 0
    const left = batchSizeBytes - BATCH_HEADER_BYTES - this.size
    return Math.max(Math.floor(left / recordBytes), this.count === 0 ? 1 : 0)
  }

  /** Appends `count` records of a size that follow the first `skip` of a hand-over. */
  take(records: HandedRecords, skip: number, count: number, recordBytes: number): void {
    this.slices.push({ records, skip, count })
    this.count += count
    this.size += count * recordBytes
    const plain = count * plainRecordBytes(records.payloadBytes)
    this.plain += plain
    this.packed += plain * records.compressionRatio
  }

  override onWire(): ProducedBatch {
    const ids = this.slices.flatMap(({ records, skip, count }) =>
      sliceRanges(records.ids, skip, count),
    )
    const { createdFirst, createdLast } = timesOf(ids)
    // Records of several producers share the batch: it is as small as they are on the whole.
    const packing = packingOf(this.type, this.packed / this.plain)
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
