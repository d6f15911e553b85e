// Models: the hash that maps a record's key to a partition.
// Leaves out: nothing.
// Source: org.apache.kafka.common.utils.Utils.murmur2, BuiltInPartitioner.partitionForKey.

/** Of Kafka's Java clients; librdkafka's default partitioner uses another hash altogether. */
const SEED = 0x9747b28c
const MULTIPLIER = 0x5bd1e995
const QUESTION_MARK = 0x3f

/** 32-bit MurmurHash2 of the bytes with Kafka's seed, as a signed integer. */
export function murmur2(bytes: Uint8Array): number {
  const tail = bytes.length & ~3
  let hash = SEED ^ bytes.length
  for (let i = 0; i < tail; i += 4) {
    let word = byteAt(bytes, i) | (byteAt(bytes, i + 1) << 8)
    word |= (byteAt(bytes, i + 2) << 16) | (byteAt(bytes, i + 3) << 24)
    word = Math.imul(word, MULTIPLIER)
    word = Math.imul(word ^ (word >>> 24), MULTIPLIER)
    hash = Math.imul(hash, MULTIPLIER) ^ word
  }
  if (tail < bytes.length) {
    for (let i = tail; i < bytes.length; i++) hash ^= byteAt(bytes, i) << (8 * (i - tail))
    hash = Math.imul(hash, MULTIPLIER)
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER)
  return (hash ^ (hash >>> 15)) | 0
}

/** The partition of a keyed record among `partitions`: the hash without its sign bit, modulo. */
export function partitionForKey(key: Uint8Array, partitions: number): number {
  // toPositive, not abs: a change of the number of partitions moves most keys.
  return (murmur2(key) & 0x7fffffff) % partitions
}

/** UTF-8 bytes of a text; half of a surrogate pair becomes '?', as in Java. */
export function utf8(text: string): Uint8Array {
  const bytes: number[] = []
  for (const character of text) {
    const point = character.codePointAt(0) ?? QUESTION_MARK
    if (point < 0x80) bytes.push(point)
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), continuation(point))
    else if (point >= 0xd800 && point <= 0xdfff) bytes.push(QUESTION_MARK)
    else if (point < 0x10000)
      bytes.push(0xe0 | (point >> 12), continuation(point >> 6), continuation(point))
    else {
      bytes.push(0xf0 | (point >> 18), continuation(point >> 12))
      bytes.push(continuation(point >> 6), continuation(point))
    }
  }
  return Uint8Array.from(bytes)
}

function continuation(bits: number): number {
  return 0x80 | (bits & 0x3f)
}

function byteAt(bytes: Uint8Array, i: number): number {
  return bytes[i] ?? 0
}
