// Models: nothing of Replicator; a set of record ids, which come in long runs.
// Leaves out: nothing.
// Source: none.

import { invariant } from '../../sim/invariant.ts'
import type { Checked } from '../../sim/state-checks.ts'

/** Ids from `start` to `end` - 1. */
export interface IdSpan {
  readonly start: number
  readonly end: number
}

/** Spans that touch or overlap become one, so that it grows with gaps and not with ids. */
export class IdSet implements Checked {
  /** Ascending, with a gap between each two. */
  #spans: IdSpan[] = []

  /** Ids from `start` to `end` - 1, whether some are there already or not. */
  add(start: number, end: number): void {
    const from = this.#firstEndingAt(start)
    let until = from
    let [low, high] = [start, end]
    for (let span = this.#spans[until]; span !== undefined && span.start <= high; ) {
      low = Math.min(low, span.start)
      high = Math.max(high, span.end)
      until++
      span = this.#spans[until]
    }
    this.#spans.splice(from, until - from, { start: low, end: high })
  }

  /** What of a span is not in the set. */
  gaps(start: number, end: number): IdSpan[] {
    const gaps: IdSpan[] = []
    let at = start
    for (let i = this.#firstEndingAt(start); at < end; i++) {
      const span = this.#spans[i]
      if (span === undefined || span.start >= end) break
      if (span.start > at) gaps.push({ start: at, end: span.start })
      at = Math.max(at, span.end)
    }
    if (at < end) gaps.push({ start: at, end })
    return gaps
  }

  /** Spans ascend, with a gap between each two. */
  assertWhole(): void {
    let last = Number.NEGATIVE_INFINITY
    for (const { start, end } of this.#spans) {
      invariant(start > last && end > start, 'spans ascend with gaps between them', { start, end })
      last = end
    }
  }

  /** Place of the first span that ends at `start` or behind it. */
  #firstEndingAt(start: number): number {
    let low = 0
    let high = this.#spans.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#spans[middle]?.end ?? 0) < start) low = middle + 1
      else high = middle
    }
    return low
  }
}
