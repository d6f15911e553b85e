// Models: a task of Replicator: it copies the partitions that it was given, but for records that
// come from where they would go, and reads the timestamps of groups.
// Leaves out: converters; pausing of single partitions.
// Source: io.confluent.connect.replicator.ReplicatorSourceTask, as Confluent's docs and its log
// describe it.

import type { ConsumerConfig } from '../../kafka/clients/consumer-config.ts'
import type { ConsumerObserver } from '../../kafka/clients/consumer-observer.ts'
import type { GroupSettings } from '../../kafka/clients/group/group-settings.ts'
import type { StartPosition } from '../../kafka/clients/subscription-state.ts'
import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { ChannelOptions } from '../../kafka/network/channel-options.ts'
import type { ReplicatorSettings } from '../../kafka/settings/modelled.ts'
import { invariant } from '../../sim/invariant.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import { AssignedSource } from '../assigned-source.ts'
import type { ClusterPort } from '../cluster-port.ts'
import type { SourceOffsets } from '../connect/source-offsets.ts'
import type { PolledRecords, SourceTask } from '../connect/worker-source-task.ts'
import { type RecordKeys, runsByKey } from '../record-keys.ts'
import { type SourceSlice, sliceOf } from '../source-slice.ts'
import { type ConsumerTimestamp, isConsumerTimestamp } from './consumer-timestamps.ts'
import type { OffsetTranslator } from './offset-translator.ts'
import type { Provenance } from './provenance.ts'
import { CONSUMER_TIMESTAMPS, type ReplicatedTopics } from './replicated-topics.ts'

/** Nothing is said of how long one poll waits. */
const POLL_TIMEOUT_MS = 1_000

export interface ReplicatorTaskOptions {
  readonly process: Process
  readonly network: Network
  readonly source: ClusterPort
  readonly target: ClusterPort
  readonly settings: ReplicatorSettings
  readonly topics: ReplicatedTopics
  readonly keys: RecordKeys
  readonly provenance: Provenance
  readonly partitions: readonly PartitionIndex[]
  /** Where each partition has come to, as Connect remembers it. */
  readonly committed: SourceOffsets
  readonly consumer: ConsumerConfig
  /** Its own group at the source, which has no members. */
  readonly group: GroupSettings
  readonly channel: Partial<ChannelOptions>
  readonly onSeek?: ConsumerObserver['onSeek']
}

/** What a task does beside copying. */
export interface TaskHelpers {
  readonly translator: OffsetTranslator
  /** Of its own group; null with offset.timestamps.commit false. */
  readonly timestamps: { write(timestamp: ConsumerTimestamp): void; close(): void } | null
}

/** How far a partition is copied. */
/** Of one partition, for the position and the timestamp of its own group. */
interface Progress {
  readonly next: Offset
  readonly timestampMs: number
}

/**
 * Offsets of its own group at the source are for onlookers, unless offset.start is consumer. That
 * is meant for two Replicators that copy in both directions: after a failback the one that comes to
 * life begins where its group was translated to, and not where Connect remembers it.
 *
 * Made by the worker at each start of the task; its helpers are its own and end with it.
 */
export class ReplicatorSourceTask implements SourceTask {
  readonly #options: ReplicatorTaskOptions
  readonly #helpers: TaskHelpers
  readonly #onPolled: (records: readonly PolledRecords[]) => void
  readonly #source: AssignedSource
  /** Copied since the last commit. */
  #copied = new Map<PartitionIndex, Progress>()
  /** Timestamps of what is under way, by partition, in the order of the log. */
  readonly #underWay = new Map<PartitionIndex, { to: Offset; timestampMs: number }[]>()

