// Models: where a record's key sends it in a topic of another size, which a replicator that gives
// no partition leaves to the default partitioner.
// Leaves out: contents of keys; partitioners of one's own.
// Source: producer.internals.BuiltInPartitioner.partitionForKey.

import type { SendTarget } from '../kafka/clients/send-queue.ts'
import type { IdRange } from '../kafka/id-ranges.ts'
import type { RecordId } from '../kafka/ids.ts'

/** What is known of the keys of records. */
export interface RecordKeys {
  /**
   * Number of the partition that a record's key chooses among so many; null: it has no key.
   * Records of one home partition with the same number of partitions come to the same number.
   */
  partitionOf(record: RecordId, partitions: number): number | null
  /** Whether the records of a range have one home: the first of them speaks for all. */
  isUniform(range: IdRange, partitions: number): boolean
}

/** A run of records that go to one place. */
export interface KeyedRun {
  readonly skip: number
  readonly count: number
  readonly target: SendTarget
}

/** Parts records by the partition that their keys choose; without keys the producer chooses. */
export function runsByKey(
  keys: RecordKeys,
  ids: readonly IdRange[],
  topic: string,
  partitions: number,
): KeyedRun[] {
  const runs: { skip: number; count: number; target: SendTarget }[] = []
  let skip = 0
  const add = (partition: number | null, count: number) => {
    const last = runs.at(-1)
    if (last !== undefined && last.target.partition === partition) last.count += count
    else runs.push({ skip, count, target: { topic, partition } })
    skip += count
  }
  for (const range of ids) {
    if (keys.isUniform(range, partitions)) {
      add(keys.partitionOf(range.firstRecordId, partitions), range.count)
      continue
    }
    for (let n = 0; n < range.count; n++) {
      add(keys.partitionOf(range.firstRecordId + n, partitions), 1)
    }
  }
  return runs
}
