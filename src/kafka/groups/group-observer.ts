// Models: what a coordinator tells whoever keeps the history of its groups.
// Leaves out: nothing.
// Source: the log lines of GroupMetadataManager.

import type { GenerationId, GroupId, MemberId } from '../ids.ts'

export interface GroupObserver {
  onMemberAdded(group: GroupId, member: MemberId): void
  onMemberRemoved(group: GroupId, member: MemberId, why: string): void
  /** A rebalance begins; `generation` is the one it ends. */
  onRebalance(group: GroupId, generation: GenerationId, why: string): void
  /** Every member may fetch its assignment. */
  onStable(group: GroupId, generation: GenerationId, members: number): void
  /** A broker coordinates these groups from now on, its log read. */
  onLoaded(groups: readonly GroupId[]): void
}
