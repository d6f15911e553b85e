// Models: an application that translates its group's offsets by itself, from the checkpoints topic.
// Leaves out: hops over several clusters; metadata of commits.
// Source: RemoteClusterUtils.translateOffsets, MirrorClient.remoteConsumerOffsets.

import { Consumer } from '../../kafka/clients/consumer.ts'
import { CONSUMER_DEFAULTS } from '../../kafka/clients/consumer-config.ts'
import type { Offset, PartitionIndex } from '../../kafka/ids.ts'
import type { RecordBatch } from '../../kafka/messages.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import { type Micros, MS } from '../../sim/time.ts'
import type { ClusterPort } from '../cluster-port.ts'
import { WorkerAdmin } from '../connect/worker-admin.ts'
import type { Checkpoint } from './checkpoint-store.ts'

/** What a client must know of a flow: RemoteClusterUtils is given the same properties. */
export interface TranslatedFlow {
  readonly target: ClusterPort
  readonly checkpointsTopic: string
  /** The copy of a partition of the source; null where there is none. */
  copyOf(partition: PartitionIndex): PartitionIndex | null
}

type Translated = ReadonlyMap<PartitionIndex, Offset>

/**
 * Reads the checkpoints topic from its beginning to where it ends now: no service of MirrorMaker is
 * asked, and a flow that has stopped can still be translated. What was read when `timeout`
 * is over counts, as with Kafka's own: a slow link gives fewer offsets, and no error.
 * @param onDone hears the offsets by partition of the target
 */
export function translateOffsets(
  process: Process,
  network: Network,
  flow: TranslatedFlow,
  group: string,
  timeout: Micros,
  onDone: (offsets: Translated) => void,
): void {
  const { target, checkpointsTopic: topic } = flow
  const [partition] = target.topics.partitionsOf(topic)
  const offsets = new Map<PartitionIndex, Offset>()
  if (partition === undefined) {
    onDone(offsets)
    return
  }
  const admin = new WorkerAdmin(process, network, target)
  // The end is asked for while the topic is read already: whichever comes last completes it.
  let end: Offset | null = null
  let position: Offset = 0
  const finish = (): void => {
    timer.cancel()
    admin.close()
    consumer.stop()
    onDone(offsets)
  }
  const timer = process.timer(finish)
  const reached = (to: Offset): void => {
    position = Math.max(position, to)
    if (end !== null && position >= end && timer.armed) finish()
  }
  const consumer = new Consumer(process, network, target.directory, {
    config: { ...CONSUMER_DEFAULTS, autoOffsetReset: 'earliest' },
    topics: [topic],
    assignments: [{ partition, start: null }],
    bootstrapNodes: target.bootstrapNodes,
    observer: {
      onDelivered: (_partition, batches, _from, to) => {
        for (const checkpoint of checkpointsOf(batches, group)) {
          const copy = flow.copyOf(checkpoint.partition)
          // Later ones replace earlier ones: the last checkpoint of a partition is what counts.
          if (copy !== null) offsets.set(copy, checkpoint.downstream)
        }
        reached(to)
      },
      onSeek: (_partition, _from, to) => reached(to),
    },
  })
  timer.arm(Math.max(timeout, MS))
  admin.endOffsets(topic, (_error, ends) => {
    if (ends === null || !timer.armed) return
    end = ends.get(partition) ?? 0
    reached(position)
  })
}

function checkpointsOf(batches: readonly RecordBatch[], group: string): Checkpoint[] {
  const values: readonly object[] = batches.flatMap((batch) => batch.values ?? [])
  return values.filter(isCheckpoint).filter((checkpoint) => checkpoint.group === group)
}

function isCheckpoint(value: object): value is Checkpoint & { readonly group: string } {
  return 'group' in value && 'downstream' in value
}
