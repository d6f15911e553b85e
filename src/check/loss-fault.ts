// Which fault a partition's loss is counted from: the one at the root of the causes of the leader
// change after its first lost record was acknowledged; without such a chain the run's first fault.

import { type History, OK } from '../history.ts'
import { causesOf } from './causes.ts'
import { firstFaultAt } from './first-fault.ts'
import type { Ledger } from './ledger.ts'
import { rowsByTime } from './rows.ts'

export interface Loss {
  /** Acknowledgement of the first lost record. */
  readonly firstAt: number
  /** When the fault struck that led to the loss; the end of the run without any fault. */
  readonly faultAt: number
}

/** Losses by partition; only partitions that lost an acknowledged record. */
export function lossesOf(history: History, ledger: Ledger): Map<number, Loss> {
  const losses = new Map<number, Loss>()
  if (ledger.lost.size === 0) return losses
  const { produced } = history
  const partitions = produced.column('partition')
  const doneAt = produced.column('doneAt')
  const outcomes = produced.column('outcome')
  const ids = produced.column('firstRecordId')
  const counts = produced.column('count')
  for (const row of rowsByTime(doneAt)) {
    const partition = partitions[row] ?? -1
    if (outcomes[row] !== OK || losses.has(partition)) continue
    if (ledger.lost.countIn(ids[row] ?? 0, counts[row] ?? 0) === 0) continue
    const firstAt = doneAt[row] ?? 0
    losses.set(partition, { firstAt, faultAt: faultOfLoss(history, partition, firstAt) })
  }
  return losses
}

function faultOfLoss(history: History, partition: number, firstLostAt: number): number {
  let epochBefore = -1
  for (const change of history.partitionChanges) {
    if (change.partition !== partition) continue
    const isNewLeader = change.leader >= 0 && change.leaderEpoch !== epochBefore
    if (change.at > firstLostAt && isNewLeader) {
      const [root] = causesOf(history, change.event)
      const fault = history.faults.find((f) => f.id === root?.id)
      if (fault !== undefined) return fault.from
      break
    }
    epochBefore = change.leaderEpoch
  }
  return firstFaultAt(history) ?? history.endAt
}
