// Which ids of one stream have come by so far, where they mostly come in their order.

interface Range {
  start: number
  end: number
}

/** Ranges of ids, ascending and disjoint; what comes in order only makes the last one longer. */
export class SeenRanges {
  private readonly seen: Range[] = []

  /** The smallest id that has come by; endless where none has. */
  get first(): number {
    return this.seen[0]?.start ?? Number.POSITIVE_INFINITY
  }

  /** The parts of [start, end) that have not come by yet. */
  newParts(start: number, end: number): Range[] {
    const parts: Range[] = []
    let at = start
    for (let i = this.firstEndingAfter(start); i < this.seen.length; i++) {
      const range = this.seen[i]
      if (range === undefined || range.start >= end) break
      if (at < range.start) parts.push({ start: at, end: range.start })
      at = Math.max(at, range.end)
    }
    if (at < end) parts.push({ start: at, end })
    return parts
  }

  /** How many ids from `id` on have come by. */
  countFrom(id: number): number {
    let count = 0
    for (let i = this.seen.length - 1; i >= 0; i--) {
      const range = this.seen[i]
      if (range === undefined || range.end <= id) break
      count += range.end - Math.max(range.start, id)
    }
    return count
  }

  /** Adds [start, end) where all of it comes behind what has come by. @returns whether it does */
  addInOrder(start: number, end: number): boolean {
    const last = this.seen.at(-1)
    if (end <= start || (last !== undefined && last.end > start)) return false
    if (last?.end === start) last.end = end
    else this.seen.push({ start, end })
    return true
  }

  /** Adds ids that have not come by, joined with the range that they continue. */
  add({ start, end }: Range): void {
    const at = this.firstEndingAfter(start)
    const before = this.seen[at - 1]
    if (before !== undefined && before.end === start) before.end = end
    else this.seen.splice(at, 0, { start, end })
  }

  /** Adds [start, end) and shows the parts of it that had not come by, ascending. */
  take(start: number, end: number, visit: (start: number, end: number) => void = () => {}): void {
    if (this.addInOrder(start, end)) {
      visit(start, end)
      return
    }
    for (const part of this.newParts(start, end)) {
      this.add(part)
      visit(part.start, part.end)
    }
  }

  private firstEndingAfter(id: number): number {
    let at = this.seen.length
    while (at > 0 && (this.seen[at - 1]?.end ?? 0) > id) at--
    return at
  }
}
