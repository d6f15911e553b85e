// Models: which offset syncs a source task sends, and when.
// Leaves out: sending; the caller sends what it is given and tells when it is acknowledged.
// Source: org.apache.kafka.connect.mirror.OffsetSyncWriter, MirrorSourceTask.commit.

import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import { invariant } from '../../sim/invariant.ts'
import type { Checked } from '../../sim/state-checks.ts'
import type { Mm2Guards } from './guards.ts'
import type { OffsetSync } from './offset-sync.ts'
import { PartitionState } from './partition-state.ts'

/** MAX_OUTSTANDING_OFFSET_SYNCS: so many may be unacknowledged. */
const OUTSTANDING_SYNCS_MAX = 10

/**
 * Holds back pairs when too many are unacknowledged, keeping the newest of each partition: a late
 * pair costs a group some records read twice, a lost order would cost it records.
 */
export class OffsetSyncWriter implements Checked {
  readonly #guards: Mm2Guards
  readonly #offsetLagMax: number
  readonly #outstandingMax: number
  readonly #states = new Map<PartitionIndex, PartitionState>()
  /** The newest sync of each partition wins, at the place of the first. */
  readonly #pending = new Map<PartitionIndex, OffsetSync>()
  readonly #delayed = new Map<PartitionIndex, OffsetSync>()
  #outstanding = 0

  constructor(guards: Mm2Guards, offsetLagMax: number, outstandingMax = OUTSTANDING_SYNCS_MAX) {
    this.#guards = guards
    this.#offsetLagMax = offsetLagMax
    this.#outstandingMax = outstandingMax
  }

  /** Due now, waiting for room; at most one a partition. */
  get pending(): OffsetSync[] {
    return [...this.#pending.values()]
  }

  /** Due at the next commit; at most one a partition. */
  get delayed(): OffsetSync[] {
    return [...this.#delayed.values()]
  }

  /** Syncs sent and not acknowledged. */
  get outstanding(): number {
    return this.#outstanding
  }

  /**
   * `count` records without a gap were mirrored to as many without one: as `queue` for each, and
   * `onQueued` after each that changes what is to be sent.
   */
  queueRun(
    partition: PartitionIndex,
    upstream: Offset,
    downstream: Offset,
    count: number,
    onQueued: () => void,
  ): void {
    for (let done = 0; done < count; ) {
      this.queue(partition, upstream + done, downstream + done)
      onQueued()
      done++
      const state = this.#states.get(partition)
      const quiet = done < count ? (state?.quiet(count - done) ?? 0) : 0
      state?.pass(quiet)
      done += quiet
    }
  }

  /** A record was mirrored: its sync is due now, or waits for the next commit. */
  queue(partition: PartitionIndex, upstream: Offset, downstream: Offset): void {
    const state =
      this.#states.get(partition) ?? new PartitionState(this.#offsetLagMax, this.#guards)
    this.#states.set(partition, state)
    const sync = { partition, upstream, downstream }
    if (state.update(upstream, downstream)) {
      state.reset()
      this.#delayed.delete(partition)
      if (this.#guards.queuesSyncs || this.#room > 0) this.#pending.set(partition, sync)
    } else if (this.#guards.delayedSyncs) this.#delayed.set(partition, sync)
  }

  /** The task commits: what waited is sent with the next `fire`. */
  promoteDelayed(): void {
    for (const [partition, sync] of this.#delayed) this.#pending.set(partition, sync)
    this.#delayed.clear()
  }

  /** @returns what to send now, as far as unacknowledged syncs leave room */
  fire(): OffsetSync[] {
    const sent = this.pending.slice(0, Math.max(0, this.#outstandingMax - this.#outstanding))
    for (const { partition } of sent) this.#pending.delete(partition)
    this.#outstanding += sent.length
    const [outstanding, most] = [this.#outstanding, this.#outstandingMax]
    invariant(outstanding <= most, 'so many syncs may be unacknowledged', { outstanding, most })
    return sent
  }

  /** A sync was acknowledged, or its send failed. */
  acked(): void {
    invariant(this.#outstanding > 0, 'only what was sent is acknowledged')
    this.#outstanding--
  }

  /** Every sync that waits is of the partition that it waits under. */
  assertWhole(): void {
    for (const syncs of [this.#pending, this.#delayed]) {
      for (const [partition, sync] of syncs) {
        invariant(sync.partition === partition, 'a sync is of its partition', { partition })
      }
    }
  }

  get #room(): number {
    return this.#outstandingMax - this.#outstanding - this.#pending.size
  }
}
