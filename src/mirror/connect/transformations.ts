// Models: what single message transforms do to the records between poll and send: they take time,
// leave records out, and send others to another topic.
// Leaves out: contents: a predicate drops a share of the records, always the same ones;
// transforms that change keys; errors.tolerance.
// Source: connect.runtime.TransformationChain, connect.transforms.Filter and RegexRouter,
// AbstractWorkerSourceTask.sendRecords.

import { type IdRange, sliceRange, sliceRanges } from '../../kafka/id-ranges.ts'
import type { RecordId } from '../../kafka/ids.ts'
import type { Micros } from '../../sim/time.ts'
import type { PolledRecords, Transformations } from './worker-source-task.ts'

/** One transform of the chain. */
export type Transformation =
  /** Share of the records that its predicate drops. */
  | { readonly kind: 'filter'; readonly drops: number }
  | { readonly kind: 'route'; readonly regex: RegExp; readonly replacement: string }
  /** Somebody's own code, with the time that it takes for a record. */
  | { readonly kind: 'work'; readonly perRecord: Micros }

/** A multiplier that spreads consecutive ids over all of 32 bits. */
const SPREAD = 2_654_435_761

/**
 * The order of the chain counts: a router sees only what filters before it have left. The task's
 * own thread runs it between poll and send: what it takes for each record bounds the task's
 * throughput. One belongs to a task.
 */
export class TransformationChain implements Transformations {
  readonly perRecord: Micros
  readonly #chain: readonly Transformation[]
  readonly #onDropped: (ids: readonly IdRange[]) => void

  /** @param onDropped hears of what is left out, each time */
  constructor(chain: readonly Transformation[], onDropped: (ids: readonly IdRange[]) => void) {
    this.#chain = chain
    this.#onDropped = onDropped
    this.perRecord = chain.reduce((sum, one) => sum + (one.kind === 'work' ? one.perRecord : 0), 0)
  }

  /** What is left of polled records, part by part. */
  apply(polled: PolledRecords): PolledRecords[] {
    let parts = [polled]
    for (const one of this.#chain) {
      if (one.kind === 'filter') parts = parts.flatMap((part) => this.#filtered(part, one.drops))
      else if (one.kind === 'route') parts = parts.map((part) => routed(part, one))
    }
    return parts
  }

  #filtered(polled: PolledRecords, drops: number): PolledRecords[] {
    const kept: { skip: number; count: number }[] = []
    const dropped: IdRange[] = []
    let skip = 0
    for (const range of polled.records.ids) {
      for (let n = 0; n < range.count; n++, skip++) {
        if (isDropped(range.firstRecordId + n, drops)) dropped.push(sliceRange(range, n, 1))
        else {
          const last = kept.at(-1)
          if (last !== undefined && last.skip + last.count === skip) last.count++
          else kept.push({ skip, count: 1 })
        }
      }
    }
    if (dropped.length === 0) return [polled]
    this.#onDropped(dropped)
    return kept.map((run) => partOf(polled, run.skip, run.count))
  }
}

function isDropped(record: RecordId, drops: number): boolean {
  // Only the lower half of an id counts within its stream; products stay exact.
  const low = record % 65_536
  return ((low * SPREAD) % 4_294_967_296) / 4_294_967_296 < drops
}

function partOf(polled: PolledRecords, skip: number, count: number): PolledRecords {
  const { ids, values, payloadBytes, compressionRatio } = polled.records
  const records = {
    payloadBytes,
    compressionRatio,
    ids: sliceRanges(ids, skip, count),
    values: values?.slice(skip, skip + count),
  }
  return { ...polled, from: polled.from + skip, count, records }
}

/** The whole name must match; one that does not stays. */
function routed(
  polled: PolledRecords,
  { regex, replacement }: Extract<Transformation, { kind: 'route' }>,
): PolledRecords {
  const { topic } = polled.target
  if (!regex.test(topic)) return polled
  return { ...polled, target: { ...polled.target, topic: topic.replace(regex, replacement) } }
}
