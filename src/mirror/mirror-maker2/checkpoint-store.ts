// Models: which checkpoints a round of the checkpoint task emits, and what it remembers of them.
// Leaves out: metadata of commits; groups and topics that the filters keep out.
// Source: MirrorCheckpointTask.checkpointsForGroup and checkpointIsMoreRecent, CheckpointStore.

import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { Mm2Guards } from './guards.ts'
import type { OffsetSyncStore } from './offset-sync-store.ts'

/** Where a group is at the source, and where that is at the target. */
export interface Checkpoint {
  /** Of the source cluster. */
  readonly partition: PartitionIndex
  readonly upstream: Offset
  readonly downstream: Offset
}

/** The newest checkpoints of each group. */
export class CheckpointStore {
  readonly #guards: Mm2Guards
  readonly #groups = new Map<string, Map<PartitionIndex, Checkpoint>>()

  constructor(guards: Mm2Guards) {
    this.#guards = guards
  }

  /**
   * One round for one group.
   * @param committed the group's offsets at the source
   * @returns what to write into the checkpoints topic
   */
  update(
    group: string,
    committed: ReadonlyMap<PartitionIndex, Offset>,
    syncs: OffsetSyncStore,
  ): Checkpoint[] {
    const known = this.#guards.monotonicCheckpoints ? this.#groups.get(group) : undefined
    const emitted: Checkpoint[] = []
    for (const [partition, upstream] of committed) {
      const downstream = syncs.translate(partition, upstream)
      if (downstream === null || !this.#isKnown(downstream)) continue
      const checkpoint = { partition, upstream, downstream }
      if (isMoreRecent(checkpoint, known?.get(partition))) emitted.push(checkpoint)
    }
    this.#remember(group, emitted, known)
    return emitted
  }

  /** The newest checkpoint of each partition of a group. */
  of(group: string): ReadonlyMap<PartitionIndex, Checkpoint> {
    return this.#groups.get(group) ?? new Map()
  }

  /** Reads checkpoints back after a restart. */
  restore(group: string, checkpoints: readonly Checkpoint[]): void {
    this.#remember(group, checkpoints, this.#groups.get(group))
  }

  #isKnown(downstream: Offset): boolean {
    return this.#guards.checkpointsOffsetZero ? downstream >= 0 : downstream > 0
  }

  #remember(
    group: string,
    checkpoints: readonly Checkpoint[],
    known: ReadonlyMap<PartitionIndex, Checkpoint> | undefined,
  ): void {
    const merged = new Map(known)
    for (const checkpoint of checkpoints) merged.set(checkpoint.partition, checkpoint)
    this.#groups.set(group, merged)
  }
}

/** The first one, or the group went back at the source, or it gets further at the target. */
function isMoreRecent(checkpoint: Checkpoint, last: Checkpoint | undefined): boolean {
  if (last === undefined || checkpoint.upstream < last.upstream) return true
  return checkpoint.downstream > last.downstream
}
