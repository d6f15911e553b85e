// Claim C4: no record id stands at more than one offset of a topic's surviving logs.
//
// A duplicate comes from a retry whose first attempt was appended after all: without idempotence,
// or where the broker's memory of the producer was lost; or from a replicator that copies again
// what it had not noted as copied. A replicator that leaves the partition to its producer's
// partitioner (MirrorMaker 1) puts the second copy into another partition than the first, so that
// all partitions of a topic are one book. A copy in another topic, or in another cluster, is none:
// that is what a link is for. Nor is what Kafka and replicators write for themselves. Delivery
// twice to a group is another matter: consumer-view.ts.

import type { FinalLog } from '../history/facts.ts'
import type { History } from '../history.ts'
import { RangeBag } from './intervals.ts'

export interface Duplicates {
  /** Ids that stand more than once in some topic. */
  readonly records: number
  /** Copies beyond the first of each. */
  readonly copies: number
  /** Those that stand beside the first one, in the same partition. */
  readonly byPartition: readonly { readonly partition: string; readonly copies: number }[]
}

/**
 * `records` counts ids, `copies` what is there beyond the first of each. `byPartition` counts only
 * copies beside the first one in the same partition, so its sum may be less than `copies`.
 */
export function duplicatedRecords(history: History): Duplicates {
  const twice = new RangeBag()
  let copies = 0
  const byPartition: { partition: string; copies: number }[] = []
  for (const logs of survivorsByTopic(history)) {
    const ofTopic = new RangeBag()
    for (const log of logs) {
      const ofLog = new RangeBag()
      const [firsts, counts] = [log.ranges.column('firstRecordId'), log.ranges.column('count')]
      for (let row = 0; row < firsts.length; row++) {
        const [firstRecordId, count] = [firsts[row] ?? 0, counts[row] ?? 0]
        if (!history.isSent(firstRecordId)) continue
        ofLog.add(firstRecordId, count)
        ofTopic.add(firstRecordId, count)
      }
      const surplus = ofLog.surplus()
      if (surplus === 0) continue
      byPartition.push({ partition: history.partitionName(log.partition), copies: surplus })
    }
    twice.addAll(ofTopic.repeated())
    copies += ofTopic.surplus()
  }
  return { records: twice.covered().size, copies, byPartition }
}

/** Surviving logs, those of one topic of a cluster together. */
function survivorsByTopic({ finalLogs, partitions }: History): Iterable<readonly FinalLog[]> {
  const topics = new Map<string, FinalLog[]>()
  for (const log of finalLogs) {
    if (!log.isSurvivor) continue
    const { cluster, topic } = partitions[log.partition] ?? { cluster: '', topic: '' }
    const key = `${cluster}\n${topic}`
    const logs = topics.get(key) ?? []
    topics.set(key, logs)
    logs.push(log)
  }
  return topics.values()
}