  constructor(
    options: ReplicatorTaskOptions,
    helpers: TaskHelpers,
    onPolled: (records: readonly PolledRecords[]) => void,
  ) {
    const { process, network, source, consumer, channel, group, onSeek } = options
    this.#options = options
    this.#helpers = helpers
    this.#onPolled = onPolled
    this.#source = new AssignedSource({
      ...{ process, network, cluster: source, config: consumer, channel, group },
      ...(onSeek === undefined ? {} : { onSeek }),
      assignments: options.partitions.map((partition) => {
        return { partition, start: this.#startOf(partition) }
      }),
    })
  }

  #startOf(partition: PartitionIndex): StartPosition {
    const { settings, committed, source } = this.#options
    // Nothing of these goes to the destination, so Connect has no offsets of them.
    if (source.topics.topicOf(partition) === CONSUMER_TIMESTAMPS) return 'earliest'
    if (settings['offset.start'] === 'consumer') return 'committed'
    const last = committed.get(partition)
    return last === undefined ? null : last + 1
  }

  /** Timestamps of consumers go to the translator and are not handed on. */
  poll(): void {
    this.#source.poll(POLL_TIMEOUT_MS, (slices) => {
      this.#onPolled(slices.flatMap((slice) => this.#take(slice)))
    })
  }

  #take(slice: SourceSlice): PolledRecords[] {
    const topic = this.#options.source.topics.topicOf(slice.partition)
    if (topic !== CONSUMER_TIMESTAMPS) return this.#recordsOf(slice, topic)
    for (const value of slice.values ?? []) {
      invariant(isConsumerTimestamp(value), 'the timestamps topic holds timestamps')
      this.#helpers.translator.add(value)
    }
    return []
  }

  #recordsOf(slice: SourceSlice, topic: string): PolledRecords[] {
    const { settings, source, target, topics, provenance } = this.#options
    const to = topics.destination(topic)
    if (!settings['provenance.header.enable']) return this.#sent(slice, to)
    const allowed = provenance.allowed({ cluster: target.name, topic: to }, slice.ids)
    return allowed.flatMap(({ skip, range }) => {
      provenance.stamp({ cluster: source.name, topic }, [range])
      return this.#sent(sliceOf(slice, skip, range.count), to)
    })
  }

  #sent(slice: SourceSlice, topic: string): PolledRecords[] {
    const { partition, from, count, payloadBytes, compressionRatio, ids, values } = slice
    // One timestamp a slice, of its last record: it counts once all of the slice has arrived.
    const last = ids.at(-1)?.createdLast ?? 0
    const queue = this.#underWay.get(partition) ?? []
    this.#underWay.set(partition, queue)
    queue.push({ to: from + count, timestampMs: Math.floor(last / 1_000) })
    const { settings, source, target, keys } = this.#options
    if (settings['topic.preserve.partitions']) {
      const to = { topic, partition: source.topics.numberOf(partition) }
      return [
        {
          partition,
          from,
          count,
          target: to,
          records: { payloadBytes, compressionRatio, ids, values },
        },
      ]
    }
    // Not preserved: the key decides by the number of partitions there, and equal keys stay
    // together.
    const partitions = target.topics.partitionsOf(topic).length
    return runsByKey(keys, ids, topic, partitions).map((run) => {
      const part = sliceOf(slice, run.skip, run.count)
      const records = { payloadBytes, compressionRatio, ids: part.ids, values: part.values }
      return { partition, from: part.from, count: part.count, target: run.target, records }
    })
  }

  // ---- offsets ----------------------------------------------------------------------------------

  /** Notes the time of the last record copied, for its own group's timestamp. */
  recordsCopied(
    partition: PartitionIndex,
    upstream: Offset,
    _downstream: Offset,
    count: number,
  ): void {
    const next = upstream + count
    const queue = this.#underWay.get(partition) ?? []
    let timestampMs = this.#copied.get(partition)?.timestampMs ?? 0
    while (queue[0] !== undefined && queue[0].to <= next) {
      timestampMs = queue.shift()?.timestampMs ?? timestampMs
    }
    this.#copied.set(partition, { next, timestampMs })
  }

  /** Its own group says at the source how far it has come. */
  committed(): void {
    const { settings, group, source } = this.#options
    const copied = this.#copied
    this.#copied = new Map()
    if (!settings['offset.topic.commit'] || copied.size === 0) return
    this.#source.commit(new Map([...copied].map(([partition, { next }]) => [partition, next])))
    for (const [partition, { timestampMs }] of copied) {
      if (timestampMs === 0) continue
      const topic = source.topics.topicOf(partition)
      const number = source.topics.numberOf(partition)
      this.#helpers.timestamps?.write({ group: group.group, topic, number, timestampMs })
    }
  }

  /** Its translator and its writer of timestamps are closed with it. */
  close(): void {
    this.#source.close()
    this.#helpers.translator.close()
    this.#helpers.timestamps?.close()
  }
}
