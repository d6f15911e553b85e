// An application that remembers for a time what it has worked on, by the id of each record, and
// drops what it is handed again: an idempotent consumer. What is older than its window is forgotten
// and worked on once more. Ranges of ids that came within a second are remembered as one, under the
// time of the first, so that memory grows with time and producers and not with records.

import { type Micros, SECOND } from '../sim/time.ts'

export interface IdSpan {
  readonly start: number
  /** Exclusive. */
  readonly end: number
}

interface Remembered {
  readonly start: number
  end: number
  readonly at: Micros
}

/**
 * The window is in micros and begins when an id is first seen: seeing it again does not renew it.
 * Times asked with must not go back.
 */
export class DedupWindow {
  readonly #window: Micros
  /** Disjoint, in the order of ids. */
  #spans: Remembered[] = []
  #oldest: Micros = Number.POSITIVE_INFINITY

  constructor(window: Micros) {
    this.#window = window
  }

  /** The parts of [start, end) that it remembers; from now on it remembers all of them. */
  known(start: number, end: number, now: Micros): IdSpan[] {
    this.#forget(now)
    const from = this.#firstEndingAfter(start)
    const known: IdSpan[] = []
    const fresh: IdSpan[] = []
    let at = start
    for (let i = from; i < this.#spans.length && at < end; i++) {
      const span = this.#spans[i]
      if (span === undefined || span.start >= end) break
      if (span.start > at) fresh.push({ start: at, end: span.start })
      const part = { start: Math.max(at, span.start), end: Math.min(end, span.end) }
      known.push(part)
      at = part.end
    }
    if (at < end) fresh.push({ start: at, end })
    for (const span of fresh) this.#remember(span, now)
    return known
  }

  #remember({ start, end }: IdSpan, now: Micros): void {
    const at = this.#firstEndingAfter(start)
    const before = this.#spans[at - 1]
    if (before?.end === start && now - before.at < SECOND) before.end = end
    else this.#spans.splice(at, 0, { start, end, at: now })
    this.#oldest = Math.min(this.#oldest, now)
  }

  #forget(now: Micros): void {
    if (now - this.#oldest < this.#window) return
    this.#spans = this.#spans.filter(({ at }) => now - at < this.#window)
    this.#oldest = this.#spans.reduce((min, { at }) => Math.min(min, at), Number.POSITIVE_INFINITY)
  }

  #firstEndingAfter(id: number): number {
    let low = 0
    let high = this.#spans.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#spans[middle]?.end ?? 0) > id) high = middle
      else low = middle + 1
    }
    return low
  }
}
