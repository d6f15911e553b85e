// Models: how the checkpoint task reads MirrorMaker's own topics back: from the beginning to the
// end, and the offset syncs from then on.
// Leaves out: what compaction has removed; reading all of it gives the same.
// Source: CheckpointStore.readCheckpoints, OffsetSyncStore (connect.util.KafkaBasedLog).

import { invariant } from '../../sim/invariant.ts'
import type { ClusterPort } from '../cluster-port.ts'
import type { WorkerContext } from '../connect/connector.ts'
import { TopicLog } from '../connect/topic-log.ts'
import { WorkerAdmin } from '../connect/worker-admin.ts'
import type { Flow } from './flow.ts'
import {
  type CheckpointRecord,
  type CheckpointTopics,
  isCheckpoint,
  type TopicReader,
} from './mirror-checkpoint-task.ts'
import { isOffsetSync, type OffsetSync } from './offset-sync.ts'

/**
 * Given to a checkpoint task by its worker. The state of the task is in these two topics, so that
 * it can start anywhere: from its own checkpoints it knows how far it has carried each group, from
 * the pairs how to go on. Neither reading fails: what cannot be read is tried again until its
 * reader is closed.
 */
export class FlowTopics implements CheckpointTopics {
  readonly #flow: Flow
  readonly #context: WorkerContext

  constructor(flow: Flow, context: WorkerContext) {
    this.#flow = flow
    this.#context = context
  }

  /** From the target. The answer closes the reading; until then new records are heard as well. */
  readCheckpoints(
    onRecord: (checkpoint: CheckpointRecord) => void,
    onEnd: (isRead: boolean) => void,
  ): TopicReader {
    const { target, checkpointsTopic, settings } = this.#flow
    const factor = settings['checkpoints.topic.replication.factor']
    return this.#read(
      target,
      checkpointsTopic,
      factor,
      (value) => {
        invariant(isCheckpoint(value), 'the checkpoints topic holds checkpoints')
        onRecord(value)
      },
      // Before KAFKA-15905 a task began without its checkpoints, as one does now that cannot read
      // them: what it had translated is unknown, so that older syncs could take a group back.
      () => onEnd(this.#flow.guards.keepsSyncsOverRestart),
    )
  }

  /** From the source or the target, wherever offset-syncs.topic.location puts them. */
  readSyncs(onSync: (sync: OffsetSync) => void, onEnd: () => void): TopicReader {
    const { syncsCluster, syncsTopic, settings } = this.#flow
    const factor = settings['offset-syncs.topic.replication.factor']
    return this.#read(
      syncsCluster,
      syncsTopic,
      factor,
      (value) => {
        invariant(isOffsetSync(value), 'the offset-syncs topic holds offset syncs')
        onSync(value)
      },
      onEnd,
    )
  }

  #read(
    cluster: ClusterPort,
    name: string,
    replicationFactor: number,
    onRecord: (value: object) => void,
    onEnd: () => void,
  ): TopicReader {
    const { process, network } = this.#context
    const admin = new WorkerAdmin(process, network, cluster)
    // Made here where the task comes before its connector has: Kafka's task waits 30 s for it, and
    // then never reads it. One partition: what was written later must be read later, whichever
    // group or partition it is about.
    const topic = {
      name,
      partitions: 1,
      replicationFactor,
      configs: { 'cleanup.policy': 'compact' },
    }
    const { recordIds } = this.#flow
    const log = new TopicLog({ process, network, cluster, admin, recordIds, topic, onRecord })
    log.start(onEnd)
    return {
      close: () => {
        log.close()
        admin.close()
      },
    }
  }
}
