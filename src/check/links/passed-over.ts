// Claim: what a link passed over, for good: records of which the source's clients were told and
// that never stood in the target, although a record that follows them in the source's partition
// did. Links copy a partition in its order, so nobody brings them any more. What the source lost
// itself is none of it, nor what was missing when the target took over (failover.ts).

import type { History } from '../../history.ts'
import type { PassedOver } from './judgement.ts'
import { settledAt } from './lag.ts'
import type { Piece } from './piece.ts'

/** By partition of the source, most first; sums over all. */
export function passedOver(history: History, acked: readonly Piece[]): PassedOver {
  const copiedUpTo = new Map<number, number>()
  for (const { partition, sourceAt, copiedAt } of acked) {
    if (!Number.isFinite(copiedAt) || !Number.isFinite(sourceAt)) continue
    copiedUpTo.set(partition, Math.max(copiedUpTo.get(partition) ?? 0, sourceAt))
  }
  const records = new Map<number, number>()
  for (const piece of acked) {
    if (Number.isFinite(settledAt(piece))) continue
    if (piece.sourceAt >= (copiedUpTo.get(piece.partition) ?? 0)) continue
    records.set(piece.partition, (records.get(piece.partition) ?? 0) + piece.count)
  }
  const byPartition = [...records]
    .sort(([a, most], [b, more]) => more - most || a - b)
    .map(([index, count]) => ({ partition: history.partitionName(index), records: count }))
  return {
    records: byPartition.reduce((sum, { records: of }) => sum + of, 0),
    byPartition,
  }
}
