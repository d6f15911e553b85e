// Models: which offsets of a group are written at the target from its checkpoints.
// Leaves out: asking the target for its groups, and the write, which one with members refuses.
// Source: MirrorCheckpointTask.syncGroupOffset and refreshIdleConsumerGroupOffset; KIP-545.

import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { Checkpoint } from './checkpoint-store.ts'

/**
 * Offsets to write for one group.
 * @param idle its offsets at the target where it was found EMPTY there when last looked at (null:
 * a negative offset was committed). Without them the group is taken to be new and everything is
 * written, also where it had members then and has none any more: its offsets may go back.
 */
export function groupOffsetsToSync(
  checkpoints: Iterable<Checkpoint>,
  idle: ReadonlyMap<PartitionIndex, Offset | null> | null,
): Map<PartitionIndex, Offset> {
  const offsets = new Map<PartitionIndex, Offset>()
  for (const { partition, downstream } of checkpoints) {
    const there = idle?.get(partition) ?? null
    if (there === null || there < downstream) offsets.set(partition, downstream)
  }
  return offsets
}
