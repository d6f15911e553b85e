// Models: the choice of a partition for records without keys: sticky, adaptive to queue lengths.
// Leaves out: user-written partitioners; the partitioner of clients before 3.3 (KIP-480).
// Source: org.apache.kafka.clients.producer.internals.BuiltInPartitioner (KIP-794).

import type { Random } from '../../sim/random.ts'
import type { PartitionIndex } from '../ids.ts'

/** What the choice looks at: two lists side by side. */
export interface PartitionLoads {
  readonly partitions: readonly PartitionIndex[]
  /** Batches of each that wait in the producer; null: each partition is as good as any. */
  readonly queued: ArrayLike<number> | null
}

/** One topic's sticky partition: kept until about batch.size bytes went to it. */
export class StickyPartitioner {
  readonly topic: string
  private readonly batchSizeBytes: number
  private readonly random: Random
  private chosen: PartitionIndex | null = null
  private producedBytes = 0

  constructor(topic: string, batchSizeBytes: number, random: Random) {
    this.topic = topic
    this.batchSizeBytes = batchSizeBytes
    this.random = random
  }

  /**
   * The partition for the next record.
   * @param loads partitions with a leader, or all of them while none has one; at least one.
   */
  current(loads: () => PartitionLoads): PartitionIndex {
    this.chosen ??= this.choose(loads())
    return this.chosen
  }

  /** The partition in use, if one was chosen. */
  peek(): PartitionIndex | null {
    return this.chosen
  }

  /** It goes elsewhere between two batches. */
  get hasHadItsShare(): boolean {
    return this.producedBytes >= this.batchSizeBytes
  }

  /** The next record gets a new one. */
  forget(): void {
    this.chosen = null
    this.producedBytes = 0
  }

  /**
   * Counts bytes given to the current partition, and draws the next when it had its share: as
   * things are then, not when the next record comes. While its newest batch still fills, it may get
   * up to twice the share, so that no batch leaves half empty.
   */
  produced(bytes: number, newestBatchFull: boolean, loads: () => PartitionLoads): void {
    this.producedBytes += bytes
    const enough = this.hasHadItsShare && newestBatchFull
    if (!enough && this.producedBytes < 2 * this.batchSizeBytes) return
    this.chosen = this.choose(loads())
    this.producedBytes = 0
  }

  private choose({ partitions, queued }: PartitionLoads): PartitionIndex {
    if (queued === null) return this.random.pick(partitions)
    let longest = 0
    let sum = 0
    for (let i = 0; i < partitions.length; i++) {
      const length = queued[i] ?? 0
      sum += length
      if (length > longest) longest = length
    }
    const allAlike = sum === longest * partitions.length
    if (allAlike) return this.random.pick(partitions)
    // Weight: how much shorter its queue is than the longest, plus one.
    const weightMax = longest + 1
    let at = this.random.int(0, weightMax * partitions.length - sum - 1)
    for (let i = 0; i < partitions.length; i++) {
      at -= weightMax - (queued[i] ?? 0)
      if (at < 0) return partitions[i]
    }
    return this.random.pick(partitions)
  }
}
