// Models: bytes of a record inside a batch (magic 2): what it says, its lengths and its deltas.
// Leaves out: keys and headers by themselves: a key of less than 64 bytes costs what no key costs.
// Source: org.apache.kafka.common.record.DefaultRecord, DefaultRecordBatch; ByteUtils (varints).

/** Record batch header (magic 2). */
export const BATCH_HEADER_BYTES = 61

/** The most that a record takes beside its key, its value, their lengths and its headers. */
const RECORD_OVERHEAD_BYTES_MAX = 21

/** One byte for the attributes, one for the length of a null key, one for no headers. */
const FIXED_BYTES = 3

/** The first number that does not fit into one byte of a zigzag varint; seven bits a byte more. */
const ONE_BYTE_END = 64
const NEXT_BYTE = 128

/** Bytes of a number as a zigzag varint: numbers near zero are short, on either side of it. */
export function varintBytes(value: number): number {
  if (value >= -ONE_BYTE_END && value < ONE_BYTE_END) return 1
  const rest = value < 0 ? -value - 1 : value
  let bytes = 2
  for (let end = ONE_BYTE_END * NEXT_BYTE; rest >= end; end *= NEXT_BYTE) bytes++
  return bytes
}

/** The next number above `value` that takes another number of bytes than it. */
export function varintStep(value: number): number {
  if (value >= -ONE_BYTE_END && value < ONE_BYTE_END) return ONE_BYTE_END
  let end = ONE_BYTE_END
  if (value > 0) {
    while (value >= end) end *= NEXT_BYTE
    return end
  }
  while (value < -end * NEXT_BYTE) end *= NEXT_BYTE
  return -end
}

/**
 * Uncompressed bytes that a record adds to its batch.
 * @param payloadBytes key, value and headers
 * @param timestampDelta milliseconds that it is younger than the batch's first record
 * @param offsetDelta records before it in the batch
 */
export function recordBytes(
  payloadBytes: number,
  timestampDelta: number,
  offsetDelta: number,
): number {
  const deltas = varintBytes(timestampDelta) + varintBytes(offsetDelta)
  const body = FIXED_BYTES + deltas + varintBytes(payloadBytes) + payloadBytes
  return varintBytes(body) + body
}

/** What a client takes a batch for that holds one record, before it is written. */
export function batchBytesUpperBound(payloadBytes: number): number {
  // The length of the null key and the number of headers: the attributes are in the overhead.
  const contents = 2 + varintBytes(payloadBytes) + payloadBytes
  return BATCH_HEADER_BYTES + RECORD_OVERHEAD_BYTES_MAX + contents
}
