// Models: by which type a batch is packed, and how much smaller its records are then.
// Leaves out: the work of packing; differences between types (records have one ratio for all of
// them).
// Source: org.apache.kafka.common.record.CompressionType, MemoryRecordsBuilder.

import { invariant } from '../sim/invariant.ts'

/** compression.type of a producer. */
export const COMPRESSION_TYPES = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

export type CompressionType = (typeof COMPRESSION_TYPES)[number]

/** compression.type of a topic or a broker; `producer` leaves batches as they come. */
export const BROKER_COMPRESSION_TYPES = [
  'uncompressed',
  'zstd',
  'lz4',
  'snappy',
  'gzip',
  'producer',
] as const

export type BrokerCompressionType = (typeof BROKER_COMPRESSION_TYPES)[number]

/** How the records of a batch are packed; a batch without it holds records that nothing shrinks. */
export interface Packing {
  readonly type: CompressionType
  /** Of its records: packed size / plain size, whatever packs them; in (0, 1). */
  readonly ratio: number
}

/** Packing of records with this ratio. One object a producer: whoever reads batches shares it. */
export function packingOf(type: CompressionType, ratio: number): Packing | undefined {
  invariant(ratio > 0 && ratio <= 1, 'compression makes records smaller, or leaves them', { ratio })
  return ratio === 1 ? undefined : { type, ratio }
}

/** Packed size / plain size of records of this ratio behind this type. */
export function packedShare(type: CompressionType, ratio: number): number {
  return type === 'none' ? 1 : ratio
}

/** The type that a broker setting names; `producer` where it names none. */
export function brokerCompressionOf(text: string): BrokerCompressionType {
  return BROKER_COMPRESSION_TYPES.find((type) => type === text) ?? 'producer'
}
