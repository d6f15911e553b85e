// Latencies as counts in fixed integer buckets: 32 linear steps in each power of two of micros, so
// a quantile is right within 3.2 % and the same on every machine. A range of evenly spaced values
// costs as many steps as it spans buckets, whatever its count.

const STEPS = 32
const STEP_BITS = 5
const MICROS_MAX = 2_147_483_647

/** One a slot of time, made where something falls into it. */
export type Histograms = (Histogram | undefined)[]

/** Adds the latencies of `count` records over at `at` and created evenly from first to last. */
export function addLatencies(
  histograms: Histograms,
  slot: number,
  at: number,
  createdFirst: number,
  createdLast: number,
  count: number,
): void {
  const histogram = histograms[slot] ?? new Histogram()
  histograms[slot] = histogram
  histogram.addRange(at - createdLast, at - createdFirst, count)
}

/** Values are micros. What lies outside 0 to 2,147,483,647 (35 min) counts as the nearer end. */
export class Histogram {
  /** By bucket from `lowest` on: values of one place and time lie near one another. */
  private counts: number[] = []
  private lowest = 0
  private total = 0
  private largest = 0

  /** Values that were added, clamped ones among them. */
  get count(): number {
    return this.total
  }

  /** Largest value that was added, exact. */
  get max(): number {
    return this.largest
  }

  /** Adds `count` values evenly spaced from `low` to `high`, both included. */
  addRange(low: number, high: number, count: number): void {
    if (count <= 0) return
    const first = Math.max(0, Math.min(low, MICROS_MAX))
    const last = Math.max(first, Math.min(high, MICROS_MAX))
    this.total += count
    if (last > this.largest) this.largest = last
    const begin = bucketOf(first)
    const end = bucketOf(last)
    if (count <= end - begin) this.putEach(first, last, count)
    else this.putSpread(first, last, count, begin, end)
  }

  /** Value by value: the cheaper way where there are more buckets than values. */
  private putEach(first: number, last: number, count: number): void {
    const steps = Math.max(1, count - 1)
    // Multiplied first: whole numbers then stay exact where a value stands on a bucket's border.
    for (let i = 0; i < count; i++) this.put(bucketOf(first + ((last - first) * i) / steps), 1)
  }

  /** Bucket by bucket, from the first value's to the last one's. */
  private putSpread(first: number, last: number, count: number, begin: number, end: number): void {
    let before = 0
    for (let bucket = begin; bucket < end; bucket++) {
      const upTo = countUpTo(first, last, count, upperBound(bucket))
      if (upTo > before) this.put(bucket, upTo - before)
      before = upTo
    }
    if (count > before) this.put(end, count - before)
  }

  /** Nearest-rank quantile as its bucket's upper bound, at most the maximum; null if empty. */
  quantile(share: number): number | null {
    if (this.total === 0) return null
    const rank = Math.max(1, Math.ceil(this.total * share))
    let seen = 0
    for (let i = 0; i < this.counts.length; i++) {
      seen += this.counts[i] ?? 0
      if (seen >= rank) return Math.min(upperBound(this.lowest + i), this.largest)
    }
    return this.largest
  }

  /** Adds all that another one holds. */
  addAll(other: Histogram): void {
    for (let i = 0; i < other.counts.length; i++) {
      this.put(other.lowest + i, other.counts[i] ?? 0)
    }
    this.total += other.total
    this.largest = Math.max(this.largest, other.largest)
  }

  /** Non-empty buckets, ascending: [upper bound in micros, values in it]. */
  buckets(): [number, number][] {
    const result: [number, number][] = []
    for (const [i, count] of this.counts.entries()) {
      if (count > 0) result.push([upperBound(this.lowest + i), count])
    }
    return result
  }

  private put(bucket: number, count: number): void {
    if (this.counts.length === 0) this.lowest = bucket
    if (bucket < this.lowest) this.extendDown(bucket)
    const at = bucket - this.lowest
    while (this.counts.length <= at) this.counts.push(0)
    this.counts[at] = (this.counts[at] ?? 0) + count
  }

  private extendDown(bucket: number): void {
    const below = new Array<number>(this.lowest - bucket).fill(0)
    this.counts = below.concat(this.counts)
    this.lowest = bucket
  }
}

/** Values 0..31 have a bucket each; then every power of two has 32. */
function bucketOf(micros: number): number {
  const value = Math.floor(micros)
  if (value < STEPS) return value
  const shift = 31 - Math.clz32(value) - STEP_BITS
  return (shift + 1) * STEPS + (value >> shift) - STEPS
}

/** Largest whole value of a bucket. */
function upperBound(bucket: number): number {
  if (bucket < STEPS) return bucket
  const shift = (bucket >> STEP_BITS) - 1
  const step = (bucket & (STEPS - 1)) + STEPS
  // Multiplied, for the last bound has a bit more than a shift keeps.
  return (step + 1) * (1 << shift) - 1
}

/** How many of `count` evenly spaced values from first to last have a whole part <= bound. */
function countUpTo(first: number, last: number, count: number, bound: number): number {
  if (count === 1 || last === first) return first < bound + 1 ? count : 0
  const steps = Math.ceil(((bound + 1 - first) * (count - 1)) / (last - first))
  return Math.max(0, Math.min(count, steps))
}
