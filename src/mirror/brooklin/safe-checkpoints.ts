// Models: how far each source partition is acknowledged without a gap.
// Leaves out: other strategies than this one (callbackStatusStrategyFactoryClass).
// Source: com.linkedin.datastream.server.FlushlessEventProducerHandler, CallbackStatus.

import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import { invariant } from '../../sim/invariant.ts'
import type { Checked } from '../../sim/state-checks.ts'

interface Range {
  readonly from: Offset
  readonly to: Offset
}

interface Progress {
  /** Sent and not acknowledged, in order. */
  readonly open: Range[]
  /** Behind the last record that was sent. */
  end: Offset
  /** The first record since it was cleared: before it nothing is known here. */
  readonly begin: Offset
}

/**
 * Acknowledgements may come in any order; what was never registered, or cleared since, is passed
 * over.
 */
export class SafeCheckpoints implements Checked {
  readonly #progress = new Map<PartitionIndex, Progress>()

  /** Records go out; offsets only grow until `clear`. */
  register(partition: PartitionIndex, from: Offset, count: number): void {
    const progress = this.#progress.get(partition) ?? { open: [], begin: from, end: from }
    progress.open.push({ from, to: from + count })
    progress.end = from + count
    this.#progress.set(partition, progress)
  }

  /** `count` records from `from` on are in the target's log. */
  ack(partition: PartitionIndex, from: Offset, count: number): void {
    const progress = this.#progress.get(partition)
    if (progress === undefined) return
    const left = progress.open.flatMap((range) => without(range, { from, to: from + count }))
    progress.open.splice(0, progress.open.length, ...left)
  }

  /** Where to go on: behind the last record before which all are acknowledged; null: none is. */
  safe(partition: PartitionIndex): Offset | null {
    const progress = this.#progress.get(partition)
    if (progress === undefined) return null
    const next = progress.open[0]?.from ?? progress.end
    return next > progress.begin ? next : null
  }

  /** What is under way ascends without overlaps. */
  assertWhole(): void {
    for (const [partition, { open, begin }] of this.#progress) {
      let last = begin
      for (const { from, to } of open) {
        invariant(from >= last && to > from, 'what is under way is in order', { partition, from })
        last = to
      }
    }
  }

  /** Forgets one partition, or all. */
  clear(partition: PartitionIndex | null = null): void {
    if (partition === null) this.#progress.clear()
    else this.#progress.delete(partition)
  }
}

function without(range: Range, gone: Range): Range[] {
  if (gone.to <= range.from || gone.from >= range.to) return [range]
  const parts = [
    { from: range.from, to: Math.min(gone.from, range.to) },
    { from: Math.max(gone.to, range.from), to: range.to },
  ]
  return parts.filter(({ from, to }) => to > from)
}
