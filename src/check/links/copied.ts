// How much a link wrote into its target: records that are new there, records that were there
// before, and records of the target's own clients that come back to it.

import { type History, RECORDS_PER_STREAM } from '../../history.ts'
import { countInFront } from '../bisection.ts'
import { type Intervals, RangeBag } from '../intervals.ts'
import type { Column } from '../rows.ts'
import type { Copied } from './judgement.ts'
import type { Span, SpansByStream } from './spans.ts'

/**
 * Everything of these streams that was appended in some rows of the target, but for what its
 * producers wrote there themselves.
 */
export function copiedBy(
  { appends }: History,
  streams: ReadonlySet<number>,
  rows: readonly number[],
  direct: Intervals,
): Copied {
  const firsts = appends.column('firstRecordId')
  const counts = appends.column('count')
  const sizes = appends.column('bytes')
  const bag = new RangeBag()
  let records = 0
  let bytes = 0
  for (const row of rows) {
    const first = firsts[row] ?? -1
    const count = counts[row] ?? 0
    if (first < 0 || !streams.has(Math.floor(first / RECORDS_PER_STREAM))) continue
    // A batch is written by one client: all of it was, or nothing.
    if (direct.has(first)) continue
    records += count
    bytes += sizes[row] ?? 0
    bag.add(first, count)
  }
  return { records, bytes, again: records - bag.covered().size }
}

/**
 * What the target's own clients wrote and the link brought home: appended there when it stood in
 * the link's source already. A circle of links under names that tell nothing does so for ever, and
 * a reversal that begins at the beginning does it once.
 *
 * @param there first appends at the source, of streams that have their home in the target
 * @param rows appends of the target, by time
 */
export function broughtHome(
  { appends }: History,
  there: SpansByStream,
  rows: readonly number[],
): Copied {
  const firsts = appends.column('firstRecordId')
  const counts = appends.column('count')
  const sizes = appends.column('bytes')
  const times = appends.column('at')
  let records = 0
  let bytes = 0
  if (there.size === 0) return { records, bytes, again: 0 }
  for (const row of rows) {
    const first = firsts[row] ?? -1
    const spans = there.get(Math.floor(first / RECORDS_PER_STREAM))
    if (first < 0 || spans === undefined) continue
    const count = counts[row] ?? 0
    const known = knownBefore(spans, times, { first, count, at: times[row] ?? 0 })
    records += known
    bytes += count === 0 ? 0 : Math.round(((sizes[row] ?? 0) * known) / count)
  }
  return { records, bytes, again: records }
}

/** Of some ids those that the source had before an instant. */
function knownBefore(
  spans: readonly Span[],
  times: Column,
  { first, count, at }: { readonly first: number; readonly count: number; readonly at: number },
): number {
  let known = 0
  const inFront = countInFront(spans.length, (i) => spans[i].end <= first)
  for (let i = inFront; i < spans.length; i++) {
    const { start, end, row } = spans[i]
    if (start >= first + count) break
    if ((times[row] ?? 0) < at) known += Math.min(end, first + count) - Math.max(start, first)
  }
  return known
}
