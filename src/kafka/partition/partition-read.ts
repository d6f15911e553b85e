// Models: what one partition answers to a fetch, before it is known whether the fetch will park.
// Leaves out: aborted transactions, fetch offset metadata (segment and position).
// Source: LogReadInfo, LogReadResult.

import type { KafkaError } from '../errors.ts'
import { NO_NODE, NO_OFFSET, type NodeId, type Offset } from '../ids.ts'
import type { EpochEndOffset } from '../log/leader-epoch-cache.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { RecordBatch } from '../messages.ts'

const NO_BATCHES: readonly RecordBatch[] = []

/** Filled anew by every read: one object a broker, because reads are the most frequent thing. */
export class PartitionRead {
  error: KafkaError = 'NONE'
  /** As it was before this fetch changed anything. */
  highWatermark: Offset = NO_OFFSET
  logStartOffset: Offset = NO_OFFSET
  /** The follower must cut its log; then no batches come along. */
  diverging: EpochEndOffset | null = null
  /** KIP-392: where to read instead; -1 to stay. */
  preferredReadReplica: NodeId = NO_NODE
  batches: readonly RecordBatch[] = NO_BATCHES

  /** Before each read: what the last one left would be taken for an answer. */
  clear(): void {
    this.error = 'NONE'
    this.highWatermark = NO_OFFSET
    this.logStartOffset = NO_OFFSET
    this.diverging = null
    this.preferredReadReplica = NO_NODE
    this.batches = NO_BATCHES
  }

  /** The batches from `from` to below `end`, or the error that the log does not reach to `from`. */
  fill(log: PartitionLog, from: Offset, end: Offset, bytesMax: number, atLeastOne: boolean): void {
    if (log.isOutOfRange(from)) this.error = 'OFFSET_OUT_OF_RANGE'
    else this.batches = log.read(from, end, bytesMax, atLeastOne)
  }

  /** Answers with an error and nothing else. */
  fail(error: KafkaError): void {
    this.clear()
    this.error = error
  }
}
