// Models: what replicators without Connect have in common: a process of consumers in one group of
// the source, each polled by a thread of its own, and one producer at the target for all.
// Leaves out: what a thread does from poll to commit (mirror-maker-stream.ts, brooklin-task.ts).
// Source: kafka.tools.MirrorMaker, com.linkedin.datastream.connectors.kafka.mirrormaker.

import { Consumer, type ConsumerOptions } from '../kafka/clients/consumer.ts'
import type { GroupSettings } from '../kafka/clients/group/group-settings.ts'
import { KafkaProducer } from '../kafka/clients/kafka-producer.ts'
import type { ProducerClientOptions } from '../kafka/clients/producer-client.ts'
import type { SendOwner } from '../kafka/clients/send-queue.ts'
import type { Network } from '../sim/network.ts'
import type { Process } from '../sim/process.ts'
import type { ClusterPort } from './cluster-port.ts'
import type { RecordKeys } from './record-keys.ts'
import { type SourceSlice, slicesOf } from './source-slice.ts'

/** Where a thread reads, and as whom. */
export interface ThreadSource {
  readonly process: Process
  readonly network: Network
  readonly source: ClusterPort
  readonly consumer: Pick<ConsumerOptions, 'config' | 'group' | 'channel'>
}

/** What a process needs beside the options of its threads. */
export interface GroupMirrorOptions {
  readonly target: ClusterPort
  readonly keys: RecordKeys
  readonly consumer: Pick<ConsumerOptions, 'config' | 'channel'>
  /** Of all its consumers; each has a client.id of its own. */
  readonly group: GroupSettings
  readonly producer: Pick<ProducerClientOptions, 'config' | 'channel'>
  /** A thread has a place in the group. */
  onReady(): void
  /** Writes a line of the story. */
  tell(kind: string, text: string): void
}

/** The one producer of a process; `owner` hears what becomes of the records. */
export function targetProducer(
  options: Pick<GroupMirrorOptions, 'target' | 'producer'> &
    Pick<ThreadSource, 'process' | 'network'>,
  owner: SendOwner,
): KafkaProducer {
  const { process, network, target, producer } = options
  return new KafkaProducer(process, network, target.directory, {
    ...producer,
    topics: [],
    bootstrapNodes: target.bootstrapNodes,
    owner,
    observer: { onBatchDone: () => {} },
  })
}

/** What a thread's consumer tells it. */
export interface ThreadListener {
  onSlices(slices: readonly SourceSlice[]): void
  /** Partitions are about to go; the rebalance waits for `done`. */
  onRevoked(done: () => void): void
  onJoined(): void
  onGroupFailed?(error: string): void
}

/**
 * The consumer of one thread, in the group; the thread polls it. In a revocation it can still flush
 * and commit what it has; of partitions that are lost others may have taken over by then, so that
 * nothing of them is committed, and what was under way arrives twice.
 */
export function threadConsumer(
  { process, network, source, consumer }: ThreadSource,
  topics: ConsumerOptions['topics'],
  listener: ThreadListener,
): Consumer {
  return new Consumer(process, network, source.directory, {
    ...consumer,
    topics,
    assignments: [],
    bootstrapNodes: source.bootstrapNodes,
    polls: 'by-owner',
    observer: {
      onDelivered: (partition, batches, from, to) => {
        listener.onSlices(slicesOf(partition, batches, from, to))
      },
      onGroupFailed: (error) => listener.onGroupFailed?.(error),
    },
    listener: {
      onPartitionsRevoked: (_partitions, done) => listener.onRevoked(done),
      onPartitionsLost: () => {},
      onPartitionsAssigned: () => listener.onJoined(),
    },
  })
}
