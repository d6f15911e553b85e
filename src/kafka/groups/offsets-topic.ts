// Models: which partition of the offsets topic belongs to which group.
// Leaves out: the topic's creation at the first look-up (it exists from the start); its compaction.
// Source: GroupCoordinatorService.partitionFor.

import { absOf, hashOfText } from '../hash-order.ts'
import type { GroupId } from '../ids.ts'

/** Number of the partition whose leader coordinates `group`. */
export function partitionForGroup(group: GroupId, partitions: number): number {
  return absOf(hashOfText(group)) % partitions
}
