// Models: one topic's sticky partition as send() sees it: chosen between batches, by queue lengths.
// Leaves out: nothing.
// Source: producer.internals.RecordAccumulator (append, partitionReady).

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
  private readonly isAdaptive: boolean
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
  /** So many partitions of the topic have had batches: all of them. */
  private used = 0

  /** @param isAdaptive partitioner.adaptive.partitioning.enable */
  constructor(
    partitioner: StickyPartitioner,
    accumulator: Accumulator,
    metadata: ClientMetadata,
    isAdaptive: boolean,
  ) {
    this.partitioner = partitioner
    this.accumulator = accumulator
    this.metadata = metadata
    this.isAdaptive = isAdaptive
  }

  /** The partition in use, if one was chosen. */
  peek(): PartitionIndex | null {
    return this.partitioner.peek()
  }

  /** Whether the next record goes elsewhere, and where is drawn when it comes. */
  get isLeaving(): boolean {
    const { partitioner, accumulator } = this
    const chosen = partitioner.peek()
    if (chosen === null || !partitioner.hasHadItsShare) return false
    const { newest } = accumulator.queueOf(chosen)
    return newest === null || newest.isFull
  }

  /** The partition for the next record; null while the topic is not known. */
  next(): PartitionIndex | null {
    const { partitioner, accumulator } = this
    if (this.known().length === 0) return null
    const { newest } = accumulator.queueOf(partitioner.current(this.loads))
    // Between two batches is the moment to go elsewhere, once this partition had its share.
    if (newest === null || newest.isFull) partitioner.produced(0, true, this.loads)
    return partitioner.current(this.loads)
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
    this.version = -1
    this.used = 0
  }

  /** Counts bytes given to the partition in use. */
  produced(bytes: number, newestBatchFull: boolean): void {
    this.partitioner.produced(bytes, newestBatchFull, this.loads)
  }

  /**
   * Partitions with a leader, or all of them while none has one. Lengths of queues count once each
   * partition had a batch; of queues that wait for a slow node none is chosen, unless all do.
   */
  private readonly loads = (): PartitionLoads => {
    const { metadata } = this
    const all = this.known()
    if (this.leadersVersion !== metadata.leadersVersion) this.listLed(all)
    const { partitions } = this
    if (!this.isAdaptive || !this.haveAllHadBatches(all)) return { partitions, queued: null }
    this.countQueued()
    return this.withoutSlow() ?? { partitions, queued: this.queued }
  }

  private listLed(all: readonly PartitionIndex[]): void {
    const { places, metadata } = this
    const led = all.filter((partition) => metadata.leaderOf(partition) >= 0)
    this.partitions = led.length > 0 ? led : all
    this.queued = new Int32Array(this.partitions.length)
    places.fill(-1)
    for (const [place, partition] of this.partitions.entries()) places[partition] = place
    this.leadersVersion = metadata.leadersVersion
  }

  private haveAllHadBatches(all: readonly PartitionIndex[]): boolean {
    if (this.used === all.length) return true
    if (!all.every((partition) => this.accumulator.hasQueue(partition))) return false
    this.used = all.length
    return true
  }

  private countQueued(): void {
    this.queued.fill(0)
    for (const queue of this.accumulator.listed) {
      const place = this.places[queue.partition] ?? -1
      if (place >= 0) this.queued[place] = queue.batches.length
    }
  }

  /** null where no queue waits for a slow node; where all do each partition is as good as any. */
  private withoutSlow(): PartitionLoads | null {
    const { partitions, queued, accumulator, metadata } = this
    const { latencies } = accumulator
    const isSlow = (partition: PartitionIndex, place: number) =>
      (queued[place] ?? 0) > 0 && latencies.isSlow(metadata.leaderOf(partition))
    if (!partitions.some(isSlow)) return null
    const quick = partitions.filter((partition, place) => !isSlow(partition, place))
    if (quick.length === 0) return { partitions, queued: null }
    const lengths = quick.map((partition) => queued[this.places[partition] ?? 0] ?? 0)
    return { partitions: quick, queued: lengths }
  }
}
