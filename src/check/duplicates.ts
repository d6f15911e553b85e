// Claim C4: no record id stands at more than one offset of a partition's surviving log.
//
// A duplicate comes from a retry whose first attempt was appended after all: without idempotence,
// or where the broker's memory of the producer was lost; or from a replicator that copies again
// what it had not noted as copied. A copy in the log of another partition is none, nor is what
// Kafka and replicators write for themselves. Delivery twice to a group is another matter:
// consumer-view.ts.

import type { History } from '../history.ts'
import { RangeBag } from './intervals.ts'

export interface Duplicates {
  /** Ids that stand more than once in some log. */
  readonly records: number
  /** Copies beyond the first of each. */
  readonly copies: number
  readonly byPartition: readonly { readonly partition: string; readonly copies: number }[]
}

export function duplicatedRecords(history: History): Duplicates {
  const twice = new RangeBag()
  let copies = 0
  const byPartition: { partition: string; copies: number }[] = []
  for (const log of history.finalLogs) {
    if (!log.isSurvivor) continue
    const bag = new RangeBag()
    for (const { firstRecordId, count } of log.ranges) {
      if (history.isSent(firstRecordId)) bag.add(firstRecordId, count)
    }
    const surplus = bag.surplus()
    if (surplus === 0) continue
    twice.addAll(bag.repeated())
    copies += surplus
    byPartition.push({ partition: history.partitionName(log.partition), copies: surplus })
  }
  return { records: twice.covered().size, copies, byPartition }
}
