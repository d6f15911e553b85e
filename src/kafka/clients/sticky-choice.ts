// Models: one topic's sticky partition as send() sees it: chosen between batches, by queue lengths.
// Leaves out: partitions whose leader is slow (partitioner.availability.timeout.ms is 0).
// Source: producer.internals.RecordAccumulator (append, updatePartitionLoadStats).

import type { PartitionIndex } from '../ids.ts'
import type { Accumulator } from './accumulator.ts'
import type { ClientMetadata } from './metadata.ts'
import type { PartitionLoads, StickyPartitioner } from './partitioner.ts'

/**
 * KIP-794 for one topic of one producer: a partition gets batch.size bytes before the next is
 * drawn, by queue lengths where partitioner.adaptive.partitioning.enable is set.
 */
export class StickyChoice {
  private readonly partitioner: StickyPartitioner
  private readonly accumulator: Accumulator
  private readonly metadata: ClientMetadata
  // What the partitioner looks at, kept between two looks as long as no leader changes.
  private partitions: readonly PartitionIndex[] = []
  private queued = new Int32Array(0)
  /** Where a partition stands in the two lists; -1 where it does not. */
  private readonly places: number[] = []
  /** The metadata's `leadersVersion` of which `partitions` tells. */
  private leadersVersion = -1
  /** What the metadata of that version knows of the topic. */
  private all: readonly PartitionIndex[] = []
  private version = -1

  constructor(partitioner: StickyPartitioner, accumulator: Accumulator, metadata: ClientMetadata) {
    this.partitioner = partitioner
    this.accumulator = accumulator
    this.metadata = metadata
  }

  /** The partition in use, if one was chosen. */
  peek(): PartitionIndex | null {
    return this.partitioner.peek()
  }

  /** The partition for the next record; null while the topic is not known. */
  next(): PartitionIndex | null {
    const all = this.known()
    if (all.length === 0) return null
    const current = this.partitioner.peek()
    // Between two batches is the moment to go elsewhere, once this partition had its share.
    const newest = current === null ? null : this.accumulator.queueOf(current).newest
    if (newest === null || newest.isFull) this.partitioner.produced(0, true)
    return this.partitioner.peek() ?? this.partitioner.current(() => this.loads(all))
  }

  /** The topic's partitions, asked for by name once for each change of the metadata. */
  private known(): readonly PartitionIndex[] {
    const { metadata } = this
    if (this.version !== metadata.leadersVersion) {
      this.version = metadata.leadersVersion
      this.all = metadata.partitionsOf(this.partitioner.topic)
    }
    return this.all
  }

  /** The partition in use is another one now: a new one is chosen. */
  forget(): void {
    this.partitioner.forget()
    this.leadersVersion = -1
  }

  /** Counts bytes given to the partition in use. */
  produced(bytes: number, newestBatchFull: boolean): void {
    this.partitioner.produced(bytes, newestBatchFull)
  }

  /** Partitions with a leader, or all of them while none has one. */
  private loads(all: readonly PartitionIndex[]): PartitionLoads {
    const { places, metadata } = this
    if (this.leadersVersion !== metadata.leadersVersion) {
      const led = all.filter((partition) => metadata.leaderOf(partition) >= 0)
      this.partitions = led.length > 0 ? led : all
      this.queued = new Int32Array(this.partitions.length)
      places.fill(-1)
      for (const [place, partition] of this.partitions.entries()) places[partition] = place
      this.leadersVersion = metadata.leadersVersion
    }
    this.queued.fill(0)
    for (const queue of this.accumulator.listed) {
      const place = places[queue.partition] ?? -1
      if (place >= 0) this.queued[place] = queue.batches.length
    }
    return { partitions: this.partitions, queued: this.queued }
  }
}
