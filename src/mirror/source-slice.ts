// Models: what a replicator's consumer hands over: records of one partition, offsets without a gap.
// Leaves out: headers and keys, which travel with their records.
// Source: org.apache.kafka.clients.consumer.ConsumerRecords.

import { type IdRange, idsOf, sliceRanges } from '../kafka/id-ranges.ts'
import type { Offset, PartitionIndex } from '../kafka/ids.ts'
import type { RecordBatch } from '../kafka/messages.ts'
import { payloadBytesOf } from '../kafka/network/packed-size.ts'

/** Records of one batch of a source partition. */
export interface SourceSlice {
  readonly partition: PartitionIndex
  readonly from: Offset
  readonly count: number
  /** Of one record, before compression; a batch of several sizes counts with its mean. */
  readonly payloadBytes: number
  /** Packed size / plain size of them, whatever packs them. */
  readonly compressionRatio: number
  readonly ids: readonly IdRange[]
  readonly values: readonly object[] | undefined
}

/** What batches hold at offsets `from` .. `to` - 1. */
export function slicesOf(
  partition: PartitionIndex,
  batches: readonly RecordBatch[],
  from: Offset,
  to: Offset,
): SourceSlice[] {
  return batches.flatMap((batch) => {
    const first = Math.max(from, batch.baseOffset)
    const count = Math.min(to, batch.baseOffset + batch.count) - first
    if (count <= 0) return []
    const skip = first - batch.baseOffset
    const ids = idsOf(batch, first, first + count)
    const values = batch.values?.slice(skip, skip + count)
    const payloadBytes = payloadBytesOf(batch)
    const compressionRatio = batch.packing?.ratio ?? 1
    return [{ partition, from: first, count, payloadBytes, compressionRatio, ids, values }]
  })
}

/** The `count` records of a slice that follow its first `skip`. */
export function sliceOf(slice: SourceSlice, skip: number, count: number): SourceSlice {
  if (skip === 0 && count === slice.count) return slice
  return {
    ...slice,
    from: slice.from + skip,
    count,
    ids: sliceRanges(slice.ids, skip, count),
    values: slice.values?.slice(skip, skip + count),
  }
}
