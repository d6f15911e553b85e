// Models: the task that copies partitions of a flow, and tells how offsets correspond.
// Leaves out: metrics; records that fail to be sent (the producer tries for ever).
// Source: org.apache.kafka.connect.mirror.MirrorSourceTask, OffsetSyncWriter.

import type { ConsumerConfig } from '../../kafka/clients/consumer-config.ts'
import { KafkaProducer } from '../../kafka/clients/kafka-producer.ts'
import type { ProducerConfig } from '../../kafka/clients/producer-config.ts'
import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { ChannelOptions } from '../../kafka/network/channel-options.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { AssignedSource } from '../assigned-source.ts'
import type { SourceOffsets } from '../connect/source-offsets.ts'
import type { PolledRecords, SourceTask } from '../connect/worker-source-task.ts'
import type { SourceSlice } from '../source-slice.ts'
import type { Flow } from './flow.ts'
import type { OffsetSync } from './offset-sync.ts'
import { OffsetSyncWriter } from './offset-sync-writer.ts'

/** Key and value of an offset sync: topic, partition, two offsets. */
const SYNC_BYTES = 60
/** Of a producer's close() without a time-out. */
const FOREVER_MS = 2_147_483_647

/** Hears what the tasks of a flow get from their consumers, for whoever measures it. */
export interface PollObserver {
  onPolled(records: SourceSlice): void
}

/** What a task's own clients are made of. */
export interface TaskClients {
  readonly process: Process
  readonly network: Network
  /** Of the consumer of records, which assigns itself its partitions: no group at the source. */
  readonly consumer: ConsumerConfig
  readonly consumerChannel: Partial<ChannelOptions>
  /** Of the producer of offset syncs, not of the records. */
  readonly producer: ProducerConfig
  readonly producerChannel: Partial<ChannelOptions>
  readonly observer?: PollObserver | undefined
}

/** Hears what a task does: the loop around it. */
export interface TaskListener {
  onPolled(records: readonly PolledRecords[]): void
}

/**
 * Copies records and notes pairs of offsets now and then; which pairs, offset.lag.max decides.
 *
 * A record and its pair go different ways, to different clusters by default: the record to the
 * target, its pair to the offset-syncs topic at the source. So a pair may be lost or late though
 * its record arrived, and a group is then translated by an older one: it reads more records again.
 * The other way round nothing can happen, for the pair is sent when the record is acknowledged.
 *
 * Made by the worker at each start of the task; the loop around it polls, sends and closes it.
 */
export class MirrorSourceTask implements SourceTask, Checked {
  readonly #flow: Flow
  readonly #listener: TaskListener
  readonly #source: AssignedSource
  readonly #process: Process
  readonly #observer: PollObserver | undefined
  /** null where emit.offset-syncs.enabled is false. */
  readonly #syncs: OffsetSyncWriter | null
  readonly #syncProducer: KafkaProducer | null
  #isClosed = false

  /**
   * Begins where `committed` ends, and at the beginning of what it does not name: Connect keeps the
   * offset of the last record, so that it goes on one behind.
   */
  constructor(
    flow: Flow,
    partitions: readonly PartitionIndex[],
    committed: SourceOffsets,
    clients: TaskClients,
    listener: TaskListener,
  ) {
    this.#flow = flow
    this.#listener = listener
    this.#process = clients.process
    this.#observer = clients.observer
    const { settings, guards, source } = flow
    const isTelling = settings['emit.offset-syncs.enabled']
    this.#syncs = isTelling ? new OffsetSyncWriter(guards, settings['offset.lag.max']) : null
    this.#syncProducer = isTelling ? this.#newSyncProducer(clients) : null
    this.#source = new AssignedSource({
      ...{ process: clients.process, network: clients.network, cluster: source },
      ...{ config: clients.consumer, channel: clients.consumerChannel },
      assignments: partitions.map((partition) => {
        const last = committed.get(partition)
        return { partition, start: last === undefined ? null : last + 1 }
      }),
    })
    this.#process.memory.add(this)
  }

  /**
   * A producer of its own: offset syncs may go to another cluster than the records do
   * (offset-syncs.topic.location), and must not wait behind them.
   */
  #newSyncProducer({ process, network, producer, producerChannel }: TaskClients): KafkaProducer {
    const { syncsCluster, syncsTopic } = this.#flow
    return new KafkaProducer(process, network, syncsCluster.directory, {
      config: producer,
      topics: [syncsTopic],
      bootstrapNodes: syncsCluster.bootstrapNodes,
      channel: producerChannel,
      owner: { onSettled: () => this.#onSyncSettled() },
      observer: { onBatchDone: () => {} },
    })
  }

  // ---- polling ----------------------------------------------------------------------------------

  /**
   * Waits for records for consumer.poll.timeout.ms, then gives what there is. A source that is out
   * of reach gives nothing, again and again: the task runs on, and nobody is told of a failure.
   */
  poll(): void {
    this.#source.poll(this.#flow.settings['consumer.poll.timeout.ms'], (slices) => {
      for (const slice of slices) this.#observer?.onPolled(slice)
      this.#listener.onPolled(slices.map((slice) => this.#recordsOf(slice)))
    })
  }

  /** To the same partition of the topic with the flow's name for it. */
  #recordsOf({
    partition,
    from,
    count,
    payloadBytes,
    compressionRatio,
    ids,
    values,
  }: SourceSlice): PolledRecords {
    const { topics } = this.#flow.source
    const topic = this.#flow.remoteTopic(topics.topicOf(partition))
    const target = { topic, partition: topics.numberOf(partition) }
    return {
      partition,
      from,
      count,
      target,
      records: { payloadBytes, compressionRatio, ids, values },
    }
  }

  // ---- offset syncs -----------------------------------------------------------------------------

  /** Each pair of offsets may become a sync, which is sent at once where there is room. */
  recordsCopied(
    partition: PartitionIndex,
    upstream: Offset,
    downstream: Offset,
    count: number,
  ): void {
    this.#syncs?.queueRun(partition, upstream, downstream, count, () => this.#fire())
  }

  /** A flush may end after the task has been closed; its producer takes nothing more then. */
  committed(): void {
    if (this.#isClosed) return
    this.#syncs?.promoteDelayed()
    this.#fire()
  }

  /** As many as the limit of unacknowledged ones leaves room for. */
  #fire(): void {
    for (const sync of this.#syncs?.fire() ?? []) this.#sendSync(sync)
  }

  /** Always to partition 0: the topic has one, and its order is the order of the pairs. */
  #sendSync(sync: OffsetSync): void {
    const { syncsTopic, recordIds } = this.#flow
    const { now } = this.#process
    const range = {
      firstRecordId: recordIds.next(1),
      count: 1,
      createdFirst: now,
      createdLast: now,
    }
    this.#syncProducer?.send(
      { topic: syncsTopic, partition: 0 },
      { payloadBytes: SYNC_BYTES, compressionRatio: 1, ids: [range], values: [sync], tag: sync },
    )
  }

  /** Also one that failed makes room: its pair is lost, and a later one will tell more. */
  #onSyncSettled(): void {
    if (this.#isClosed) return
    this.#syncs?.acked()
    this.#fire()
  }

  /** The producer of syncs is closed as by default: what it has been given it still sends. */
  close(): void {
    this.#isClosed = true
    this.#source.close()
    this.#syncProducer?.close(FOREVER_MS)
    this.#process.memory.delete(this)
  }

  /** Its offset syncs are. */
  assertWhole(): void {
    this.#syncs?.assertWhole()
  }
}
