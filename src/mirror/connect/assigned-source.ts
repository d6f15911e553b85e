// Models: the consumer of a source task: assign(), where to begin, and what one poll returns.
// Leaves out: headers and keys, which travel with their records.
// Source: KafkaConsumer.assign and poll, as the source tasks of MirrorMaker 2, Mirus and Replicator
// call them.

import { Consumer } from '../../kafka/clients/consumer.ts'
import type { ConsumerConfig } from '../../kafka/clients/consumer-config.ts'
import type { ConsumerObserver } from '../../kafka/clients/consumer-observer.ts'
import type { Assignment } from '../../kafka/clients/subscription.ts'
import { type IdRange, idsOf, sliceRanges } from '../../kafka/id-ranges.ts'
import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { RecordBatch } from '../../kafka/messages.ts'
import type { ChannelOptions } from '../../kafka/network/channel-options.ts'
import { payloadBytesOf } from '../../kafka/network/sizes.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import type { ClusterPort } from '../cluster-port.ts'

/** Records of one batch of a source partition: offsets without a gap. */
export interface SourceSlice {
  readonly partition: PartitionIndex
  readonly from: Offset
  readonly count: number
  readonly payloadBytes: number
  readonly ids: readonly IdRange[]
  readonly values: readonly object[] | undefined
}

export interface AssignedSourceOptions {
  readonly process: Process
  readonly network: Network
  readonly cluster: ClusterPort
  readonly config: ConsumerConfig
  readonly channel: Partial<ChannelOptions>
  readonly assignments: readonly Assignment[]
  /** Hears of jumps of the position. */
  readonly onSeek?: ConsumerObserver['onSeek']
}

export class AssignedSource {
  readonly #consumer: Consumer
  #polled: SourceSlice[] = []
  #isClosed = false

  /** Build one in each incarnation of its process. */
  constructor(options: AssignedSourceOptions) {
    const { process, network, cluster, config, channel, assignments, onSeek } = options
    const observer: ConsumerObserver = {
      onDelivered: (partition, batches, from, to) => this.#take(partition, batches, from, to),
      ...(onSeek === undefined ? {} : { onSeek }),
    }
    this.#consumer = new Consumer(process, network, cluster.directory, {
      ...{ config, assignments, observer, channel },
      topics: [...new Set(assignments.map(({ partition }) => cluster.topics.topicOf(partition)))],
      bootstrapNodes: cluster.bootstrapNodes,
      polls: 'by-owner',
    })
  }

  /** Calls back with what max.poll.records allows, or with nothing when the time is over. */
  poll(timeoutMs: number, onPolled: (slices: readonly SourceSlice[]) => void): void {
    if (this.#isClosed) return
    this.#polled = []
    this.#consumer.poll(timeoutMs, () => {
      if (!this.#isClosed) onPolled(this.#polled)
    })
  }

  #take(
    partition: PartitionIndex,
    batches: readonly RecordBatch[],
    from: Offset,
    to: Offset,
  ): void {
    for (const batch of batches) {
      const first = Math.max(from, batch.baseOffset)
      const count = Math.min(to, batch.baseOffset + batch.count) - first
      if (count <= 0) continue
      const skip = first - batch.baseOffset
      this.#polled.push({
        ...{ partition, from: first, count, payloadBytes: payloadBytesOf(batch) },
        ids: idsOf(batch, first, first + count),
        values: batch.values?.slice(skip, skip + count),
      })
    }
  }

  /** Silent from now on. */
  close(): void {
    this.#isClosed = true
    this.#consumer.close()
  }
}

/** The `count` records of a slice that follow its first `skip`. */
export function sliceOf(slice: SourceSlice, skip: number, count: number): SourceSlice {
  if (skip === 0 && count === slice.count) return slice
  return {
    ...slice,
    from: slice.from + skip,
    count,
    ids: sliceRanges(slice.ids, skip, count),
    values: slice.values?.slice(skip, skip + count),
  }
}
