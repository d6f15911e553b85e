// Models: the order in which Java's HashMap and HashSet walk their keys, where Kafka lets it show.
// Leaves out: tables that were larger once, and buckets that have become trees.
// Source: java.util.HashMap, ConcurrentHashMap (table size, hash spreading), String.hashCode.

const BUCKETS_MIN = 16
const LOAD_FACTOR = 0.75

/**
 * By bucket, then by insertion; integers below 16 in ascending order.
 * @param hashOf Java's hashCode of a key: an integer is its own, null is 0
 * @param spare a ConcurrentHashMap grows one key earlier: 1
 */
export function inHashOrder<K>(
  keys: ReadonlySet<K>,
  hashOf: (key: K) => number,
  spare: 0 | 1 = 0,
): K[] {
  let buckets = BUCKETS_MIN
  while (keys.size + spare > buckets * LOAD_FACTOR) buckets *= 2
  const bucketOf = (key: K) => {
    const hash = hashOf(key)
    return (hash ^ (hash >>> 16)) & (buckets - 1)
  }
  return [...keys].sort((a, b) => bucketOf(a) - bucketOf(b))
}

/** Long.hashCode. */
function hashOfLong(value: number): number {
  return (value | 0) ^ Math.floor(value / 0x1_0000_0000)
}

/** Objects.hash of an int and a long. */
export function hashOfPair(first: number, second: number): number {
  return (Math.imul(31 + first, 31) + hashOfLong(second)) | 0
}

/** String.hashCode. */
export function hashOfText(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return hash
}

/** Utils.abs: the smallest integer becomes 0. */
export function absOf(hash: number): number {
  return hash === -2_147_483_648 ? 0 : Math.abs(hash)
}
