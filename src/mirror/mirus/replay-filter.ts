// Models: replay.policy: records that a task has had before are left out when its position goes
// back, but for a window.
// Leaves out: nothing; what a task remembers ends with it, so restarts are never filtered.
// Source: com.salesforce.mirus.MirusSourceTask (isSkippedRecord).

import type { Offset, PartitionIndex } from '../../kafka/ids.ts'

/** Offsets of a partition from `from` to `to` - 1. */
export interface OffsetRun {
  readonly from: Offset
  readonly to: Offset
}

/** The window counts records of a partition. */
export class ReplayFilter {
  readonly #window: number
  /** The last record of each partition that was let through. */
  readonly #latest = new Map<PartitionIndex, Offset>()

  /** @param window replay.window.records */
  constructor(window: number) {
    this.#window = window
  }

  /**
   * The part of a run that is let through; null for none. A record is left out where it lies at
   * or below the latest one minus the window; the first that does not becomes the latest itself,
   * so that all that follow it pass as well.
   */
  take(partition: PartitionIndex, { from, to }: OffsetRun): OffsetRun | null {
    const latest = this.#latest.get(partition)
    const first = latest === undefined ? from : Math.max(from, latest - this.#window + 1)
    if (first >= to) return null
    this.#latest.set(partition, to - 1)
    return { from: first, to }
  }
}
