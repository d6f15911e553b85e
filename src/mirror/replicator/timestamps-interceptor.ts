// Models: the interceptor that an application's consumer carries: it remembers the timestamps of
// what was read, and writes down those of what was committed.
// Leaves out: clients that are not Java's, which have no such class: a scenario does not set it.
// Source: io.confluent.connect.replicator.offsets.ConsumerTimestampsInterceptor (onConsume,
// onCommit).

import type { ConsumerObserver } from '../../kafka/clients/consumer-observer.ts'
import type { CommittedOffset } from '../../kafka/group-messages.ts'
import { createdAt, visitRanges } from '../../kafka/id-ranges.ts'
import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { RecordBatch } from '../../kafka/messages.ts'
import type { TopicPartitions } from '../../kafka/metadata/topic-partitions.ts'
import type { ConsumerTimestamp } from './consumer-timestamps.ts'

/** Part of a batch that was read. */
interface Read {
  readonly batch: RecordBatch
  readonly from: Offset
  readonly to: Offset
}

/**
 * Writes one timestamp for each partition of a commit; for an offset at which nothing was read
 * since the last one it writes none.
 */
export class ConsumerTimestampsInterceptor
  implements Required<Pick<ConsumerObserver, 'onDelivered' | 'onCommitted'>>
{
  readonly #group: string
  readonly #topics: TopicPartitions
  readonly #write: (timestamp: ConsumerTimestamp) => void
  /** In the order of reading; what is committed is forgotten. */
  readonly #read = new Map<PartitionIndex, Read[]>()

  constructor(
    group: string,
    topics: TopicPartitions,
    write: (timestamp: ConsumerTimestamp) => void,
  ) {
    this.#group = group
    this.#topics = topics
    this.#write = write
  }

  /** Kept until it is committed. */
  onDelivered(
    partition: PartitionIndex,
    batches: readonly RecordBatch[],
    from: Offset,
    to: Offset,
  ): void {
    const reads = this.#read.get(partition) ?? []
    this.#read.set(partition, reads)
    for (const batch of batches) {
      const end = Math.min(to, batch.baseOffset + batch.count)
      reads.push({ batch, from: Math.max(from, batch.baseOffset), to: end })
    }
  }

  /** What fails to be committed is told of by a later commit. */
  onCommitted(offsets: readonly CommittedOffset[], error: string): void {
    if (error !== 'NONE') return
    for (const { partition, offset } of offsets) this.#committed(partition, offset)
  }

  #committed(partition: PartitionIndex, offset: Offset): void {
    const reads = this.#read.get(partition) ?? []
    const last = reads.findLast(({ from }) => from < offset)
    if (last === undefined) return
    this.#read.set(
      partition,
      reads.filter(({ to }) => to > offset),
    )
    const timestampMs = timestampAt(last.batch, Math.min(offset, last.to) - 1)
    const topic = this.#topics.topicOf(partition)
    const number = this.#topics.numberOf(partition)
    this.#write({ group: this.#group, topic, number, timestampMs })
  }
}

/** Timestamp of the record at an offset of a batch, milliseconds. */
function timestampAt(batch: RecordBatch, offset: Offset): number {
  let micros = batch.createdLast
  visitRanges(batch, offset, offset + 1, (range) => {
    micros = createdAt(range, 0)
  })
  return Math.floor(micros / 1_000)
}
