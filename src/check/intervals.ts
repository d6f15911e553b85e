// Sets of record ids as sorted, disjoint, half-open intervals. A run has millions of records in
// some hundred thousand batches; every claim about records is arithmetic on these, never a loop
// over records.

import { RECORDS_PER_STREAM } from '../history.ts'

/** An immutable set of whole numbers. */
export class Intervals {
  /** Ascending; starts[i] < ends[i] < starts[i + 1]. */
  readonly starts: readonly number[]
  /** Exclusive. */
  readonly ends: readonly number[]

  constructor(starts: readonly number[], ends: readonly number[]) {
    this.starts = starts
    this.ends = ends
  }

  static readonly EMPTY = new Intervals([], [])

  /** How many numbers are in the set. */
  get size(): number {
    let size = 0
    for (let i = 0; i < this.starts.length; i++) size += this.endAt(i) - this.startAt(i)
    return size
  }

  /** First id of the n-th range; infinite behind the last one. */
  startAt(index: number): number {
    return this.starts[index] ?? Number.POSITIVE_INFINITY
  }

  /** Exclusive end of the n-th range; infinite behind the last one. */
  endAt(index: number): number {
    return this.ends[index] ?? Number.POSITIVE_INFINITY
  }

  /** Finds the range by bisection. */
  has(id: number): boolean {
    const index = this.firstEndingAfter(id)
    return this.startAt(index) <= id
  }

  /** How many numbers of [start, start + count) are in the set. */
  countIn(start: number, count: number): number {
    const end = start + count
    let found = 0
    for (let i = this.firstEndingAfter(start); this.startAt(i) < end; i++) {
      found += Math.min(end, this.endAt(i)) - Math.max(start, this.startAt(i))
    }
    return found
  }

  /** The part of [start, start + count) that is in the set. */
  within(start: number, count: number): Intervals {
    const starts: number[] = []
    const ends: number[] = []
    this.forEachIn(start, count, (from, until) => {
      starts.push(from)
      ends.push(until)
    })
    return new Intervals(starts, ends)
  }

  /** Shows the parts of [start, start + count) that are in the set, ascending. */
  forEachIn(start: number, count: number, visit: (start: number, end: number) => void): void {
    const end = start + count
    for (let i = this.firstEndingAfter(start); this.startAt(i) < end; i++) {
      visit(Math.max(start, this.startAt(i)), Math.min(end, this.endAt(i)))
    }
  }

  /** Ids of both sets, in one pass over their ranges. */
  and(other: Intervals): Intervals {
    const starts: number[] = []
    const ends: number[] = []
    let i = 0
    let j = 0
    while (i < this.starts.length && j < other.starts.length) {
      const start = Math.max(this.startAt(i), other.startAt(j))
      const end = Math.min(this.endAt(i), other.endAt(j))
      if (start < end) {
        starts.push(start)
        ends.push(end)
      }
      if (this.endAt(i) < other.endAt(j)) i++
      else j++
    }
    return new Intervals(starts, ends)
  }

  /** Ids of this set that the other one does not have. */
  minus(other: Intervals): Intervals {
    const starts: number[] = []
    const ends: number[] = []
    let j = 0
    for (let i = 0; i < this.starts.length; i++) {
      let start = this.startAt(i)
      const end = this.endAt(i)
      while (other.endAt(j) <= start && j < other.starts.length) j++
      for (let k = j; other.startAt(k) < end && start < end; k++) {
        if (start < other.startAt(k)) {
          starts.push(start)
          ends.push(other.startAt(k))
        }
        start = Math.max(start, other.endAt(k))
      }
      if (start < end) {
        starts.push(start)
        ends.push(end)
      }
    }
    return new Intervals(starts, ends)
  }

  /** Ids of either set; ranges that touch become one. */
  or(other: Intervals): Intervals {
    const both = new RangeBag()
    both.addAll(this)
    both.addAll(other)
    return both.covered()
  }

  /** Index of the first interval that ends after `id`; the number of intervals where none does. */
  private firstEndingAfter(id: number): number {
    let low = 0
    let high = this.ends.length
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (this.endAt(middle) <= id) low = middle + 1
      else high = middle
    }
    return low
  }
}

/**
 * Ranges in any order, with overlaps: a multiset of record ids in the making. A range that goes on
 * where the last one of its stream ended only makes that one longer, so ids that come in order cost
 * no room however the streams interleave.
 */
export class RangeBag {
  private readonly starts: number[] = []
  private readonly ends: number[] = []
  /** Index of the last range by stream. */
  private readonly lastOf = new Map<number, number>()

  /**
   * A range of no ids changes nothing; one that goes on where its stream's last one ended lengthens
   * that.
   */
  add(start: number, count: number): void {
    if (count <= 0) return
    const stream = Math.floor(start / RECORDS_PER_STREAM)
    const last = this.lastOf.get(stream)
    if (last !== undefined && this.ends[last] === start) {
      this.ends[last] = start + count
    } else {
      this.lastOf.set(stream, this.starts.length)
      this.starts.push(start)
      this.ends.push(start + count)
    }
  }

  /** Each range of a set once more. */
  addAll(set: Intervals): void {
    for (let i = 0; i < set.starts.length; i++)
      this.add(set.startAt(i), set.endAt(i) - set.startAt(i))
  }

  /** Numbers that at least one range holds. */
  covered(): Intervals {
    return this.coveredTimes(1)
  }

  /** Numbers that at least two ranges hold. */
  repeated(): Intervals {
    return this.coveredTimes(2)
  }

  /** Copies beyond the first, summed over all numbers. */
  surplus(): number {
    let total = 0
    for (let i = 0; i < this.starts.length; i++) {
      total += (this.ends[i] ?? 0) - (this.starts[i] ?? 0)
    }
    return total - this.covered().size
  }

  /** Sweeps over the sorted borders: a start raises the depth, an end lowers it. */
  private coveredTimes(depthMin: number): Intervals {
    const opens = Float64Array.from(this.starts).sort()
    const closes = Float64Array.from(this.ends).sort()
    const starts: number[] = []
    const ends: number[] = []
    let depth = 0
    let closed = 0
    for (const open of opens) {
      // An end at this very point comes first, so that touching ranges do not overlap.
      while (closed < closes.length && (closes[closed] ?? 0) <= open) {
        if (depth === depthMin) ends.push(closes[closed] ?? 0)
        depth--
        closed++
      }
      depth++
      if (depth === depthMin) starts.push(open)
    }
    for (; closed < closes.length; closed++, depth--) {
      if (depth === depthMin) ends.push(closes[closed] ?? 0)
    }
    return new Intervals(...joined(starts, ends))
  }
}

/** Makes one interval of those that touch. */
function joined(starts: number[], ends: number[]): [number[], number[]] {
  const outStarts: number[] = []
  const outEnds: number[] = []
  for (const [i, start] of starts.entries()) {
    const end = ends[i] ?? start
    const last = outEnds.length - 1
    if (last >= 0 && outEnds[last] === start) outEnds[last] = end
    else {
      outStarts.push(start)
      outEnds.push(end)
    }
  }
  return [outStarts, outEnds]
}
