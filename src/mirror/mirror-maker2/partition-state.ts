// Models: when a mirrored record makes an offset sync due.
// Leaves out: nothing.
// Source: OffsetSyncWriter.PartitionState; KAFKA-14797.

import type { Offset } from '../../kafka/ids.ts'
import type { Mm2Guards } from './guards.ts'

/** One source partition in the life of a task; a restart begins anew and so sends a sync. */
export class PartitionState {
  readonly #offsetLagMax: number
  readonly #guards: Mm2Guards
  #previousUpstream: Offset = -1
  #previousDownstream: Offset = -1
  #syncedUpstream: Offset = -1
  #syncedDownstream: Offset = -1
  #isDue = false

  /** @param offsetLagMax offset.lag.max */
  constructor(offsetLagMax: number, guards: Mm2Guards) {
    this.#offsetLagMax = offsetLagMax
    this.#guards = guards
  }

  /** A record of offset `upstream` became `downstream`. @returns whether a sync is due */
  update(upstream: Offset, downstream: Offset): boolean {
    const isFirst = this.#syncedDownstream === -1
    const isStale = downstream - this.#expected(upstream) >= this.#offsetLagMax
    const isGapUpstream = upstream - this.#previousUpstream !== 1
    const isTruncatedDownstream = downstream < this.#previousDownstream
    if (isFirst || isStale || isGapUpstream || isTruncatedDownstream) {
      this.#syncedUpstream = upstream
      this.#syncedDownstream = downstream
      this.#isDue = true
    }
    this.#previousUpstream = upstream
    this.#previousDownstream = downstream
    return this.#isDue
  }

  /**
   * Of `count` records that follow the last one without a gap on either side: how many come before
   * the first that makes a sync due, or before the last.
   */
  quiet(count: number): number {
    if (!this.#guards.syncsByTranslationLag) {
      const drift = this.#previousDownstream - this.#expected(this.#previousUpstream)
      return drift >= this.#offsetLagMax ? 0 : count - 1
    }
    const dueAt = this.#syncedDownstream + 1 + this.#offsetLagMax
    return Math.max(0, Math.min(count - 1, dueAt - this.#previousDownstream - 1))
  }

  /** Takes `count` such records for read. */
  pass(count: number): void {
    this.#previousUpstream += count
    this.#previousDownstream += count
  }

  /** The sync was queued. */
  reset(): void {
    this.#isDue = false
  }

  /** What the last sync makes of an upstream offset. */
  #expected(upstream: Offset): Offset {
    if (this.#guards.syncsByTranslationLag) return this.#syncedDownstream + 1
    return this.#syncedDownstream + (upstream - this.#syncedUpstream)
  }
}
