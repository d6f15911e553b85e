// Models: what records measure where somebody unpacks them, or packs them anew.
// Leaves out: what differs between records of one batch: a replicator copies its mean, in whole
// bytes.
// Source: storage.internals.log.LogValidator (validateMessagesAndAssignOffsetsCompressed),
// server.record.BrokerCompressionType.targetCompression.

import { type BrokerCompressionType, type Packing, packedShare } from '../compression.ts'
import type { RecordBatch } from '../messages.ts'
import { BATCH_HEADER_BYTES } from './record-sizes.ts'

/** What a batch says of its size. */
export interface PackedBatch {
  readonly bytes: number
  readonly packing?: Packing | undefined
}

/** Bytes of a batch's records when they are unpacked, its header not counted. */
export function plainBytesOf({ bytes, packing }: PackedBatch): number {
  const share = packing === undefined ? 1 : packedShare(packing.type, packing.ratio)
  return Math.max(0, bytes - BATCH_HEADER_BYTES) / share
}

/** Key, value and headers of a batch's records, unpacked: their mean. */
export function payloadBytesOf(batch: Pick<RecordBatch, 'payloadBytes' | 'count'>): number {
  return Math.round(batch.payloadBytes / batch.count)
}

/** What a leader with this compression.type writes of a batch that is produced to it. */
export function repacked(batch: PackedBatch, to: BrokerCompressionType): PackedBatch {
  const { packing } = batch
  const type = to === 'uncompressed' ? 'none' : to
  if (packing === undefined || type === 'producer' || type === packing.type) return batch
  const bytes =
    BATCH_HEADER_BYTES + Math.ceil(plainBytesOf(batch) * packedShare(type, packing.ratio))
  return { bytes, packing: { type, ratio: packing.ratio } }
}
