// Models: how a group's committed offset at the source becomes one at the target.
// Leaves out: reading the offset-syncs topic; whoever reads it hands each record over.
// Source: org.apache.kafka.connect.mirror.OffsetSyncStore.

import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { Checked } from '../../sim/state-checks.ts'
import type { Mm2Guards } from './guards.ts'
import type { OffsetSync } from './offset-sync.ts'
import { assertSlotsWhole, onlySync, type SyncSlots, withNewest } from './sync-slots.ts'

/** Translation of an offset that is older than every sync kept: it cannot be told. */
export const TOO_OLD: Offset = -1

/** Memory of the checkpoint task: which record upstream is which downstream. */
export class OffsetSyncStore implements Checked {
  readonly #guards: Mm2Guards
  readonly #onlyNewestOfLoad: boolean
  readonly #slots = new Map<PartitionIndex, SyncSlots>()
  #isLoaded = false

  /**
   * @param mustReadToEnd whether checkpoints could not be read back: what was translated before is
   * unknown then, so that of the syncs of the load only the newest may count
   */
  constructor(guards: Mm2Guards, mustReadToEnd: boolean) {
    this.#guards = guards
    this.#onlyNewestOfLoad = mustReadToEnd || !guards.keepsSyncsOverRestart
  }

  /** One record of the syncs topic. */
  handle(sync: OffsetSync): void {
    const slots = this.#slots.get(sync.partition)
    this.#slots.set(sync.partition, slots ? this.#updated(slots, sync) : onlySync(sync))
  }

  /** The syncs topic has been read to its end once. */
  loaded(): void {
    this.#isLoaded = true
  }

  /**
   * Where a group goes on downstream that would read `upstream` next.
   * @returns null where there is no answer (yet), TOO_OLD where every sync is newer
   */
  translate(partition: PartitionIndex, upstream: Offset): Offset | null {
    if (this.#guards.waitsForSyncs && !this.#isLoaded) return null
    const sync = this.#nearest(partition, upstream)
    if (sync === null) return null
    if (sync.upstream > upstream) return TOO_OLD
    const distance = upstream - sync.upstream
    // Of what lies between nobody knows how much was mirrored: one past the sync is safe, since the
    // next record can only be there or later; more could skip records.
    return (
      sync.downstream + (this.#guards.translationStopsAfterSync ? Math.min(distance, 1) : distance)
    )
  }

  /** The syncs kept for a partition, newest first; neighbours that say the same once. */
  syncs(partition: PartitionIndex): OffsetSync[] {
    const slots = this.#slots.get(partition) ?? []
    return slots.filter((sync, i) => {
      const newer = slots[i - 1]
      return newer?.upstream !== sync.upstream || newer.downstream !== sync.downstream
    })
  }

  /** Invariants A to D of the slots, for each partition (sync-slots.ts). */
  assertWhole(): void {
    for (const slots of this.#slots.values()) {
      assertSlotsWhole(slots, this.#guards.promotesEveryOldSync)
    }
  }

  #updated(slots: SyncSlots, sync: OffsetSync): SyncSlots {
    const onlyNewest = this.#onlyNewestOfLoad && !this.#isLoaded
    const isRewind = sync.upstream < (slots[0]?.upstream ?? sync.upstream)
    if (!this.#guards.syncHistory || onlyNewest || isRewind) return onlySync(sync)
    return withNewest(slots, sync, this.#guards.promotesEveryOldSync)
  }

  /** The newest sync at or before the offset, else the oldest; null where there is none. */
  #nearest(partition: PartitionIndex, upstream: Offset): OffsetSync | null {
    const slots = this.#slots.get(partition)
    if (slots !== undefined) {
      return slots.find((sync) => sync.upstream <= upstream) ?? slots.at(-1) ?? null
    }
    if (this.#guards.noCheckpointWithoutSync) return null
    return { partition, upstream: -1, downstream: -1 }
  }
}
