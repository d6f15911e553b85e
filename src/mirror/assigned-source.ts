// Models: the consumer of a source task: assign(), where to begin, and what one poll returns.
// Leaves out: headers and keys, which travel with their records.
// Source: KafkaConsumer.assign, seek and poll, as the source tasks of MirrorMaker 2, Mirus and
// Replicator and the threads of uReplicator call them.

import { Consumer } from '../kafka/clients/consumer.ts'
import type { ConsumerConfig } from '../kafka/clients/consumer-config.ts'
import type { ConsumerObserver } from '../kafka/clients/consumer-observer.ts'
import type { GroupSettings } from '../kafka/clients/group/group-settings.ts'
import type { Assignment } from '../kafka/clients/subscription.ts'
import { NO_EPOCH, type Offset, type PartitionIndex } from '../kafka/ids.ts'
import type { ChannelOptions } from '../kafka/network/channel-options.ts'
import type { Network } from '../sim/network.ts'
import type { Process } from '../sim/process.ts'
import type { ClusterPort } from './cluster-port.ts'
import { type SourceSlice, slicesOf } from './source-slice.ts'

export interface AssignedSourceOptions {
  readonly process: Process
  readonly network: Network
  readonly cluster: ClusterPort
  readonly config: ConsumerConfig
  readonly channel: Partial<ChannelOptions>
  readonly assignments: readonly Assignment[]
  /** Keeps offsets for it, without members; null or absent: none. */
  readonly group?: GroupSettings | null
  /** Hears of jumps of the position. */
  /** Of one poll: what its callback is given. */
  readonly onSeek?: ConsumerObserver['onSeek']
}

/**
 * A consumer without rebalances: whoever owns it says what it reads, and nobody else can take a
 * partition from it, or keep two owners from reading the same. Between two polls nothing is sent:
 * only what was asked for before still comes.
 */
export class AssignedSource {
  readonly #consumer: Consumer
  readonly #cluster: ClusterPort
  #polled: SourceSlice[] = []
  #isClosed = false

  /** Build one in each incarnation of its process. */
  constructor(options: AssignedSourceOptions) {
    const { process, network, cluster, config, channel, assignments, group, onSeek } = options
    const observer: ConsumerObserver = {
      onDelivered: (partition, batches, from, to) => {
        this.#polled.push(...slicesOf(partition, batches, from, to))
      },
      ...(onSeek === undefined ? {} : { onSeek }),
    }
    this.#cluster = cluster
    this.#consumer = new Consumer(process, network, cluster.directory, {
      ...{ config, assignments, observer, channel },
      topics: this.#topicsOf(assignments),
      bootstrapNodes: cluster.bootstrapNodes,
      polls: 'by-owner',
      ...(group == null ? {} : { group, assigns: 'by-owner' }),
    })
  }

  /** Replaces what it reads: what stays keeps its position, what is new begins as it says. */
  assign(assignments: readonly Assignment[]): void {
    this.#consumer.addTopics(this.#topicsOf(assignments))
    this.#consumer.assign(assignments)
  }

  #topicsOf(assignments: readonly Assignment[]): string[] {
    return [...new Set(assignments.map(({ partition }) => this.#cluster.topics.topicOf(partition)))]
  }

  /** Calls back with what max.poll.records allows, or with nothing when the time is over. */
  poll(timeoutMs: number, onPolled: (slices: readonly SourceSlice[]) => void): void {
    if (this.#isClosed) return
    this.#polled = []
    this.#consumer.poll(timeoutMs, () => {
      if (!this.#isClosed) onPolled(this.#polled)
    })
  }

  /** A poll under way returns with nothing more. */
  wakeup(): void {
    this.#consumer.wakeup()
  }

  /** commitAsync, for the group. */
  commit(offsets: ReadonlyMap<PartitionIndex, Offset>): void {
    if (this.#isClosed) return
    const commits = [...offsets].map(([partition, offset]) => {
      return { partition, offset, leaderEpoch: NO_EPOCH }
    })
    this.#consumer.commitAsync(commits)
  }

  /** Silent from now on. */
  close(): void {
    this.#isClosed = true
    this.#consumer.close()
  }
}
