// Models: a task of Mirus: it copies the partitions that it was given, and gives up where offsets
// could not be committed for long.
// Leaves out: converters, headers, metrics.
// Source: com.salesforce.mirus.MirusSourceTask.

import type { ConsumerConfig } from '../../kafka/clients/consumer-config.ts'
import type { ConsumerObserver } from '../../kafka/clients/consumer-observer.ts'
import type { PartitionIndex } from '../../kafka/ids.ts'
import type { ChannelOptions } from '../../kafka/network/channel-options.ts'
import type { MirusSettings } from '../../kafka/settings/modelled.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import { type Micros, millis } from '../../sim/time.ts'
import { AssignedSource } from '../assigned-source.ts'
import type { ClusterPort } from '../cluster-port.ts'
import type { SourceOffsets } from '../connect/source-offsets.ts'
import type { PolledRecords, SourceTask } from '../connect/worker-source-task.ts'
import { type RecordKeys, runsByKey } from '../record-keys.ts'
import { type SourceSlice, sliceOf } from '../source-slice.ts'
import { ReplayFilter } from './replay-filter.ts'
import { destinationTopic } from './topic-list.ts'

export interface MirusTaskOptions {
  readonly process: Process
  readonly network: Network
  readonly source: ClusterPort
  readonly target: ClusterPort
  readonly settings: MirusSettings
  readonly keys: RecordKeys
  readonly partitions: readonly PartitionIndex[]
  /** Where each partition has come to, as Connect remembers it. */
  readonly committed: SourceOffsets
  readonly consumer: ConsumerConfig
  /** auto.offset.reset is written, and says latest: only then what has no offset begins there. */
  readonly startsAtEnd: boolean
  readonly channel: Partial<ChannelOptions>
  readonly onSeek?: ConsumerObserver['onSeek']
}

/** The loop around the task. */
export interface MirusTaskListener {
  onPolled(records: readonly PolledRecords[]): void
  /** poll() throws: the task has failed. */
  fail(reason: string): void
}

/**
 * A partition that Connect remembers goes on behind its last committed record; any other begins at
 * the end only where the scenario says latest.
 */
export class MirusSourceTask implements SourceTask {
  readonly #options: MirusTaskOptions
  readonly #listener: MirusTaskListener
  readonly #source: AssignedSource
  /** null with replay.policy IGNORE. */
  readonly #replay: ReplayFilter | null
  /** The last commit, or the last time at which nothing was left to commit. */
  #committedAt: Micros | null = null
  /** The last poll that returned anything. */
  #newRecordsAt: Micros | null = null

  constructor(options: MirusTaskOptions, listener: MirusTaskListener) {
    const { partitions, committed, settings, onSeek } = options
    this.#options = options
    this.#listener = listener
    const filters = settings['replay.policy'] === 'FILTER'
    this.#replay = filters ? new ReplayFilter(settings['replay.window.records']) : null
    // Unlike the consumer's own reset, whose default is latest: see startsAtEnd.
    const start = options.startsAtEnd ? 'latest' : 'earliest'
    this.#source = new AssignedSource({
      ...{ process: options.process, network: options.network, cluster: options.source },
      ...{ config: options.consumer, channel: options.channel },
      ...(onSeek === undefined ? {} : { onSeek }),
      assignments: partitions.map((partition) => {
        const last = committed.get(partition)
        return { partition, start: last === undefined ? start : last + 1 }
      }),
    })
  }

  /** Fails the task where commits have failed for commit.failure.restart.ms. */
  poll(): void {
    if (this.#hasLongNotCommitted()) {
      this.#listener.fail('unable to commit offsets')
      return
    }
    this.#source.poll(this.#options.settings['poll.timeout.ms'], (slices) => this.#take(slices))
  }

  /**
   * Counted from commit to records, not to now: a task that has never committed, or that gets no
   * records, does not fail.
   */
  #hasLongNotCommitted(): boolean {
    if (this.#newRecordsAt === null || this.#committedAt === null) return false
    const limit = millis(this.#options.settings['commit.failure.restart.ms'])
    return this.#newRecordsAt - this.#committedAt >= limit
  }

  #take(slices: readonly SourceSlice[]): void {
    const { now } = this.#options.process
    if (slices.length > 0) this.#newRecordsAt = now
    else if (this.#isAllCommitted()) this.#committedAt = now
    this.#listener.onPolled(slices.flatMap((slice) => this.#recordsOf(slice)))
  }

  /** Idle time does not count as time without a commit. */
  #isAllCommitted(): boolean {
    if (this.#newRecordsAt === null || this.#committedAt === null) return false
    return this.#newRecordsAt <= this.#committedAt
  }

  #recordsOf(slice: SourceSlice): PolledRecords[] {
    const kept = this.#afterReplay(slice)
    if (kept === null) return []
    const { settings, source, target, keys } = this.#options
    const { partition, from, payloadBytes, compressionRatio, ids, values } = kept
    const topic = destinationTopic(settings, source.topics.topicOf(partition))
    const whole = {
      partition,
      from,
      count: kept.count,
      records: { payloadBytes, compressionRatio, ids, values },
    }
    if (settings['enable.partition.matching']) {
      return [{ ...whole, target: { topic, partition: source.topics.numberOf(partition) } }]
    }
    const partitions = target.topics.partitionsOf(topic).length
    return runsByKey(keys, ids, topic, partitions).map((run) => {
      const part = sliceOf(kept, run.skip, run.count)
      const records = { payloadBytes, compressionRatio, ids: part.ids, values: part.values }
      return { partition, from: part.from, count: part.count, target: run.target, records }
    })
  }

  #afterReplay(slice: SourceSlice): SourceSlice | null {
    if (this.#replay === null) return slice
    const { partition, from, count } = slice
    const kept = this.#replay.take(partition, { from, to: from + count })
    return kept === null ? null : sliceOf(slice, kept.from - from, kept.to - kept.from)
  }

  /** Nothing is translated. */
  recordsCopied(): void {
    // Nothing is told of offsets: groups have no place at the destination.
  }

  /** Its time without a commit counts anew. */
  committed(): void {
    this.#committedAt = this.#options.process.now
  }

  /** Its consumer is closed. */
  close(): void {
    this.#source.close()
  }
}
