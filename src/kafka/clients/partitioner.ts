// Models: the choice of a partition for records without keys: sticky, adaptive to queue lengths.
// Leaves out: partitioner.availability.timeout.ms (0 by default), user-written partitioners.
// Source: org.apache.kafka.clients.producer.internals.BuiltInPartitioner (KIP-794).

import type { Random } from '../../sim/random.ts'
import type { PartitionIndex } from '../ids.ts'

/** What the choice looks at. */
export interface PartitionLoad {
  readonly partition: PartitionIndex
  /** Batches of it that wait in the producer. */
  readonly queued: number
}

/** One topic's sticky partition: kept until about batch.size bytes went to it. */
export class StickyPartitioner {
  readonly topic: string
  private readonly batchSizeBytes: number
  private readonly adaptive: boolean
  private readonly random: Random
  private chosen: PartitionIndex | null = null
  private producedBytes = 0

  constructor(topic: string, batchSizeBytes: number, adaptive: boolean, random: Random) {
    this.topic = topic
    this.batchSizeBytes = batchSizeBytes
    this.adaptive = adaptive
    this.random = random
  }

  /**
   * The partition for the next record.
   * @param loads partitions with a leader, or all of them while none has one; at least one.
   */
  current(loads: () => readonly PartitionLoad[]): PartitionIndex {
    this.chosen ??= this.choose(loads())
    return this.chosen
  }

  /** The partition in use, if one was chosen. */
  peek(): PartitionIndex | null {
    return this.chosen
  }

  /**
   * Counts bytes given to the current partition and lets go of it when it had its share. While its
   * newest batch still fills, it may get up to twice the share, so that no batch leaves half empty.
   */
  produced(bytes: number, newestBatchFull: boolean): void {
    this.producedBytes += bytes
    const enough = this.producedBytes >= this.batchSizeBytes && newestBatchFull
    if (!enough && this.producedBytes < 2 * this.batchSizeBytes) return
    this.chosen = null
    this.producedBytes = 0
  }

  private choose(loads: readonly PartitionLoad[]): PartitionIndex {
    const longest = loads.reduce((most, load) => Math.max(most, load.queued), 0)
    if (!this.adaptive || loads.every((load) => load.queued === longest))
      return this.random.pick(loads).partition
    // Weight: how much shorter its queue is than the longest, plus one.
    const total = loads.reduce((sum, load) => sum + longest + 1 - load.queued, 0)
    let at = this.random.int(0, total - 1)
    for (const load of loads) {
      at -= longest + 1 - load.queued
      if (at < 0) return load.partition
    }
    return this.random.pick(loads).partition
  }
}
